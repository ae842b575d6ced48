#include <array>
#include <limits>
#include <span>

#include "crop.hpp"
#include "patchead/core/error.hpp"
#include "patchead/metrics/metrics.hpp"

namespace patchead {
namespace {

constexpr auto kNoRegion = std::numeric_limits<std::uint32_t>::max();

struct Step {
    int dy;
    int dx;
};

/// To the pixels that one touches at edges, and to those at corners.
constexpr std::array<Step, 8> kSteps{
    {{-1, 0}, {0, -1}, {0, 1}, {1, 0}, {-1, -1}, {-1, 1}, {1, -1}, {1, 1}}};

/// Finds the regions of one mask after the other.
class RegionFinder {
  public:
    explicit RegionFinder(std::size_t connectivity)
        : steps_(std::span(kSteps).first(connectivity)) {}

    /// Anomalous pixels of `mask`, their regions numbered in the order of their first pixels and
    /// on from those in `sizes`, which grows by them.
    GroundTruth::Pixels find(const Mask& mask, std::vector<std::uint32_t>& sizes) {
        GroundTruth::Pixels found{{mask.height, mask.width}, {}, {}};
        region_.resize(found.size.area(), kNoRegion);
        for (std::uint32_t pixel = 0; pixel < found.size.area(); ++pixel) {
            if (mask.anomalous[pixel] == 0) { continue; }
            if (region_[pixel] == kNoRegion) {
                const auto region = static_cast<std::uint32_t>(sizes.size());
                sizes.push_back(fill(mask, pixel, region));
            }
            found.index.push_back(pixel);
            found.region.push_back(region_[pixel]);
        }
        for (const auto pixel : found.index) { region_[pixel] = kNoRegion; }
        return found;
    }

  private:
    /// Gives `region` to everything connected with `start`; its size.
    std::uint32_t fill(const Mask& mask, std::uint32_t start, std::uint32_t region) {
        std::uint32_t size = 0;
        region_[start] = region;
        open_.push_back(start);
        while (!open_.empty()) {
            const auto pixel = static_cast<int>(open_.back());
            open_.pop_back();
            ++size;
            for (const auto [dy, dx] : steps_) {
                visit(mask, pixel / mask.width + dy, pixel % mask.width + dx, region);
            }
        }
        return size;
    }

    void visit(const Mask& mask, int y, int x, std::uint32_t region) {
        if (y < 0 || y >= mask.height || x < 0 || x >= mask.width) { return; }
        const auto pixel = static_cast<std::uint32_t>(y * mask.width + x);
        if (mask.anomalous[pixel] == 0 || region_[pixel] != kNoRegion) { return; }
        region_[pixel] = region;
        open_.push_back(pixel);
    }

    std::span<const Step> steps_;
    /// Of each pixel of the mask in hand; kNoRegion between masks.
    std::vector<std::uint32_t> region_;
    std::vector<std::uint32_t> open_;  ///< Pixels whose neighbours were not looked at yet.
};

}  // namespace

GroundTruth find_regions(const TruthSource& masks, std::span<const std::uint8_t> anomalous,
                         int connectivity, double kept_side) {
    require<ConfigError>(connectivity == 4 || connectivity == 8, "a connectivity of ", connectivity,
                         " (pixels touch at edges or at corners too); give 4 or 8");
    GroundTruth truth;
    RegionFinder finder(static_cast<std::size_t>(connectivity));
    for (std::size_t i = 0; i < anomalous.size(); ++i) {
        const auto mask = masks(i);
        const MapSize size{mask.height, mask.width};
        const auto window = middle_of(size, kept_side);
        if (window.size == size) {
            truth.images.push_back(finder.find(mask, truth.region_sizes));
        } else {
            truth.images.push_back(finder.find(cropped(mask, window), truth.region_sizes));
            truth.images.back().uncropped = size;
        }
        if (anomalous[i] != 0 && truth.images.back().index.empty()) { ++truth.vanished; }
    }
    return truth;
}

}  // namespace patchead
