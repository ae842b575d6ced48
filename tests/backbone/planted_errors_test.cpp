#include <functional>

#include <nlohmann/json.hpp>

#include "backbone/verify/fixture_options.hpp"
#include "checkpoint/networks.hpp"
#include "checkpoint_files.hpp"
#include "families/family.hpp"
#include "fixture_folders.hpp"
#include "kernel_trial.hpp"
#include "patchead/backbone/trial_network.hpp"
#include "patchead/backbone/verify.hpp"
#include "patchead/core/files.hpp"
#include "vit/vit_backbone.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

/// What a selftest takes for right in fp32.
constexpr double kRelativeTolerance = 1e-4;

fs::path selftest_folder() { return test::source_folder() / "configs/selftest"; }

NamedOptions options_of(const Family& family, const fs::path& folder) {
    const auto config = nlohmann::json::parse(read_text(folder / "config.json"));
    return complete(family, fixture_options(config));
}

/// The network of a family's fixture, spoilt by `plant`, on the fixture's input.
VerifyCase run_planted(const Family& family, const std::function<void(Vit&)>& plant) {
    const c10::InferenceMode inference;
    const auto folder = selftest_folder() / family.name;
    std::vector<Landmark> landmarks;
    for (const auto& layout : family.layouts) {
        landmarks.push_back({std::string(layout.marker), concat(layout.blocks, "0.")});
    }
    Weights weights(read_network(folder / "weights.safetensors", false, landmarks).checkpoint,
                    family.layouts);
    auto vit = build_vit(family, weights, options_of(family, folder));
    plant(vit);
    BackboneInfo info{.family = std::string(family.name),
                      .layout = "official",
                      .patch_px = vit.patch_px,
                      .width = vit.dim,
                      .dim = vit.output_dim(),
                      .depth = static_cast<int>(vit.blocks.size()),
                      .heads = vit.heads,
                      .layers = static_cast<int>(vit.blocks.size()),
                      .attention_heads = vit.attention_heads(),
                      .options = {}};
    const auto backbone = make_backbone(std::move(vit), std::move(info), {});
    return verify_encoder(folder, *backbone, "planted");
}

/// Difference in units of what is tolerated.
double excess(const VerifyCase& result) {
    EXPECT_EQ(result.error, "");
    return std::max(result.token_difference / result.token_scale, result.attention_difference) /
           kRelativeTolerance;
}

/// Exchanges the first two heads of the queries.
void swap_heads(Linear& qkv, std::int64_t channels) {
    const auto swap = [&](at::Tensor& rows) {
        const auto first = rows.narrow(0, 0, channels).clone();
        rows.narrow(0, 0, channels).copy_(rows.narrow(0, channels, channels));
        rows.narrow(0, channels, channels).copy_(first);
    };
    swap(qkv.weight);
    swap(qkv.bias);
}

class PlantedErrors : public testing::TestWithParam<const Family*> {};

TEST_P(PlantedErrors, NoneIsFoundWhereNoneIs) {
    const auto result = run_planted(*GetParam(), [](Vit&) {});
    EXPECT_LT(excess(result), 0.1);
    EXPECT_GT(result.token_cosine, 0.999999);
    EXPECT_EQ(result.digest.size(), 64U);
}

TEST_P(PlantedErrors, AWrongEpsilonInAnyNormIsFound) {
    const auto wrong = [](LayerNorm& norm) { norm.eps = norm.eps < 5e-6 ? 1e-5 : 1e-6; };
    const auto& family = *GetParam();
    // Behind `norm_pre` tokens are of another scale in no fixture, so that each norm counts.
    for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_GT(excess(run_planted(family, [&](Vit& vit) { wrong(vit.blocks[i].norm1); })), 1);
        EXPECT_GT(excess(run_planted(family, [&](Vit& vit) { wrong(vit.blocks[i].norm2); })), 1);
    }
    if (family.pre_norm) {
        EXPECT_GT(excess(run_planted(family, [&](Vit& vit) { wrong(*vit.pre_norm); })), 1);
    }
    if (family.final_norm) {
        EXPECT_GT(excess(run_planted(family, [&](Vit& vit) { wrong(*vit.norm); })), 1);
    }
    if (family.inner_norm) {
        EXPECT_GT(
            excess(run_planted(family, [&](Vit& vit) { wrong(*vit.blocks[0].mlp.inner_norm); })),
            1);
    }
}

TEST_P(PlantedErrors, SwappedHeadsAreFound) {
    for (std::size_t i = 0; i < 2; ++i) {
        const auto result = run_planted(
            *GetParam(), [&](Vit& vit) { swap_heads(vit.blocks[i].qkv, vit.dim / vit.heads); });
        EXPECT_GT(excess(result), 10);
    }
}

