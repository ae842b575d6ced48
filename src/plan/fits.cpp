#include "fits.hpp"

#include <algorithm>

#include "patchead/core/error.hpp"
#include "patchead/core/input_shape.hpp"

namespace patchead::inline plan_detail {
namespace {

/// Calls `visit` for the images of `category` that take part.
template <class Visit>
void for_each_image(const SweepSpec& spec, const Category& category, Visit visit) {
    for (const auto& sample : spec.samples) {
        if (sample.size.area() > 0 && sample.category == category.name &&
            sample.dataset == category.dataset) {
            visit(sample);
        }
    }
}

void require_whole_patches(const PlannedBackbone& backbone, int side_px, const Tiling& tiling) {
    const int patch = backbone.patch_px;
    require<ConfigError>(side_px > 0 && side_px % patch == 0, "image size ", side_px,
                         " does not fit backbone '", backbone.name, "' (its patches are ", patch,
                         " px wide); use a multiple of ", patch, ", e.g. ",
                         std::max(1, side_px / patch) * patch);
    require<ConfigError>(
        tiling.side_px % patch == 0 && tiling.overlap_px % patch == 0, "tiles of ", tiling.side_px,
        " px that overlap by ", tiling.overlap_px, " px do not fit backbone '", backbone.name,
        "' (its patches are ", patch, " px wide); use multiples of ", patch, ", e.g. --tile ",
        std::max(1, tiling.side_px / patch) * patch, ":", tiling.overlap_px / patch * patch);
}

bool is_square(const InputShape& shape, const Tiling& tiling, int side_px) {
    const auto tile = tiles_of(shape.grid, shape.patch_px, tiling).tile();
    return tile.rows * shape.patch_px == side_px && tile.cols == tile.rows;
}

}  // namespace

void require_fits(const SweepSpec& spec, const Category& category, const PlannedBackbone& backbone,
                  int side_px) {
    const auto& options = spec.method.features;
    require_whole_patches(backbone, side_px, options.tiling);
    const auto check = [&](MapSize size, const std::string& image) {
        const auto shape = input_shape(size, side_px, backbone.patch_px, options);
        require<ConfigError>(shape.grid.size() > 0, "'", image, "' (", size.height, " x ",
                             size.width, " px, ", shape.resized.height, " x ", shape.resized.width,
                             " at image size ", side_px, ") has no whole patch of ",
                             backbone.patch_px, " px (--patch-fit crop cuts off what is none); ",
                             "give --patch-fit pad, or a larger --image-size");
        require<ConfigError>(
            !backbone.fixed_size || is_square(shape, options.tiling, backbone.image_px),
            "image size ", side_px, " does not fit backbone '", backbone.name, "' (it takes ",
            backbone.image_px, " px only, height and width); leave --image-size, --resize and ",
            "--tile out, give tiles of that size, or export the network for several sizes");
    };
    if (options.resize == Resize::squash) { return check({}, category.name); }
    for_each_image(spec, category, [&](const Sample& sample) { check(sample.size, sample.id); });
}

void require_alignable(const SweepSpec& spec, const Category& category) {
    if (spec.method.features.resize == Resize::squash) { return; }
    for_each_image(spec, category, [&](const Sample& sample) {
        require<ConfigError>(
            sample.size.height == sample.size.width, "'", sample.id, "' of ", sample.dataset,
            " is ", sample.size.height, " x ", sample.size.width, " px (images are compared as ",
            "squares; what is turned there is not turned, but sheared, where the aspect is kept); ",
            "leave modules that align out of --modules, or give --resize squash");
    });
}

}  // namespace patchead::inline plan_detail
