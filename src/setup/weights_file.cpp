#include "patchead/setup/weights_file.hpp"

#include <system_error>

#include "patchead/core/error.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

/// `relative` in the folder of the binary or one above it; empty if it is in none.
fs::path beside_binary(const fs::path& relative) {
    std::error_code ignored;
    auto folder = fs::read_symlink("/proc/self/exe", ignored).parent_path();
    for (; folder.has_relative_path(); folder = folder.parent_path()) {
        if (fs::is_regular_file(folder / relative, ignored)) { return folder / relative; }
    }
    return {};
}

}  // namespace

fs::path find_weights(const BackboneEntry& backbone, const std::map<std::string, fs::path>& given,
                      const fs::path& folder) {
    const auto& name = backbone.name;
    const auto named = given.find(name);
    if (named != given.end()) {
        require<WeightsError>(fs::is_regular_file(named->second), "weights '",
                              named->second.string(), "' of backbone '", name,
                              "' do not exist; check --weights ", name, "=FILE");
        return named->second;
    }
    if (fs::path(backbone.file).is_absolute()) { return backbone.file; }
    if (!folder.empty()) {
        for (const auto& file : {backbone.file, name + ".safetensors", name + ".pth"}) {
            if (fs::is_regular_file(folder / file)) { return folder / file; }
        }
    }
    auto shipped = beside_binary(backbone.file);
    require<WeightsError>(!shipped.empty(), "no weights for backbone '", name, "' (", backbone.file,
                          " is not at hand); get it from ", backbone.source, " and give --weights ",
                          name, "=FILE or --weights-dir DIR");
    return shipped;
}

}  // namespace patchead