std::vector<const Family*> all_families() {
    std::vector<const Family*> found;
    for (const auto& family : families()) {
        if (family.load == nullptr) { found.push_back(&family); }
    }
    return found;
}

INSTANTIATE_TEST_SUITE_P(Families, PlantedErrors, testing::ValuesIn(all_families()),
                         [](const auto& tested) { return std::string(tested.param->name); });

TEST(PlantedAxes, OfRotaryPositionsAreFound) {
    int count = 0;
    for (const auto* family : all_families()) {
        if (family->rotary == nullptr) { continue; }
        const auto result = run_planted(
            *family, [](Vit& vit) { vit.rotary->columns_first = !vit.rotary->columns_first; });
        EXPECT_GT(excess(result), 10) << family->name;
        ++count;
    }
    EXPECT_EQ(count, 4);
}

TEST(SelftestFixtures, AreOfAllFamiliesAndSmall) {
    std::uintmax_t bytes = 0;
    for (const auto& entry : fs::recursive_directory_iterator(selftest_folder())) {
        if (entry.is_regular_file()) { bytes += entry.file_size(); }
    }
    EXPECT_LE(bytes, 5U << 18);
    for (const auto* family : all_families()) {
        EXPECT_TRUE(fs::exists(selftest_folder() / family->name / "outputs.safetensors"))
            << family->name;
    }
}

TEST(SelftestFixtures, KeepTheirDirectionInBf16) {
    for (const auto* family : all_families()) {
        const auto cases = verify_fixture(selftest_folder() / family->name, {.precision = "bf16"});
        ASSERT_EQ(cases.size(), 1U);
        EXPECT_GT(cases[0].token_cosine, 0.99) << family->name;
        EXPECT_LT(cases[0].token_cosine, 1) << "bf16 rounds";
    }
}

/// A product of which one column is wrong in bf16, as in LibTorch 2.6's oneDNN.
Kernel broken_product(bool is_broken) {
    return {"product",
            true,
            {5, 7},
            {7, 6},
            [is_broken](const at::Tensor& left, const at::Tensor& right) {
                auto result = at::matmul(left, right);
                if (is_broken && left.scalar_type() == at::kBFloat16) {
                    result.select(1, 5).zero_();
                }
                return result;
            }};
}

TEST(Kernels, OfThisMachineThatNetworksUseAreExact) {
    const auto checks = check_kernels("cpu");
    EXPECT_GT(checks.size(), 20U);
    for (const auto& check : checks) {
        if (check.is_ours) {
            EXPECT_TRUE(passed(check)) << check.name << ": " << check.difference << check.error;
        }
    }
}

TEST(Kernels, ABrokenOneIsNoticedAndNamed) {
    const auto good = try_kernel(broken_product(false), c10::kCPU, at::kBFloat16, 0.2);
    EXPECT_TRUE(passed(good));
    EXPECT_GT(good.difference, 0) << "a result in bf16 is rounded";
    const auto broken = try_kernel(broken_product(true), c10::kCPU, at::kBFloat16, 0.2);
    EXPECT_FALSE(passed(broken));
    EXPECT_EQ(broken.name, "bf16 product");
}

TEST(Kernels, OneThatThrowsOrGivesNaNIsBroken) {
    auto kernel = broken_product(false);
    kernel.run = [](const at::Tensor& left, const at::Tensor& right) {
        TORCH_CHECK(left.scalar_type() == at::kFloat, "not for bf16");
        return at::matmul(left, right);
    };
    const auto check = try_kernel(kernel, c10::kCPU, at::kBFloat16, 0.2);
    EXPECT_FALSE(passed(check));
    test::expect_words(check.error, {"not for bf16"});
    kernel.run = [](const at::Tensor& left, const at::Tensor& right) {
        const auto product = at::matmul(left, right);
        return left.scalar_type() == at::kFloat ? product : product.fill_(std::nan(""));
    };
    EXPECT_FALSE(passed(try_kernel(kernel, c10::kCPU, at::kBFloat16, 0.2)));
}

TEST(TrialNetwork, HasTheSizesOfItsShape) {
    const auto shape = network_shape("vit_small");
    const auto network = random_network(shape, {});
    EXPECT_EQ(network->info().depth, 12);
    EXPECT_NEAR(static_cast<double>(network->info().parameters), 21.9e6, 0.4e6);
    EXPECT_THROW((void)network_shape("vit_smal"), ConfigError);
}

TEST(LittleMemory, DividesABatchWithoutChangingABit) {
    const auto trial = try_little_memory("cpu");
    EXPECT_EQ(trial.images, 8);
    EXPECT_TRUE(trial.same_bits);
    EXPECT_NEAR(trial.cosine, 1, 1e-6);
}

}  // namespace
}  // namespace patchead
