#include "parts/thinning.hpp"

#include <algorithm>
#include <numeric>

#include "parts/nearest.hpp"

namespace patchead::inline detectors_detail {
namespace {

constexpr double kFirstShare = 0.1;  ///< Of the mean distance, where t begins.
constexpr double kGrowth = 1.1;

std::size_t place(std::int64_t row) { return static_cast<std::size_t>(row); }

RowNumbers rows_where(const std::vector<bool>& flags, bool value) {
    RowNumbers rows;
    for (std::size_t i = 0; i < flags.size(); ++i) {
        if (flags[i] == value) { rows.push_back(static_cast<std::int64_t>(i)); }
    }
    return rows;
}

at::Tensor as_index(const RowNumbers& rows) { return at::tensor(rows, at::kLong); }

RowNumbers in_random_order(const RowNumbers& rows, std::int64_t count, const Random& random) {
    const auto order = shuffled(rows.size(), random);
    RowNumbers drawn;
    for (std::int64_t i = 0; i < count; ++i) { drawn.push_back(rows[order[place(i)]]); }
    return drawn;
}

/// Distances of rows to their nearest among themselves, themselves included. Shape: `[n, k]`.
at::Tensor distances_within(const at::Tensor& rows, std::int64_t neighbours) {
    return nearest(rows, rows, std::min(neighbours, rows.size(0))).squared.sqrt();
}

std::vector<bool> smallest_numbers(std::span<const double> numbers, std::int64_t count) {
    std::vector<std::size_t> order(numbers.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return numbers[i]; });
    std::vector<bool> kept(numbers.size());
    for (std::int64_t i = 0; i < count; ++i) { kept[order[place(i)]] = true; }
    return kept;
}

}  // namespace

RowNumbers some_rows(std::int64_t n, std::int64_t most, const Random& random) {
    RowNumbers rows(place(n));
    std::iota(rows.begin(), rows.end(), std::int64_t{0});
    if (n <= most) { return rows; }
    auto some = in_random_order(rows, most, random);
    std::ranges::sort(some);
    return some;
}

RowNumbers RandomDraws::subset(const RowNumbers& free, std::int64_t count) {
    return in_random_order(free, count, Random("subset", random_.bits()));
}

std::vector<double> RandomDraws::numbers(std::int64_t count) {
    std::vector<double> drawn;
    for (std::int64_t i = 0; i < count; ++i) { drawn.push_back(random_.uniform()); }
    return drawn;
}

RowNumbers RandomDraws::top_up(const RowNumbers& free) {
    return in_random_order(free, std::ssize(free), Random("top up", random_.bits()));
}

std::vector<bool> keep_apart(const at::Tensor& distances, std::span<const double> numbers,
                             std::int64_t target) {
    const auto farthest = distances.max().item<double>();
    std::vector<bool> kept(numbers.size());
    for (double t = distances.mean().item<double>() * kFirstShare;; t *= kGrowth) {
        const auto near = (distances < t).sum(-1).contiguous();
        const auto* const counts = near.data_ptr<std::int64_t>();
        for (std::size_t i = 0; i < kept.size(); ++i) {
            kept[i] = numbers[i] < 1 / (1 + static_cast<double>(counts[i]));
        }
        if (std::ranges::count(kept, true) <= target) { return kept; }
        if (!(t > 0) || t > farthest) { return smallest_numbers(numbers, target); }
    }
}

RowNumbers thinned_rows(const at::Tensor& rows, const Thinning& thinning, ThinningDraws& draws) {
    const auto n = rows.size(0);
    if (n <= thinning.target) { return rows_where(std::vector<bool>(place(n)), false); }
    std::vector<bool> kept(place(n));
    const auto of_subset = static_cast<std::int64_t>(
        1.0 / static_cast<double>(thinning.iterations) * static_cast<double>(n));
    for (std::int64_t i = 0; i < thinning.iterations && of_subset > 0; ++i) {
        const auto free = rows_where(kept, false);
        const auto subset = draws.subset(free, std::min(of_subset, std::ssize(free)));
        const auto distances =
            distances_within(rows.index_select(0, as_index(subset)), thinning.neighbours);
        const auto numbers = draws.numbers(std::ssize(subset));
        const auto stays = keep_apart(distances, numbers, thinning.target / thinning.iterations);
        for (std::size_t j = 0; j < subset.size(); ++j) { kept[place(subset[j])] = stays[j]; }
    }
    const auto missing = thinning.target - std::ranges::count(kept, true);
    if (missing > 0) {
        const auto order = draws.top_up(rows_where(kept, false));
        for (std::int64_t i = 0; i < missing; ++i) { kept[place(order.at(place(i)))] = true; }
    }
    return rows_where(kept, true);
}

}  // namespace patchead::inline detectors_detail
