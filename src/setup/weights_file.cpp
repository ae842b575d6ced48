#include "patchead/setup/weights_file.hpp"

#include "patchead/core/error.hpp"
#include "patchead/core/shipped.hpp"

namespace patchead {

namespace fs = std::filesystem;

fs::path find_weights(const BackboneEntry& backbone, const std::map<std::string, fs::path>& given,
                      const fs::path& folder) {
    const auto& name = backbone.name;
    const auto named = given.find(name);
    if (named != given.end()) {
        require<WeightsError>(fs::exists(named->second), "weights '", named->second.string(),
                              "' of backbone '", name, "' do not exist; check --weights ", name,
                              "=FILE");
        return named->second;
    }
    if (fs::path(backbone.file).is_absolute()) { return backbone.file; }
    if (!folder.empty()) {
        for (const auto& file : {backbone.file, name + ".safetensors", name + ".pth"}) {
            if (fs::is_regular_file(folder / file)) { return folder / file; }
        }
    }
    auto shipped = find_shipped("backbones", backbone.file);
    require<WeightsError>(!shipped.empty(), "no weights for backbone '", name, "' (", backbone.file,
                          " is not at hand); get it from ", backbone.source, " and give --weights ",
                          name, "=FILE or --weights-dir DIR");
    return shipped;
}

}  // namespace patchead
