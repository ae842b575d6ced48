#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "crop.hpp"
#include "patchead/core/error.hpp"
#include "patchead/metrics/ground_truth.hpp"
#include "patchead/metrics/metrics.hpp"

namespace patchead {
namespace {

/// Counts regions from 0 in the order in which they come.
class Renumbering {
  public:
    GroundTruth::Pixels apply(GroundTruth::Pixels pixels) {
        for (auto& region : pixels.region) {
            region =
                numbers_.emplace(region, static_cast<std::uint32_t>(numbers_.size())).first->second;
        }
        return pixels;
    }

    /// What the regions that came have in `values`; nothing if that is empty.
    [[nodiscard]] std::vector<std::uint32_t> pick(const std::vector<std::uint32_t>& values) const {
        if (values.empty()) { return {}; }
        std::vector<std::uint32_t> picked(numbers_.size());
        for (const auto& [before, now] : numbers_) { picked[now] = values[before]; }
        return picked;
    }

  private:
    std::map<std::uint32_t, std::uint32_t> numbers_;
};

/// Anomalous pixels of `mask` that are among `known` (ascending).
std::vector<std::uint32_t> pixels_in(const Mask& mask, const std::vector<std::uint32_t>& known) {
    std::vector<std::uint32_t> found;
    std::ranges::copy_if(known, std::back_inserter(found),
                         [&](std::uint32_t pixel) { return mask.anomalous[pixel] != 0; });
    return found;
}

}  // namespace

void mark_regions(const MarkedSource& masks, double kept_side, GroundTruth& truth) {
    auto& marked = truth.marked;
    marked = {};
    for (std::size_t i = 0; i < truth.images.size(); ++i) {
        const auto& image = truth.images[i];
        GroundTruth::Pixels pixels{image.size, {}, {}, image.uncropped};
        for (const auto& [whole, saturation_px] : masks(i)) {
            const MapSize size{whole.height, whole.width};
            PATCHEAD_ASSERT(size == image.map_size());
            const auto mask =
                size == image.size ? whole : cropped(whole, middle_of(size, kept_side));
            const auto found = pixels_in(mask, image.index);
            if (found.empty()) { continue; }
            const auto region = static_cast<std::uint32_t>(marked.saturation_px.size());
            marked.saturation_px.push_back(static_cast<std::uint32_t>(
                std::clamp(std::floor(saturation_px), 1.0, static_cast<double>(found.size()))));
            pixels.index.insert(pixels.index.end(), found.begin(), found.end());
            pixels.region.resize(pixels.index.size(), region);
        }
        marked.images.push_back(std::move(pixels));
    }
}

GroundTruth truth_of(const GroundTruth& truth, std::span<const std::size_t> kept) {
    GroundTruth part;
    Renumbering regions;
    Renumbering marked;
    for (const auto i : kept) {
        part.images.push_back(regions.apply(truth.images[i]));
        if (!truth.marked.images.empty()) {
            part.marked.images.push_back(marked.apply(truth.marked.images[i]));
        }
    }
    part.region_sizes = regions.pick(truth.region_sizes);
    part.saturation_px = regions.pick(truth.saturation_px);
    part.marked.saturation_px = marked.pick(truth.marked.saturation_px);
    // Of which images they are is not known.
    part.vanished = truth.vanished;
    part.without_mask = truth.without_mask;
    return part;
}

}  // namespace patchead
