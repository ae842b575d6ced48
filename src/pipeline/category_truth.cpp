#include "category_truth.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "patchead/core/input_shape.hpp"
#include "patchead/data/image_io.hpp"
#include "patchead/data/preprocess.hpp"
#include "patchead/metrics/metric_names.hpp"

namespace patchead::inline pipeline_detail {
namespace {

Mask at_evaluation_size(Mask mask, const MetricOptions& options, Resize resize) {
    if (options.side_px == kNativeSide) { return mask; }
    return resize_mask(mask, resized_size({mask.height, mask.width}, options.side_px, resize),
                       options.mask_resize);
}

Mask evaluated_mask(const Sample& sample, const MetricOptions& options, Resize resize) {
    const auto [height, width] = image_size(sample);
    return at_evaluation_size(read_mask(sample, height, width, options.truth_threshold), options,
                              resize);
}

/// Whether all test images with a mask have saturation areas, and one has.
bool has_saturation(std::span<const Sample> samples, std::span<const std::size_t> tests) {
    bool has_any = false;
    for (const auto test : tests) {
        const auto& sample = samples[test];
        if (sample.mask.empty()) { continue; }
        if (sample.saturation.empty()) { return false; }
        has_any = true;
    }
    return has_any;
}

/// The mask files of `sample` at evaluation size. Areas in pixels become as much smaller or larger
/// as the image, and those that are a share stay one.
std::vector<MarkedMask> marked(const Sample& sample, const MetricOptions& options, Resize resize) {
    if (sample.mask.empty()) { return {}; }
    const auto [height, width] = image_size(sample);
    std::vector<MarkedMask> masks;
    for (auto& [mask, area] : read_region_masks(sample, height, width, options.truth_threshold)) {
        auto evaluated = at_evaluation_size(mask, options, resize);
        const auto pixels = static_cast<double>(std::ranges::count(evaluated.anomalous, 1));
        const double enlarged = static_cast<double>(evaluated.anomalous.size()) /
                                static_cast<double>(mask.anomalous.size());
        masks.push_back(
            {std::move(evaluated), area.is_relative ? area.area * pixels : area.area * enlarged});
    }
    return masks;
}

}  // namespace

GroundTruth read_truth(std::span<const Sample> samples, std::span<const std::size_t> tests,
                       const MetricOptions& metrics, Resize resize,
                       const std::vector<std::string>& names) {
    std::vector<std::uint8_t> anomalous;
    int without_mask = 0;
    for (const auto test : tests) {
        const auto& sample = samples[test];
        anomalous.push_back(sample.anomalous ? 1 : 0);
        if (sample.anomalous && sample.mask.empty() && !sample.unseen) { ++without_mask; }
    }
    const auto mask_of = [&](std::size_t test) {
        return evaluated_mask(samples[tests[test]], metrics, resize);
    };
    auto truth = find_regions(mask_of, anomalous, metrics.connectivity, metrics.kept_side);
    truth.without_mask = without_mask;
    if (need_marked_regions(names) && has_saturation(samples, tests)) {
        mark_regions(
            [&](std::size_t test) { return marked(samples[tests[test]], metrics, resize); },
            metrics.kept_side, truth);
    }
    return truth;
}

MetricRequest request_for(std::span<const Sample> samples, std::span<const std::size_t> tests,
                          const std::vector<std::string>& names) {
    MetricRequest request{.names = names};
    bool has_groups = false;
    std::map<std::string, std::int32_t> groups;
    for (const auto test : tests) {
        const auto& sample = samples[test];
        request.types.push_back(sample.defect_type);
        has_groups = has_groups || !sample.group.empty();
        // An id has slashes, a group of its own category has not.
        const auto& name = sample.group.empty() ? sample.id : sample.group;
        const auto number = static_cast<std::int32_t>(groups.size());
        request.samples.push_back(groups.emplace(name, number).first->second);
    }
    if (!has_groups) { request.samples.clear(); }
    return request;
}

}  // namespace patchead::inline pipeline_detail
