#include "parts/retrieval.hpp"

#include <algorithm>
#include <limits>

#include "parts/exact_dot.hpp"
#include "parts/tensors.hpp"
#include "parts/unit_nearest.hpp"

namespace patchead::inline detectors_detail {
namespace {

/// A patch and those it is compared with, by first and last row and column.
struct RegionOfPatch {
    std::int64_t top, bottom, left, right;
};

RegionOfPatch region_of(std::int64_t patch, const SearchRegion& region) {
    const std::int64_t radius = *region.radius;
    const auto y = patch / region.grid.cols;
    const auto x = patch % region.grid.cols;
    return {std::max<std::int64_t>(y - radius, 0),
            std::min<std::int64_t>(y + radius, region.grid.rows - 1),
            std::max<std::int64_t>(x - radius, 0),
            std::min<std::int64_t>(x + radius, region.grid.cols - 1)};
}

/// Rows are of length 1 up to rounding, which (a a + b b) / 2 takes out.
double least_distance(const float* patch, const float* image, const RegionOfPatch& region,
                      std::int64_t cols, std::int64_t channels) {
    const double square = exact_dot(patch, patch, channels);
    double least = std::numeric_limits<double>::infinity();
    for (auto y = region.top; y <= region.bottom; ++y) {
        for (auto x = region.left; x <= region.right; ++x) {
            const float* const other = image + (y * cols + x) * channels;
            const double twice =
                square + exact_dot(other, other, channels) - 2 * exact_dot(patch, other, channels);
            least = std::min(least, std::max(twice / 2, 0.0));
        }
    }
    return least;
}

}  // namespace

std::vector<std::int64_t> most_similar(const at::Tensor& query, const at::Tensor& bank,
                                       std::int64_t k) {
    const auto cosines =
        (unit_rows(bank.to(at::kDouble)) * unit_rows(query.to(at::kDouble))).sum(-1);
    const auto order = cosines.argsort(/*stable=*/true, 0, /*descending=*/true).contiguous();
    const auto* const begin = order.data_ptr<std::int64_t>();
    return {begin, begin + std::min(k, order.numel())};
}

at::Tensor regional_distance(const at::Tensor& query, const at::Tensor& bank,
                             const std::vector<std::int64_t>& images, const SearchRegion& region) {
    if (!region.radius) {
        return nearest_unit_distance(query.unsqueeze(0), bank.index_select(0, at::tensor(images)))
            .squeeze(0);
    }
    const auto patches = query.size(0);
    const auto channels = query.size(1);
    const auto* const rows = query.data_ptr<float>();
    const auto* const memory = bank.data_ptr<float>();
    auto distances = at::full({patches}, std::numeric_limits<double>::infinity(), at::kDouble);
    auto* const distance = distances.data_ptr<double>();
    const std::int64_t cols = region.grid.cols;
#pragma omp parallel for schedule(static)
    for (std::int64_t p = 0; p < patches; ++p) {
        const auto near = region_of(p, region);
        for (const auto image : images) {
            const auto* const reference = memory + image * patches * channels;
            distance[p] = std::min(
                distance[p], least_distance(rows + p * channels, reference, near, cols, channels));
        }
    }
    return distances;
}

}  // namespace patchead::inline detectors_detail
