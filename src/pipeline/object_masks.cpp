#include "object_masks.hpp"

#include "features.hpp"
#include "patchead/alignment/object.hpp"
#include "patchead/alignment/warp.hpp"
#include "patchead/data/image_io.hpp"
#include "patchead/data/preprocess.hpp"

namespace patchead {
namespace {

constexpr std::size_t kMostKnown = 20'000;  // 80 MB of 1024 patches.

}  // namespace

std::vector<float> ObjectMasks::of(std::span<const ImageRef> images) {
    std::map<std::size_t, std::vector<Transform>> of_unit;  // Read once, as all rows need them.
    std::vector<float> all;
    for (const auto& image : images) {
        const auto [transforms, is_new] = of_unit.try_emplace(image.embed);
        const auto& copies = plan_.embeds[image.embed].copies;
        if (is_new && copies) {
            transforms->second = read_transforms(store_, plan_, copies->transforms);
        }
        const auto& known = transforms->second;
        const auto& found = shares(image, known.empty() ? Transform{} : known[image.row]);
        all.insert(all.end(), found.begin(), found.end());
    }
    return all;
}

const std::vector<float>& ObjectMasks::shares(const ImageRef& image, const Transform& transform) {
    const auto& unit = plan_.embeds[image.embed];
    const auto sample = unit.samples[image.row];
    const auto version = unit.copies ? unit.copies->versions[image.row] : Version::original;
    const int side = unit.side_px / plan_.spec.backbones[unit.backbone].patch_px;
    const Grid grid{side, side};
    if (known_.size() > kMostKnown) { known_.clear(); }
    const auto [found, is_new] = known_.try_emplace({sample, version, transform.m, grid});
    if (is_new) { found->second = find(plan_.spec.samples[sample], version, transform, grid); }
    return found->second;
}

std::vector<float> ObjectMasks::find(const Sample& sample, Version version,
                                     const Transform& transform, Grid grid) const {
    const int side = plan_.spec.method.align.side_px;
    auto image = resize(read_image(sample), side, side, Filter::bilinear);
    image = warp(image, transform, plan_.spec.method.align.border);
    return object_shares(version == Version::rotated ? rotate_180(image) : image, grid);
}

}  // namespace patchead
