#include "map_maker.hpp"

#include <algorithm>
#include <cstdint>

#include "patchead/metrics/metrics.hpp"

namespace patchead {
namespace {

/// The position of output point `i` among the inputs, in float32 as torch computes it.
float source_position(int i, int from, int to, Interpolation interpolation) {
    const auto place = static_cast<float>(i);
    if (interpolation == Interpolation::bilinear_align_corners) {
        if (to == 1) { return 0; }
        return static_cast<float>(from - 1) / static_cast<float>(to - 1) * place;
    }
    const float scale = static_cast<float>(from) / static_cast<float>(to);
    return scale * (place + 0.5F) - 0.5F;
}

}  // namespace

}  // namespace patchead

namespace patchead::inline metrics_detail {

std::vector<Tap> axis_taps(int from, int to, Interpolation interpolation) {
    std::vector<Tap> taps;
    const auto last = static_cast<std::size_t>(from - 1);
    for (int i = 0; i < to; ++i) {
        if (interpolation == Interpolation::nearest) {
            const auto source = static_cast<std::size_t>(std::int64_t{i} * from / to);
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
    if (size != size_) { resize(size); }
    widen_rows(patches);
    blend_rows();
    smooth_.apply(map_, size_);
    return map_;
}

void MapMaker::resize(MapSize size) {
    size_ = size;
    x_ = axis_taps(grid_.cols, size.width, interpolation_);
    y_ = axis_taps(grid_.rows, size.height, interpolation_);
    wide_.resize(static_cast<std::size_t>(grid_.rows) * x_.size());
    map_.resize(size.area());
}

void MapMaker::widen_rows(std::span<const float> patches) {
    const auto cols = static_cast<std::size_t>(grid_.cols);
    const auto width = x_.size();
    for (std::size_t row = 0; row * cols < patches.size(); ++row) {
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

}  // namespace patchead
