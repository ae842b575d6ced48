#include "patchead/backbone/verify.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <utility>

#include <ATen/ATen.h>
#include <nlohmann/json.hpp>

#include "checkpoint/checkpoint.hpp"
#include "fixture_options.hpp"
#include "patchead/backbone/backbone.hpp"
#include "patchead/core/digest.hpp"
#include "patchead/core/files.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

/// What a fixture folder says: a network's input and what upstream makes of it.
struct Fixture {
    std::string family;
    LoadOptions options;
    at::Tensor image;
    std::map<std::string, at::Tensor> outputs;
};

/// An output that upstream gives in another variant, and the option that asks for it.
struct Variant {
    std::string_view suffix;  ///< Of the output's name.
    std::string_view option;
    std::string_view value;
};
constexpr auto kVariants = std::to_array<Variant>({
    {"_pre_ln", "tokens", "pre_ln"},
    {"_proj", "tokens", "projected"},
    {"_prenorm", "tokens", "pre_norm"},
    {"_fp32_periods", "periods", "fp32"},
});
constexpr const char* kTokens = "patch_tokens";
constexpr const char* kAttention = "cls_attention";

std::map<std::string, at::Tensor> read_tensors(const fs::path& file) {
    std::map<std::string, at::Tensor> tensors;
    for (const auto& [key, view] : read_checkpoint(file).tensors) {
        tensors[key] = to_tensor(view).to(at::kFloat);
    }
    return tensors;
}

void require_tensor(const std::map<std::string, at::Tensor>& tensors, const fs::path& file,
                    const std::string& key, std::int64_t dims) {
    const auto found = tensors.find(key);
    require<DataError>(found != tensors.end(), "no tensor '", key, "' in '", file.string(),
                       "' (every fixture has one); make the fixture again");
    require<DataError>(found->second.dim() == dims, "tensor '", key, "' in '", file.string(),
                       "' has ", found->second.dim(), " dimensions (expected ", dims,
                       "); make the fixture again");
}

Fixture read_fixture(const fs::path& folder) {
    try {
        const auto config = nlohmann::json::parse(read_text(folder / "config.json"));
        Fixture fixture{config.at("family").get<std::string>(), {}, {}, {}};
        fixture.options.overrides = fixture_options(config);
        const auto input_file = folder / "inputs.safetensors";
        const auto output_file = folder / "outputs.safetensors";
        const auto inputs = read_tensors(input_file);
        require_tensor(inputs, input_file, "image", 4);
        fixture.image = inputs.at("image");
        fixture.outputs = read_tensors(output_file);
        require_tensor(fixture.outputs, output_file, kTokens, 3);
        require_tensor(fixture.outputs, output_file, kAttention, 3);
        return fixture;
    } catch (const nlohmann::json::exception& error) {
        throw DataError(concat("bad 'config.json' in '", folder.string(), "' (", error.what(),
                               "); make the fixture again"));
    } catch (const WeightsError& error) {
        throw DataError(concat("'", folder.string(), "' is no fixture: ", error.what()));
    }
}

std::vector<fs::path> weight_files(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder)) {
        const auto& path = entry.path();
        const bool known = path.extension() == ".safetensors" || path.extension() == ".pth";
        if (known && path.filename().string().starts_with("weights")) { files.push_back(path); }
    }
    std::ranges::sort(files);
    return files;
}

/// Largest absolute difference; NaN if there is one. Shape: `actual` holds as many values.
double difference(const at::Tensor& expected, std::vector<float>& actual, const char* what) {
    require<DataError>(static_cast<std::size_t>(expected.numel()) == actual.size(), what, " have ",
                       actual.size(), " values, upstream's ", expected.numel());
    const auto values = at::from_blob(actual.data(), expected.sizes(), at::kFloat);
    return (values.to(at::kDouble) - expected.to(at::kDouble)).abs().max().item<double>();
}

/// Mean cosine of the rows of `expected` with those of `actual`. Shape: `expected[B, L, D]`.
double mean_cosine(const at::Tensor& expected, std::vector<float>& actual) {
    const auto values = at::from_blob(actual.data(), expected.sizes(), at::kFloat).to(at::kDouble);
    return at::cosine_similarity(values, expected.to(at::kDouble), -1).mean().item<double>();
}

std::string digest_of(const Encoding& encoding) {
    Sha256 digest;
    digest.update(std::as_bytes(std::span(encoding.tokens)));
    digest.update(std::as_bytes(std::span(encoding.attention)));
    return digest.hex();
}

