#include "category_truth.hpp"

#include <algorithm>
#include <vector>

#include "patchead/core/input_shape.hpp"
#include "patchead/data/image_io.hpp"
#include "patchead/data/preprocess.hpp"

namespace patchead::inline pipeline_detail {
namespace {

Mask evaluated_mask(const Sample& sample, const MetricOptions& options, Resize resize) {
    const auto [height, width] = image_size(sample);
    auto mask = read_mask(sample, height, width, options.truth_threshold);
    if (options.side_px == kNativeSide) { return mask; }
    return resize_mask(mask, resized_size({height, width}, options.side_px, resize),
                       options.mask_resize);
}

}  // namespace

GroundTruth read_truth(std::span<const Sample> samples, std::span<const std::size_t> tests,
                       const MetricOptions& metrics, Resize resize) {
    std::vector<std::uint8_t> anomalous;
    int without_mask = 0;
    for (const auto test : tests) {
        const auto& sample = samples[test];
        anomalous.push_back(sample.anomalous ? 1 : 0);
        if (sample.anomalous && sample.mask.empty()) { ++without_mask; }
    }
    const auto mask_of = [&](std::size_t test) {
        return evaluated_mask(samples[tests[test]], metrics, resize);
    };
    auto truth = find_regions(mask_of, anomalous, metrics.connectivity, metrics.kept_side);
    truth.without_mask = without_mask;
    return truth;
}

}  // namespace patchead::inline pipeline_detail
