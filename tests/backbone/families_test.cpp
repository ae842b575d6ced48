#include <algorithm>
#include <limits>

#include <nlohmann/json.hpp>

#include "backbone/run_in_parts.hpp"
#include "checkpoint_files.hpp"
#include "fixture_folders.hpp"
#include "patchead/backbone/backbone.hpp"
#include "patchead/core/files.hpp"

namespace patchead {
namespace {

using test::expect_words;
using test::message_of;

/// A golden checkpoint of a family, to be spoilt.
struct Golden {
    const char* family;
    const char* folder;
    std::vector<std::string> not_needed;  ///< Parts of keys that may be missing.
};

std::ostream& operator<<(std::ostream& out, const Golden& golden) { return out << golden.family; }

class GoldenCheckpoint : public testing::TestWithParam<Golden> {
  protected:
    GoldenCheckpoint() : folder_(test::golden_folder() / GetParam().folder) {
        const auto checkpoint = read_checkpoint(folder_ / "weights.safetensors");
        for (const auto& [key, view] : checkpoint.tensors) {
            const auto tensor = to_tensor(view);
            if (tensor.is_floating_point()) {
                tensors_[checkpoint.prefix + key] = tensor.to(at::kFloat);
            }
        }
        const auto config = nlohmann::json::parse(read_text(folder_ / "config.json"));
        options_.overrides["heads"] = config.at("num_heads").dump();
        options_.overrides["depth"] = config.at("depth").dump();
    }

    std::unique_ptr<const Backbone> load() {
        const auto path = scratch_.write("spoilt.safetensors", test::safetensors(tensors_));
        return load_backbone(GetParam().family, path, options_);
    }

    std::string refusal() {
        return message_of<WeightsError>([&] { return load(); });
    }

