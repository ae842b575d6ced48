#include "parts/nearest.hpp"

#include <algorithm>

namespace patchead::inline detectors_detail {
namespace {

constexpr std::int64_t kValuesAtOnce = std::int64_t{1} << 22;  // Of a matrix of distances.

/// Squared distances of a few queries to all of the memory. Shape: `[q, m]`.
at::Tensor squared_distances(const at::Tensor& queries, const at::Tensor& memory,
                             const at::Tensor& memory_squares) {
    const auto squares = queries.square().sum(-1, true);
    return (squares + memory_squares.unsqueeze(0) - 2 * queries.matmul(memory.t())).clamp_min(0);
}

/// The distances of `rows[q, k]` again, from differences: a difference of large squares has lost
/// the digits of a small distance.
at::Tensor exact_distances(const at::Tensor& queries, const at::Tensor& memory,
                           const at::Tensor& rows) {
    const auto near = memory.index_select(0, rows.flatten()).view({rows.size(0), rows.size(1), -1});
    return (near - queries.unsqueeze(1)).square().sum(-1);
}

}  // namespace

Neighbours nearest(const at::Tensor& queries, const at::Tensor& memory, std::int64_t k) {
    const auto all = queries.to(at::kDouble);
    const auto rows = memory.to(at::kDouble);
    const auto squares = rows.square().sum(-1);
    const auto at_once = std::max<std::int64_t>(1, kValuesAtOnce / rows.size(0));
    std::vector<at::Tensor> distances;
    std::vector<at::Tensor> places;
    for (std::int64_t begin = 0; begin < all.size(0); begin += at_once) {
        const auto part = all.narrow(0, begin, std::min(at_once, all.size(0) - begin));
        const auto rough = squared_distances(part, rows, squares);
        const auto found = std::get<1>(rough.sort(/*stable=*/true, -1, /*descending=*/false))
                               .narrow(-1, 0, k)
                               .contiguous();
        const auto exact = exact_distances(part, rows, found);
        const auto order = exact.argsort(/*stable=*/true, -1, /*descending=*/false);
        distances.push_back(exact.gather(-1, order));
        places.push_back(found.gather(-1, order));
    }
    return {at::cat(distances), at::cat(places)};
}

}  // namespace patchead::inline detectors_detail
