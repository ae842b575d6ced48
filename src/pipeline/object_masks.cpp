#include "object_masks.hpp"

#include "features.hpp"
#include "forward.hpp"
#include "patchead/alignment/object.hpp"
#include "patchead/alignment/warp.hpp"
#include "patchead/data/image_io.hpp"
#include "patchead/data/preprocess.hpp"
#include "patchead/plan/input_shapes.hpp"

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
        const auto& unit = plan_.embeds[image.embed];
        const auto own = shape_of(plan_.spec, unit.samples[image.row], unit.backbone, unit.side_px);
        const auto framed = spread(found, 1, own.grid, unit.frame);
        all.insert(all.end(), framed.begin(), framed.end());
    }
    return all;
}

const std::vector<float>& ObjectMasks::shares(const ImageRef& image, const Transform& transform) {
    const auto& unit = plan_.embeds[image.embed];
    const auto sample = unit.samples[image.row];
    const auto version = unit.copies ? unit.copies->versions[image.row] : Version::original;
    const auto shape = shape_of(plan_.spec, sample, unit.backbone, unit.side_px);
    const auto& [resized, grid, patch_px] = shape;
    if (known_.size() > kMostKnown) { known_.clear(); }
    const auto [found, is_new] =
        known_.try_emplace({sample,
                            version,
                            transform.m,
                            {grid.rows, grid.cols, patch_px, resized.height, resized.width}});
    if (is_new) { found->second = find(plan_.spec.samples[sample], version, transform, shape); }
    return found->second;
}

std::vector<float> ObjectMasks::find(const Sample& sample, Version version,
                                     const Transform& transform, const InputShape& shape) const {
    const int side = plan_.spec.method.align.side_px;
    auto image = resize(read_image(sample), side, side, Filter::bilinear);
    image = warp(image, transform, plan_.spec.method.align.border);
    return object_shares(version == Version::rotated ? rotate_180(image) : image, shape);
}

}  // namespace patchead
