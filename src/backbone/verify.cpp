#include "patchead/backbone/verify.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <ATen/ATen.h>
#include <nlohmann/json.hpp>

#include "checkpoint.hpp"
#include "patchead/backbone/backbone.hpp"
#include "patchead/core/files.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

/// What a fixture folder says: a network's input and what upstream makes of it.
struct Fixture {
    std::string family;
    LoadOptions options;
    at::Tensor image;
    at::Tensor tokens;
    at::Tensor attention;
};

at::Tensor read_tensor(const fs::path& file, const std::string& key, std::int64_t dims) {
    const auto checkpoint = read_checkpoint(file);
    const auto found = checkpoint.tensors.find(key);
    require<DataError>(found != checkpoint.tensors.end(), "no tensor '", key, "' in '",
                       file.string(), "' (every fixture has one); make the fixture again");
    const auto tensor = to_tensor(found->second).to(at::kFloat);
    require<DataError>(tensor.dim() == dims, "tensor '", key, "' in '", file.string(), "' has ",
                       tensor.dim(), " dimensions (expected ", dims, "); make the fixture again");
    return tensor;
}

/// Options of the family by the names that fixtures have for them.
LoadOptions options_of(const nlohmann::json& config) {
    LoadOptions options;
    options.overrides["heads"] = std::to_string(config.at("num_heads").get<int>());
    options.overrides["depth"] = std::to_string(config.at("depth").get<int>());
    return options;
}

Fixture read_fixture(const fs::path& folder) {
    try {
        const auto config = nlohmann::json::parse(read_text(folder / "config.json"));
        const auto outputs = folder / "outputs.safetensors";
        return {config.at("family").get<std::string>(), options_of(config),
                read_tensor(folder / "inputs.safetensors", "image", 4),
                read_tensor(outputs, "patch_tokens", 3), read_tensor(outputs, "cls_attention", 3)};
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

void run(const Fixture& fixture, const fs::path& weights, VerifyCase& result) {
    const auto backbone = load_backbone(fixture.family, weights, fixture.options);
    const auto& image = fixture.image;
    const std::span<const float> pixels(image.data_ptr<float>(),
                                        static_cast<std::size_t>(image.numel()));
    auto encoding =
        backbone->encode(pixels, static_cast<int>(image.size(0)), static_cast<int>(image.size(2)),
                         static_cast<int>(image.size(3)));
    result.token_difference = difference(fixture.tokens, encoding.tokens, "patch embeddings");
    result.attention_difference =
        difference(fixture.attention, encoding.attention, "attention values");
}

}  // namespace

std::vector<VerifyCase> verify_fixture(const fs::path& folder) {
    const auto fixture = read_fixture(folder);
    const auto files = weight_files(folder);
    require<DataError>(!files.empty(), "no weights*.safetensors or weights*.pth in '",
                       folder.string(), "' (there is nothing to run); put the weights there");
    const auto name = fs::absolute(folder / "").lexically_normal().parent_path().filename();
    std::vector<VerifyCase> cases;
    for (const auto& file : files) {
        VerifyCase result{(name / file.filename()).string(), 0, 0, {}};
        try {
            run(fixture, file, result);
        } catch (const Error& error) { result.error = error.what(); }
        cases.push_back(std::move(result));
    }
    return cases;
}

bool passed(const VerifyCase& result) {
    return result.error.empty() && result.token_difference <= kTokenTolerance &&
           result.attention_difference <= kAttentionTolerance;
}

}  // namespace patchead
