#include "measure/test_names.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include "patchead/core/text.hpp"

namespace patchead::inline setup_detail {
namespace {

namespace fs = std::filesystem;

/// The id's last part: the stem, and of a cut image its part.
std::string stem_of(const Sample& sample) { return sample.id.substr(sample.id.rfind('/') + 1); }

/// The image's path from the last folder on that is called as its category, without ending; empty
/// if there is none.
std::string path_from_category(const Sample& sample) {
    const auto path = sample.image.parent_path() / stem_of(sample);
    std::string found;
    bool is_inside = false;
    for (const auto& part : path) {
        if (part == sample.category) {
            found.clear();
            is_inside = true;
        }
        if (is_inside) { found += (found.empty() ? "" : "/") + part.string(); }
    }
    return found;
}

/// `name` without the ending of a picture; as it is if it has none.
std::string without_picture_ending(const std::string& name) {
    constexpr auto endings = std::to_array<std::string_view>(
        {".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".PNG", ".JPG", ".JPEG", ".BMP"});
    for (const auto ending : endings) {
        if (name.ends_with(ending)) { return name.substr(0, name.size() - ending.size()); }
    }
    return name;
}

}  // namespace

TestNames::TestNames(std::span<const Sample> samples) {
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const auto& sample = samples[i];
        if (sample.split != "test") { continue; }
        const auto add = [&](Places& places, const std::string& name) {
            if (name.empty()) { return; }
            append_new(i, places[name]);
            append_new(i, places[sample.dataset + "/" + name]);
        };
        const auto stem = stem_of(sample);
        add(exact_, sample.id);
        add(exact_, path_from_category(sample));
        add(exact_, sample.category + "/" + sample.defect_type + "/" + stem);
        append_new(i, exact_[(sample.image.parent_path() / stem).string()]);
        add(in_category_, sample.category + "/" + stem);
        append_new(i, stems_[stem]);
    }
}

std::vector<std::size_t> TestNames::find(const std::string& name) const {
    auto path = name;
    std::ranges::replace(path, '\\', '/');
    path = fs::path(path).lexically_normal().string();
    for (const auto& text : {path, without_picture_ending(path)}) {
        for (const auto* places : {&exact_, &in_category_, &stems_}) {
            const auto found = places->find(text);
            if (found != places->end()) { return found->second; }
        }
    }
    return {};
}

}  // namespace patchead::inline setup_detail
