#include "point_scores.hpp"

#include <algorithm>

#include "features.hpp"
#include "patchead/plan/fusion.hpp"

namespace patchead::inline pipeline_detail {
namespace {

/// Copies are versions of the same images: they go by the scale of these.
void calibrate(FuseCalibration how, TestScores& tests) {
    if (how == FuseCalibration::none) { return; }
    const Calibration of_patches(how, own_scores(tests.scores));
    of_patches.apply(tests.scores.patches);
    for (auto& copies : tests.copies) { of_patches.apply(copies.scores.patches); }
    const Calibration of_images(how, tests.scores.images);
    of_images.apply(tests.scores.images);
}

}  // namespace

std::vector<float> PointScores::images() const {
    if (parts.size() == 1) { return parts.front().tests.scores.images; }
    FusedScores fused(rule);
    for (const auto& part : parts) { fused.add(part.tests.scores.images); }
    return fused.take();
}

std::size_t PointScores::finest() const {
    const auto patches = [](const Part& part) { return part.tests.scores.grid.size(); };
    return static_cast<std::size_t>(std::ranges::max_element(parts, {}, patches) - parts.begin());
}

PatchScores PointScores::patches(const MetricOptions& options) const {
    if (parts.size() == 1) { return parts.front().tests.scores; }
    MetricOptions at_patches = options;
    at_patches.smooth_sigma_px = 0;
    const auto grid = parts[finest()].tests.scores.grid;
    PatchScores all{grid, ids(), {}, images()};
    FusedScores fused(rule);
    for (std::size_t image = 0; image < all.ids.size(); ++image) {
        for (const auto& [tests, transforms] : parts) {
            fused.add(map_of(tests.scores, image, {grid.rows, grid.cols}, at_patches));
        }
        const auto map = fused.take();
        all.patches.insert(all.patches.end(), map.begin(), map.end());
    }
    return all;
}

PointScores score_point(const Store& store, const SweepPlan& plan, const EvaluateUnit& unit,
                        const ForegroundSource& foreground) {
    PointScores point;
    for (const auto* part : parts_of(plan, unit)) {
        point.parts.push_back({score_tests(store, plan, *part, foreground),
                               read_transforms(store, plan, part->transforms)});
    }
    if (!unit.fusion) { return point; }
    point.rule = unit.fusion->rule;
    for (auto& part : point.parts) {
        require_finite(part.tests.scores);
        calibrate(unit.fusion->options.calibration, part.tests);
    }
    return point;
}

FusedMaps::FusedMaps(const PointScores& scores, const MetricOptions& options)
    : fused_(scores.rule) {
    for (const auto& [tests, transforms] : scores.parts) {
        parts_.emplace_back(tests, transforms, options);
    }
}

std::span<const float> FusedMaps::map(std::size_t image, MapSize size) {
    if (parts_.size() == 1) { return parts_.front().map(image, size); }
    for (auto& part : parts_) { fused_.add(part.map(image, size)); }
    map_ = fused_.take();
    return map_;
}

}  // namespace patchead::inline pipeline_detail
