#include "map_maker.hpp"

#include <algorithm>
#include <cstdint>

#include "patchead/core/error.hpp"
#include "patchead/metrics/metrics.hpp"

namespace patchead {
namespace {

/// The position of output point `i` among the patches, in float32 as torch computes it.
float source_position(int i, const AxisPatches& from, int to, Interpolation interpolation) {
    const auto place = static_cast<float>(i);
    const int patches_px = from.count * from.patch_px;
    const bool is_exact = patches_px == from.image_px;
    if (interpolation == Interpolation::bilinear_align_corners) {
        // Of the points that the patches cover.
        const float covered = is_exact ? static_cast<float>(to)
                                       : static_cast<float>(to) * static_cast<float>(patches_px) /
                                             static_cast<float>(from.image_px);
        if (covered <= 1) { return 0; }
        return static_cast<float>(from.count - 1) / (covered - 1) * place;
    }
    const float spanned =
        is_exact ? static_cast<float>(from.count)
                 : static_cast<float>(from.image_px) / static_cast<float>(from.patch_px);
    return spanned / static_cast<float>(to) * (place + 0.5F) - 0.5F;
}

/// The patch under the first corner of point `i`.
std::size_t nearest_patch(int i, const AxisPatches& from, int to) {
    const auto patch = std::int64_t{i} * from.image_px / (std::int64_t{to} * from.patch_px);
    return static_cast<std::size_t>(std::min<std::int64_t>(patch, from.count - 1));
}

}  // namespace

}  // namespace patchead

namespace patchead::inline metrics_detail {

std::vector<Tap> axis_taps(const AxisPatches& from, int to, Interpolation interpolation) {
    std::vector<Tap> taps;
    const auto last = static_cast<std::size_t>(from.count - 1);
    for (int i = 0; i < to; ++i) {
        if (interpolation == Interpolation::nearest) {
            const auto source = nearest_patch(i, from, to);
            taps.push_back({source, source, 0});
            continue;
        }
        const float x =
            std::clamp(source_position(i, from, to, interpolation), 0.0F, static_cast<float>(last));
        const auto low = static_cast<std::size_t>(x);
        taps.push_back({low, std::min(low + 1, last), x - static_cast<float>(low)});
    }
    return taps;
}

}  // namespace patchead::inline metrics_detail

namespace patchead {

MapMaker::MapMaker(Grid grid, const MetricOptions& options)
    : grid_(grid), interpolation_(options.interpolation), smooth_(options.smooth_sigma_px) {}

std::span<const float> MapMaker::make(std::span<const float> patches, MapSize size) {
    return make(patches, {{grid_.rows, grid_.cols}, grid_, 1}, size);
}

std::span<const float> MapMaker::make(std::span<const float> patches, const InputShape& shape,
                                      MapSize size) {
    if (size != size_ || shape != shape_) { resize(shape, size); }
    widen_rows(patches);
    blend_rows();
    smooth_.apply(map_, size_);
    return map_;
}

void MapMaker::resize(const InputShape& shape, MapSize size) {
    PATCHEAD_ASSERT(shape.grid.rows <= grid_.rows && shape.grid.cols <= grid_.cols);
    size_ = size;
    shape_ = shape;
    const auto& [resized, shown, patch_px] = shape;
    x_ = axis_taps({shown.cols, patch_px, resized.width}, size.width, interpolation_);
    y_ = axis_taps({shown.rows, patch_px, resized.height}, size.height, interpolation_);
    wide_.resize(static_cast<std::size_t>(shown.rows) * x_.size());
    map_.resize(size.area());
}

void MapMaker::widen_rows(std::span<const float> patches) {
    const auto cols = static_cast<std::size_t>(grid_.cols);
    const auto width = x_.size();
    for (std::size_t row = 0; row < static_cast<std::size_t>(shape_.grid.rows); ++row) {
        const float* const from = patches.data() + row * cols;
        float* const to = wide_.data() + row * width;
        for (std::size_t x = 0; x < width; ++x) {
            const auto& tap = x_[x];
            to[x] = (1 - tap.weight) * from[tap.low] + tap.weight * from[tap.high];
        }
    }
}

void MapMaker::blend_rows() {
    const auto width = x_.size();
    for (std::size_t y = 0; y < y_.size(); ++y) {
        const float high_weight = y_[y].weight;
        const float low_weight = 1 - high_weight;
        const float* const low = wide_.data() + y_[y].low * width;
        const float* const high = wide_.data() + y_[y].high * width;
        float* const to = map_.data() + y * width;
        for (std::size_t x = 0; x < width; ++x) {
            to[x] = low_weight * low[x] + high_weight * high[x];
        }
    }
}

std::vector<float> upsample(std::span<const float> patches, Grid grid, MapSize size,
                            const MetricOptions& options) {
    MapMaker maker(grid, options);
    const auto map = maker.make(patches, size);
    return {map.begin(), map.end()};
}

std::vector<float> upsample(std::span<const float> patches, Grid grid, const InputShape& shape,
                            MapSize size, const MetricOptions& options) {
    MapMaker maker(grid, options);
    const auto map = maker.make(patches, shape, size);
    return {map.begin(), map.end()};
}

}  // namespace patchead
