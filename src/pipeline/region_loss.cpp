#include "patchead/pipeline/region_loss.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <tuple>

#include "category_truth.hpp"
#include "patchead/data/image_io.hpp"
#include "patchead/metrics/metrics.hpp"

namespace patchead {
namespace {

constexpr std::uint32_t kGround = 0;

/// The regions of one mask: of each pixel that of its region, counted from 1, else kGround.
struct RegionMap {
    MapSize size;
    std::vector<std::uint32_t> region;
    std::size_t count = 0;
};

RegionMap region_map(const Mask& mask, int connectivity) {
    const std::vector<std::uint8_t> anomalous{1};
    const auto truth = find_regions([&](std::size_t) { return mask; }, anomalous, connectivity);
    RegionMap map{{mask.height, mask.width}, {}, truth.region_sizes.size()};
    map.region.resize(map.size.area(), kGround);
    const auto& pixels = truth.images.front();
    for (std::size_t i = 0; i < pixels.index.size(); ++i) {
        map.region[pixels.index[i]] = pixels.region[i] + 1;
    }
    return map;
}

/// The pixels `[first, last)` of a side of `to` that pixel `at` of a side of `from` covers, in part
/// or wholly.
struct Covered {
    Covered(int at, int from, int to)
        : first(static_cast<int>(std::int64_t{at} * to / from)),
          last(static_cast<int>((std::int64_t{at + 1} * to + from - 1) / from)) {}
    int first;
    int last;
};

/// Regions of `map` under an anomalous pixel of `mask`, the middle of one of `size`.
std::set<std::uint32_t> regions_under(const GroundTruth::Pixels& mask, double kept_side,
                                      const RegionMap& map) {
    std::set<std::uint32_t> found;
    const auto size = mask.map_size();
    const auto window = middle_of(size, kept_side);
    for (const auto index : mask.index) {
        const auto pixel = static_cast<int>(index);
        const Covered rows(window.top + pixel / mask.size.width, size.height, map.size.height);
        const Covered cols(window.left + pixel % mask.size.width, size.width, map.size.width);
        for (int y = rows.first; y < rows.last; ++y) {
            for (int x = cols.first; x < cols.last; ++x) {
                found.insert(map.region[static_cast<std::size_t>(y) *
                                            static_cast<std::size_t>(map.size.width) +
                                        static_cast<std::size_t>(x)]);
            }
        }
    }
    found.erase(kGround);
    return found;
}

RegionLoss loss_of(const SweepPlan& plan, const EvaluateUnit& unit) {
    RegionLoss loss{unit.dataset, unit.category, unit.metrics.side_px};
    const auto truth =
        read_truth(plan.spec.samples, unit.tests, unit.metrics, plan.spec.method.features.resize);
    loss.measured = truth.region_sizes.size();
    for (std::size_t test = 0; test < unit.tests.size(); ++test) {
        const auto& sample = plan.spec.samples[unit.tests[test]];
        if (!sample.anomalous || sample.mask.empty()) { continue; }
        const auto [height, width] = image_size(sample);
        const auto map = region_map(read_mask(sample, height, width, unit.metrics.truth_threshold),
                                    unit.metrics.connectivity);
        const auto& measured = truth.images[test];
        ++loss.images;
        loss.empty += measured.index.empty() ? 1 : 0;
        loss.in_files += map.count;
        loss.lost += map.count - regions_under(measured, unit.metrics.kept_side, map).size();
    }
    return loss;
}

}  // namespace

std::vector<RegionLoss> region_losses(const SweepPlan& plan) {
    std::vector<RegionLoss> losses;
    std::set<std::tuple<std::string, std::string, int>> known;
    for (const auto& unit : plan.evaluates) {
        if (!known.emplace(unit.dataset, unit.category, unit.metrics.side_px).second) { continue; }
        losses.push_back(loss_of(plan, unit));
    }
    return losses;
}

}  // namespace patchead
