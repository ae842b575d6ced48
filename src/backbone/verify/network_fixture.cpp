#include "verify/network_fixture.hpp"

#include <algorithm>
#include <array>

#include <ATen/ATen.h>
#include <nlohmann/json.hpp>

#include "checkpoint/checkpoint.hpp"
#include "patchead/core/files.hpp"
#include "verify/fixture_options.hpp"

namespace patchead::inline backbone_detail {
namespace {

namespace fs = std::filesystem;

constexpr auto kWeightFormats =
    std::to_array<std::string_view>({".safetensors", ".pth", ".pt", ".npz"});

void require_tensor(const std::map<std::string, at::Tensor>& tensors, const fs::path& file,
                    const std::string& key, std::int64_t dims) {
    const auto found = tensors.find(key);
    require<DataError>(found != tensors.end(), "no tensor '", key, "' in '", file.string(),
                       "' (every fixture has one); make the fixture again");
    require<DataError>(found->second.dim() == dims, "tensor '", key, "' in '", file.string(),
                       "' has ", found->second.dim(), " dimensions (expected ", dims,
                       "); make the fixture again");
}

}  // namespace

std::map<std::string, at::Tensor> read_floats(const fs::path& file) {
    std::map<std::string, at::Tensor> tensors;
    for (const auto& [key, view] : read_checkpoint(file).tensors) {
        tensors[key] = to_tensor(view).to(at::kFloat);
    }
    return tensors;
}

NetworkFixture read_network_fixture(const fs::path& folder) {
    try {
        const auto config = nlohmann::json::parse(read_text(folder / "config.json"));
        NetworkFixture fixture{config.at("family").get<std::string>(), {}, {}, {}};
        fixture.options.overrides = fixture_options(config);
        const auto input_file = folder / "inputs.safetensors";
        const auto output_file = folder / "outputs.safetensors";
        const auto inputs = read_floats(input_file);
        require_tensor(inputs, input_file, "image", 4);
        fixture.image = inputs.at("image");
        if (inputs.contains("text_ids")) {
            require_tensor(inputs, input_file, "text_ids", 2);
            fixture.text_ids = inputs.at("text_ids");
        }
        fixture.outputs = read_floats(output_file);
        require_tensor(fixture.outputs, output_file, kPatchTokens, 3);
        if (fixture.outputs.contains(kClassAttention)) {
            require_tensor(fixture.outputs, output_file, kClassAttention, 3);
        }
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
        const bool known = std::ranges::count(kWeightFormats, path.extension().string()) > 0;
        if (known && path.filename().string().starts_with("weights")) { files.push_back(path); }
    }
    std::ranges::sort(files);
    return files;
}

}  // namespace patchead::inline backbone_detail
