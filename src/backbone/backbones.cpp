#include <algorithm>
#include <cctype>

#include "encoder_description.hpp"
#include "families/family.hpp"
#include "patchead/backbone/backbone.hpp"
#include "patchead/core/registry.hpp"

namespace patchead {
namespace {

/// The file's name as part of one that stands in tables, file names and keys.
std::string plain_name(const std::filesystem::path& file) {
    auto name = file.stem().string();
    std::ranges::replace_if(
        name,
        [](unsigned char letter) {
            return std::isalnum(letter) == 0 &&
                   std::string_view("._+-").find(char(letter)) == std::string_view::npos;
        },
        '_');
    return name;
}

/// Any size of a family: what it is, its file tells when it is loaded.
BackboneEntry entry_of_file(const Family& family, const std::filesystem::path& file) {
    require<WeightsError>(std::filesystem::is_regular_file(file), "no checkpoint '", file.string(),
                          "' (there is no such file); give backbone ", family.name, ":PATH");
    BackboneEntry entry;
    entry.name = concat(family.name, ":", plain_name(file));
    entry.family = family.name;
    entry.title = plain_name(file);
    entry.image_px = family.pixels.image_px;
    entry.bicubic = family.pixels.bicubic;
    entry.mean = family.pixels.mean;
    entry.std = family.pixels.std;
    entry.licence = "not stated";
    entry.file = std::filesystem::absolute(file).lexically_normal().string();
    entry.source = entry.file;
    return entry;
}

}  // namespace

std::span<const BackboneEntry> backbones() {
    static const auto table = std::to_array<BackboneEntry>({
#define PATCHEAD_BACKBONE(...) {__VA_ARGS__},
#include "backbones.def"
#include "more_backbones.def"
#undef PATCHEAD_BACKBONE
    });
    return table;
}

BackboneEntry find_backbone(std::string_view name) {
    const auto colon = name.find(':');
    if (colon == name.npos) { return find(backbones(), "backbone", name); }
    const auto& family = find(families(), "backbone family", name.substr(0, colon));
    const auto path = name.substr(colon + 1);
    if (family.load == nullptr) { return entry_of_file(family, path); }
    return to_entry(read_description(path, family.name), family.name);
}

}  // namespace patchead