    std::filesystem::path folder_;
    test::TemporaryFolder scratch_;
    test::Tensors tensors_;
    LoadOptions options_;
};

bool needed(const Golden& golden, const std::string& key) {
    return std::ranges::none_of(golden.not_needed,
                                [&](const auto& part) { return key.find(part) != key.npos; });
}

TEST_P(GoldenCheckpoint, LoadsWhole) {
    const auto info = load()->info();
    EXPECT_EQ(info.family, GetParam().family);
    EXPECT_EQ(info.layout, "official");
    EXPECT_EQ(info.width, info.dim);
    EXPECT_EQ(std::to_string(info.depth), options_.overrides["depth"]);
}

TEST_P(GoldenCheckpoint, WithoutAnyOneKeyIsRefused) {
    const auto whole = tensors_;
    int refused = 0;
    for (const auto& [key, tensor] : whole) {
        if (!needed(GetParam(), key)) { continue; }
        SCOPED_TRACE(key);
        tensors_ = whole;
        tensors_.erase(key);
        expect_words(refusal(), {"spoilt.safetensors", "'", "; "});
        ++refused;
    }
    EXPECT_GT(refused, 20);
}

TEST_P(GoldenCheckpoint, WithATransposedMatrixIsRefusedByItsKey) {
    const auto whole = tensors_;
    for (const auto& [key, tensor] : whole) {
        const bool oblong = tensor.dim() == 2 && tensor.size(0) != tensor.size(1);
        if (!oblong || !needed(GetParam(), key)) { continue; }
        SCOPED_TRACE(key);
        tensors_ = whole;
        tensors_[key] = tensor.t();
        expect_words(refusal(), {"spoilt.safetensors", "expected ["});
    }
}

TEST_P(GoldenCheckpoint, WithNaNIsRefusedByItsKey) {
    const auto whole = tensors_;
    for (const auto& [key, tensor] : whole) {
        if (!needed(GetParam(), key)) { continue; }
        tensors_ = whole;
        tensors_[key] = tensor.clone();
        tensors_[key].flatten()[-1] = std::numeric_limits<float>::quiet_NaN();
        expect_words(refusal(), {"'" + key + "'", "NaN"});
    }
}

TEST_P(GoldenCheckpoint, WithALeftOverKeyIsRefusedByIt) {
    const auto prefix = tensors_.begin()->first.starts_with("visual.") ||
                                tensors_.contains("visual.class_embedding")
                            ? std::string("visual.")
                            : std::string();
    tensors_[prefix + "blocks.0.attn.gate"] = at::zeros({2});
    expect_words(refusal(), {"blocks.0.attn.gate'", "left over"});
}

TEST_P(GoldenCheckpoint, OfAnotherDepthIsRefused) {
    options_.overrides["depth"] = "7";
    expect_words(refusal(), {"blocks, expected 7"});
}

const std::vector<Golden> kGolden{
    {"open_clip", "open_clip/up_112x112", {}},
    {"beitv2", "beitv2/shared_norm_6x3_timm", {"mask_token", "lm_head."}},
    {"beitv2", "beitv2/perlayer_fcnorm_7x7_scipy", {"mask_token", "head."}},
    {"eva02", "eva02/ft_fcnorm_down_5x5_ref4", {"freqs_", "mask_token", "head."}},
    {"pe_spatial", "pe_spatial/interp_112x80", {}},
    // Without periods they are computed.
    {"dinov3", "dinov3/grid3x8_h4", {"mask_token", "rope_embed.periods"}},
};
INSTANTIATE_TEST_SUITE_P(Families, GoldenCheckpoint, testing::ValuesIn(kGolden));

TEST(FamilyOptions, HaveNamesAndValuesThatAreChecked) {
    const auto file = test::golden_folder() / "open_clip/up_112x112/weights.safetensors";
    const auto load = [&](const std::string& family, const std::string& name,
                          const std::string& value) {
        return message_of<ConfigError>([&] {
            return load_backbone(family, file, {"cpu", {{name, value}}});
        });
    };
    expect_words(load("open_clip", "token", "ln_post"), {"'token'", "did you mean 'tokens'"});
    expect_words(load("open_clip", "tokens", "preln"), {"'preln'", "did you mean 'pre_ln'"});
    expect_words(load("beitv2", "bias_resize", "x"), {"bias_resize", "timm, unilm, hf"});
    expect_words(load("dinov3", "periods", "fp64"), {"periods", "file, fp32, bf16"});
    expect_words(load("eva02", "rope_grid", "0"), {"rope_grid=0", "whole number"});
    expect_words(load("mae", "tokens", "ln_post"), {"'tokens'"});
}

TEST(FamilyOptions, AreInTheInfoWithTheirDefaults) {
    const auto file = test::golden_folder() / "open_clip/up_112x112/weights.safetensors";
    const LoadOptions plain{"cpu", {{"heads", "3"}}};
    const LoadOptions projected{"cpu", {{"heads", "3"}, {"tokens", "projected"}}};
    EXPECT_EQ(load_backbone("open_clip", file, plain)->info().options.at("tokens"), "ln_post");
    const auto info = load_backbone("open_clip", file, projected)->info();
    EXPECT_EQ(info.options.at("tokens"), "projected");
    EXPECT_EQ(info.width, 48);
    EXPECT_EQ(info.dim, 40);
}

TEST(Precision, IsCheckedBeforeTheFileIsRead) {
    expect_words(message_of<ConfigError>([] {
                     return load_backbone("mae", "none.pth", {"cpu", {}, "fp8"});
                 }),
                 {"'fp8'", "fp32, tf32, bf16, fp16"});
    expect_words(message_of<ConfigError>([] {
                     return load_backbone("mae", "none.pth", {"cpu", {}, "fp16"});
                 }),
                 {"fp16 on a CPU", "bf16"});
    expect_words(message_of<ConfigError>([] {
                     return load_backbone("mae", "none.pth", {"cpu", {}, "tf32"});
                 }),
                 {"tf32 on a CPU", "only GPUs", "use fp32"});
}

// On the golden image and the network that is shipped; docs/backbones.md has real images.
TEST(Precision, Bf16GivesNearlyTheSameFeatures) {
    const auto folder = test::golden_folder() / "patchead_tiny/224x224";
    const auto image = to_tensor(read_checkpoint(folder / "inputs.safetensors").tensors.at("image"))
                           .to(at::kFloat)
                           .contiguous();
    const auto file = folder / "weights.safetensors";
    const std::span<const float> pixels(image.data_ptr<float>(),
                                        static_cast<std::size_t>(image.numel()));
    const auto encode = [&](const std::string& precision) {
        const auto backbone = load_backbone("mae", file, {"cpu", {}, precision});
        auto result = backbone->encode(pixels, static_cast<int>(image.size(0)), 224, 224);
        return at::tensor(result.tokens).view({-1, result.dim});
    };
    const auto cosines = at::cosine_similarity(encode("fp32"), encode("bf16"), 1);
    EXPECT_GE(cosines.mean().item<double>(), 0.999);
    EXPECT_GE(cosines.min().item<double>(), 0.99);
    EXPECT_LT(cosines.mean().item<double>(), 0.9999999) << "bf16 was not used";
}

struct Exhausted {};

TEST(RunInParts, HalvesWhatDoesNotFitAndForgetsNoImage) {
    std::vector<int> times(11, 0);
    std::int64_t limit = 8;
    run_in_parts<Exhausted>(11, limit, [&](std::int64_t first, std::int64_t count) {
        if (count > 3) { throw Exhausted{}; }
        for (auto i = first; i < first + count; ++i) { ++times[static_cast<std::size_t>(i)]; }
    });
    EXPECT_EQ(limit, 2);
    EXPECT_EQ(times, std::vector<int>(11, 1));
}

TEST(RunInParts, GivesUpOnOneImage) {
    std::int64_t limit = 4;
    int tries = 0;
    const auto run = [&](std::int64_t, std::int64_t) {
        ++tries;
        throw Exhausted{};
    };
    EXPECT_THROW(run_in_parts<Exhausted>(5, limit, run), Exhausted);
    EXPECT_EQ(tries, 3);
}

}  // namespace
}  // namespace patchead