/// The output that a run should give: that of its variant where upstream has one of its own.
const at::Tensor& expected(const Fixture& fixture, const std::string& name,
                           std::string_view suffix) {
    const auto found = fixture.outputs.find(concat(name, suffix));
    return found != fixture.outputs.end() ? found->second : fixture.outputs.at(name);
}

/// Only the official file of DINOv3 has periods; with the others upstream computes them.
std::string_view suffix_of(const Backbone& backbone, const Variant* variant) {
    if (variant != nullptr) { return variant->suffix; }
    const auto& info = backbone.info();
    return info.family == "dinov3" && info.layout != "official" ? "_fp32_periods" : "";
}

void compare(const Fixture& fixture, const Backbone& backbone, std::string_view suffix,
             VerifyCase& result) {
    const auto& image = fixture.image;
    const std::span<const float> pixels(image.data_ptr<float>(),
                                        static_cast<std::size_t>(image.numel()));
    auto encoding =
        backbone.encode(pixels, static_cast<int>(image.size(0)), static_cast<int>(image.size(2)),
                        static_cast<int>(image.size(3)));
    const auto tokens = expected(fixture, kTokens, suffix);
    result.token_difference = difference(tokens, encoding.tokens, "patch embeddings");
    result.token_scale = tokens.abs().max().item<double>();
    result.token_cosine = mean_cosine(tokens, encoding.tokens);
    result.digest = digest_of(encoding);
    if (!backbone.info().has_attention) { return; }
    result.attention_difference =
        difference(expected(fixture, kAttention, suffix), encoding.attention, "attention values");
}

void run(const Fixture& fixture, const fs::path& weights, const Variant* variant,
         VerifyCase& result) {
    auto options = fixture.options;
    if (variant != nullptr) { options.overrides[std::string(variant->option)] = variant->value; }
    const auto backbone = load_backbone(fixture.family, weights, options);
    compare(fixture, *backbone, suffix_of(*backbone, variant), result);
}

/// What `run` does with the result; what it throws stands there, too.
template <class Run>
VerifyCase try_run(std::string name, const Run& run) {
    VerifyCase result{.name = std::move(name), .error = {}};
    try {
        run(result);
    } catch (const Error& error) { result.error = error.what(); }
    return result;
}

std::string name_of(const fs::path& folder) {
    return fs::absolute(folder / "").lexically_normal().parent_path().filename().string();
}

/// None, and those of which the fixture has outputs.
std::vector<const Variant*> variants_of(const Fixture& fixture) {
    std::vector<const Variant*> variants{nullptr};
    for (const auto& variant : kVariants) {
        if (fixture.outputs.contains(concat(kTokens, variant.suffix))) {
            variants.push_back(&variant);
        }
    }
    return variants;
}

VerifyCase run_weights(const Fixture& fixture, const fs::path& weights, const std::string& folder,
                       const Variant* variant) {
    auto name = (fs::path(folder) / weights.filename()).string();
    if (variant != nullptr) { name += concat(" ", variant->option, "=", variant->value); }
    return try_run(name,
                   [&](VerifyCase& result) { patchead::run(fixture, weights, variant, result); });
}

}  // namespace

std::vector<VerifyCase> verify_fixture(const fs::path& folder, const LoadOptions& place) {
    auto fixture = read_fixture(folder);
    fixture.options.device = place.device;
    fixture.options.precision = place.precision;
    const auto files = weight_files(folder);
    require<DataError>(!files.empty(), "no weights*.safetensors or weights*.pth in '",
                       folder.string(), "' (there is nothing to run); put the weights there");
    const auto name = name_of(folder);
    std::vector<VerifyCase> cases;
    for (const auto& file : files) {
        for (const auto* variant : variants_of(fixture)) {
            cases.push_back(run_weights(fixture, file, name, variant));
        }
    }
    return cases;
}

VerifyCase verify_encoder(const fs::path& folder, const Backbone& backbone,
                          const std::string& name) {
    const auto fixture = read_fixture(folder);
    return try_run((fs::path(name_of(folder)) / name).string(),
                   [&](VerifyCase& result) { compare(fixture, backbone, "", result); });
}

bool passed(const VerifyCase& result) {
    return result.error.empty() && result.token_difference <= kTokenTolerance &&
           result.attention_difference <= kAttentionTolerance;
}

}  // namespace patchead
