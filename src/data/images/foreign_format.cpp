#include "images/foreign_format.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "datasets/folders.hpp"
#include "patchead/core/error.hpp"

namespace patchead::inline data_detail {
namespace {

constexpr std::string_view kOnPhones =
    "which no reader here knows; convert it to JPEG or PNG (phones: set the camera to 'most "
    "compatible')";
constexpr std::string_view kOnCameras =
    "which no reader here knows; let the camera or its program write JPEG, PNG or TIFF";
constexpr std::string_view kElsewhere =
    "which no reader here knows; convert it to PNG, or to JPEG of high quality";

struct ForeignFormat {
    std::string_view name;
    std::string_view mend;
    std::string_view suffixes;  ///< Each with a point before and a blank behind it.
};
constexpr auto kForeign = std::to_array<ForeignFormat>({
    {"HEIC", kOnPhones, ".heic .heif .hif "},
    {"AVIF", kOnPhones, ".avif "},
    {"JPEG XL", kElsewhere, ".jxl "},
    {"GIF", kElsewhere, ".gif "},
    {"RAW", kOnCameras,
     ".3fr .arw .cr2 .cr3 .dng .iiq .nef .nrw .orf .pef .raf .raw .rw2 .srw .x3f "},
});

std::string said(const ForeignFormat& format) {
    const bool vowel = format.name == "AVIF";
    return concat("it is ", vowel ? "an " : "a ", format.name, " picture, ", format.mend);
}

const ForeignFormat& named(std::string_view name) {
    return *std::ranges::find(kForeign, name, &ForeignFormat::name);
}

}  // namespace

std::string foreign_format(std::string_view bytes) {
    if (bytes.starts_with("GIF8")) { return said(named("GIF")); }
    const bool has_brand = bytes.size() >= 12 && bytes.substr(4, 4) == "ftyp";
    if (bytes.starts_with("\xff\x0a") || bytes.substr(0, 8).ends_with("JXL ")) {
        return said(named("JPEG XL"));
    }
    if (!has_brand) { return {}; }
    const auto brand = bytes.substr(8, 4);
    if (brand.starts_with("avi")) { return said(named("AVIF")); }
    if (brand == "crx ") { return said(named("RAW")); }
    const auto heic = std::to_array<std::string_view>({"he", "hv", "mif1", "msf1"});
    const bool is_heic =
        std::ranges::any_of(heic, [&](std::string_view start) { return brand.starts_with(start); });
    return is_heic ? said(named("HEIC")) : std::string();
}

std::string foreign_name(std::string_view name) {
    const auto suffix = std::filesystem::path(name).extension().string();
    if (suffix.empty()) { return {}; }
    for (const auto& format : kForeign) {
        for (auto rest = format.suffixes; !rest.empty();) {
            const auto end = rest.find(' ');
            if (same_in_any_case(rest.substr(0, end), suffix)) { return said(format); }
            rest.remove_prefix(end + 1);
        }
    }
    return {};
}

}  // namespace patchead::inline data_detail
