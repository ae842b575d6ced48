#include "parts/foreground.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "parts/row_blocks.hpp"
#include "patchead/core/random.hpp"

namespace patchead::inline detectors_detail {
namespace {

constexpr std::int64_t kVectorsAtOnce = 16;
constexpr int kMostRounds = 300;
constexpr double kComponentTolerance = 1e-12;  ///< Of the largest eigenvalue.

/// Orthonormal columns to start from. Shape: `[D, k]`.
at::Tensor starting_vectors(std::int64_t dim, std::int64_t k) {
    Random random("first component", 0);
    auto start = at::empty({dim, k}, at::kDouble);
    auto* const values = start.data_ptr<double>();
    for (std::int64_t i = 0; i < dim * k; ++i) { values[i] = random.normal(); }
    return std::get<0>(at::linalg_qr(start));
}

struct Component {
    at::Tensor scores;   ///< `[L]`
    at::Tensor entries;  ///< `[D]`
};

/// By iteration of a subspace, of which the best direction is taken: as exact as a decomposition,
/// several times as fast.
Component strongest(const at::Tensor& centred) {
    const auto k = std::min({kVectorsAtOnce, centred.size(0), centred.size(1)});
    auto basis = starting_vectors(centred.size(1), k);
    Component best;
    for (int round = 0; round < kMostRounds; ++round) {
        const auto scores = centred.matmul(basis);
        const auto [values, vectors] = at::linalg_eigh(scores.t().matmul(scores));
        const auto direction = vectors.select(1, k - 1);
        const auto value = values[k - 1].item<double>();
        best = {scores.mv(direction), basis.mv(direction)};
        const auto next = centred.t().matmul(scores);
        const auto rest = (next.mv(direction) - value * best.entries).norm().item<double>();
        if (!(rest > kComponentTolerance * value)) { break; }
        basis = std::get<0>(at::linalg_qr(next));
    }
    return best;
}

/// The maximum, or minimum, over `size` places around each along the raster order; beyond the ends
/// there is nothing.
at::Tensor along_raster(const at::Tensor& mask, std::int64_t size, bool is_maximum) {
    auto result = mask.clone();
    const auto* const from = mask.data_ptr<bool>();
    auto* const to = result.data_ptr<bool>();
    const auto n = mask.size(0);
    for (std::int64_t i = 0; i < n; ++i) {
        const auto first = std::max<std::int64_t>(i - size / 2, 0);
        const auto last = std::min(i - size / 2 + size, n);
        to[i] = std::find(from + first, from + last, is_maximum) != from + last ? is_maximum
                                                                                : !is_maximum;
    }
    return result;
}

/// The share of the centre of a grid that is foreground.
struct CentreCount {
    std::int64_t foreground;
    std::int64_t all;
};

CentreCount count_in_centre(const at::Tensor& mask, Grid grid, double border) {
    const auto inner = [&](int side) {
        return std::pair(static_cast<std::int64_t>(side * border),
                         static_cast<std::int64_t>(side * (1 - border)));
    };
    const auto [top, bottom] = inner(grid.rows);
    const auto [left, right] = inner(grid.cols);
    const auto centre =
        mask.view({grid.rows, grid.cols}).slice(0, top, bottom).slice(1, left, right);
    return {centre.sum().item<std::int64_t>(), centre.numel()};
}

}  // namespace

at::Tensor first_component(const at::Tensor& tokens, ComponentSign sign) {
    const SingleThread one_thread;
    const auto rows = tokens.to(at::kDouble);
    const auto centred = rows - rows.mean(0, true);
    if (!(centred.abs().max().item<double>() > 0)) {
        return at::zeros({rows.size(0)}, at::kDouble);
    }
    const auto found = strongest(centred);
    const auto& decides = sign == ComponentSign::by_score ? found.scores : found.entries;
    const auto largest = decides[decides.abs().argmax()].item<double>();
    return largest < 0 ? -found.scores : found.scores;
}

Foreground foreground_of(const at::Tensor& scores, Grid grid, const ForegroundRule& rule) {
    Foreground result;
    result.raw = scores > rule.threshold;
    const auto centre = count_in_centre(result.raw, grid, rule.border);
    const auto all = static_cast<double>(centre.all);
    const auto foreground = static_cast<double>(centre.foreground);
    result.centre_share =
        centre.all > 0 ? foreground / all : std::numeric_limits<double>::quiet_NaN();
    result.flipped = foreground <= all * rule.centre_share;
    if (result.flipped) { result.raw = -scores > rule.threshold; }
    result.dilated = along_raster(result.raw, rule.kernel_size, true);
    result.mask =
        along_raster(along_raster(result.dilated, rule.kernel_size, true), rule.kernel_size, false);
    return result;
}

}  // namespace patchead::inline detectors_detail
