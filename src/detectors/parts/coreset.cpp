#include "parts/coreset.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "parts/wide_rows.hpp"

namespace patchead::inline detectors_detail {
namespace {

constexpr std::size_t kFarthestAtOnce = 1024;
constexpr std::size_t kRowsOfBlock = 32;

using Indices = std::vector<std::int64_t>;

double squared_of(const WideRows& a, std::size_t i, const WideRows& b, std::size_t j,
                  double product) {
    return std::max(0.0, a.square(i) + b.square(j) - 2 * product);
}

/// Calls `work(rows, first, count)` for blocks of n rows on all threads.
template <class Work>
void for_blocks(std::size_t n, std::size_t rows_of_block, const Work& work) {
    const auto blocks = static_cast<std::int64_t>((n + rows_of_block - 1) / rows_of_block);
#pragma omp parallel for schedule(dynamic)
    for (std::int64_t block = 0; block < blocks; ++block) {
        const auto first = static_cast<std::size_t>(block) * rows_of_block;
        work(first, std::min(rows_of_block, n - first));
    }
}

/// Squared distances to the members so far, as far as they are known: a row that has not seen the
/// last members may be nearer to them.
class Farthest {
  public:
    Farthest(const at::Tensor& rows, std::vector<double> squared)
        : rows_(rows),
          members_(rows.size(1)),
          squared_(std::move(squared)),
          seen_(squared_.size()) {}

    /// Chooses until there are `count`, or until no row is apart from all members.
    Indices choose(Indices chosen, std::size_t count) {
        members_.append(rows_, chosen);
        while (chosen.size() < count) {
            const auto group = farthest();
            look_again(group);
            if (!choose_of(group, chosen, count)) { break; }
        }
        return chosen;
    }

  private:
    /// The rows that seem the farthest, by row, and sets how far the others may be: not as far as
    /// the last of them, or as far and of a higher row.
    Indices farthest() {
        const auto n = squared_.size();
        const auto wanted = std::min(n, kFarthestAtOnce);
        scratch_ = squared_;
        const auto last = scratch_.begin() + static_cast<std::ptrdiff_t>(wanted) - 1;
        std::ranges::nth_element(scratch_, last, std::greater());
        bound_ = *last;
        auto equal = wanted - static_cast<std::size_t>(std::count_if(
                                  scratch_.begin(), last, [this](double d) { return d > bound_; }));
        Indices group;
        for (std::size_t i = 0; i < n; ++i) {
            if (squared_[i] < bound_ || (squared_[i] == bound_ && equal == 0)) { continue; }
            if (squared_[i] == bound_) { --equal; }
            group.push_back(static_cast<std::int64_t>(i));
            if (squared_[i] == bound_) { bound_row_ = group.back(); }
        }
        return group;
    }

    /// Lowers the distances of some rows by the members that they have not seen.
    void look_again(Indices group) {
        std::ranges::stable_sort(group, {}, [this](std::int64_t row) { return seen(row); });
        for_blocks(group.size(), kRowsOfBlock, [&](std::size_t first, std::size_t count) {
            lower(std::span(group).subspan(first, count));
        });
    }

    /// Of rows in order of what they have seen.
    void lower(std::span<const std::int64_t> which) {
        const auto first = seen(which.front());
        const auto unseen = members_.size() - first;
        if (unseen == 0) { return; }
        WideRows rows(rows_.size(1));
        rows.append(rows_, which);
        std::vector<double> found(which.size() * unseen);
        products(rows, members_, first, found);
        for (std::size_t i = 0; i < which.size(); ++i) {
            auto& squared = squared_[static_cast<std::size_t>(which[i])];
            for (std::size_t j = 0; j < unseen; ++j) {
                squared = std::min(squared,
                                   squared_of(rows, i, members_, first + j, found[i * unseen + j]));
            }
            seen(which[i]) = members_.size();
        }
    }

    /// Chooses among `group` while its farthest is as far as any other row may be. False at the
    /// end.
    bool choose_of(const Indices& group, Indices& chosen, std::size_t count) {
        Indices alive;
        std::ranges::copy_if(group, std::back_inserter(alive),
                             [this](std::int64_t row) { return may_be_farthest(row); });
        if (alive.empty()) { return true; }
        WideRows rows(rows_.size(1));
        rows.append(rows_, alive);
        std::vector<double> found(alive.size());
        while (chosen.size() < count) {
            const auto top = std::ranges::max_element(
                alive, {}, [this](std::int64_t row) { return squared(row); });
            if (!may_be_farthest(*top)) { break; }  // A row outside the group may be.
            if (squared(*top) <= 0) { return false; }
            chosen.push_back(*top);
            members_.append(rows_, std::span(&*top, 1));
            products(rows, members_, members_.size() - 1, found);
            for (std::size_t i = 0; i < alive.size(); ++i) {
                squared(alive[i]) =
                    std::min(squared(alive[i]),
                             squared_of(rows, i, members_, members_.size() - 1, found[i]));
            }
        }
        for (const auto row : alive) { seen(row) = members_.size(); }
        return true;
    }

    [[nodiscard]] bool may_be_farthest(std::int64_t row) const {
        const auto value = squared_[static_cast<std::size_t>(row)];
        return value > bound_ || (value == bound_ && row <= bound_row_);
    }

    double& squared(std::int64_t row) { return squared_[static_cast<std::size_t>(row)]; }
    std::size_t& seen(std::int64_t row) { return seen_[static_cast<std::size_t>(row)]; }

    const at::Tensor& rows_;
    WideRows members_;
    std::vector<double> squared_;
    std::vector<std::size_t> seen_;  ///< How many members a row's distance takes into account.
    std::vector<double> scratch_{};
    double bound_ = 0;
    std::int64_t bound_row_ = 0;
};

at::Tensor single_rows(const at::Tensor& rows) { return rows.to(at::kFloat).contiguous(); }

}  // namespace

std::vector<std::int64_t> coreset_around(const at::Tensor& rows,
                                         std::span<const std::int64_t> starts, std::int64_t count) {
    const auto single = single_rows(rows);
    WideRows centres(single.size(1));
    centres.append(single, starts);
    std::vector<double> squared(static_cast<std::size_t>(single.size(0)));
    for_blocks(squared.size(), kRowsOfBlock, [&](std::size_t first, std::size_t rows_of_block) {
        Indices which(rows_of_block);
        std::iota(which.begin(), which.end(), static_cast<std::int64_t>(first));
        WideRows block(single.size(1));
        block.append(single, which);
        std::vector<double> found(rows_of_block * centres.size());
        products(block, centres, 0, found);
        for (std::size_t i = 0; i < rows_of_block; ++i) {
            double sum = 0;
            for (std::size_t j = 0; j < centres.size(); ++j) {
                sum += std::sqrt(squared_of(block, i, centres, j, found[i * centres.size() + j]));
            }
            const double mean = sum / static_cast<double>(centres.size());
            squared[first + i] = mean * mean;
        }
    });
    return Farthest(single, std::move(squared)).choose({}, static_cast<std::size_t>(count));
}

std::vector<std::int64_t> coreset_from(const at::Tensor& rows, std::int64_t start,
                                       std::int64_t count) {
    const auto single = single_rows(rows);
    std::vector<double> squared(static_cast<std::size_t>(single.size(0)),
                                std::numeric_limits<double>::infinity());
    return Farthest(single, std::move(squared)).choose({start}, static_cast<std::size_t>(count));
}

at::Tensor projected(const at::Tensor& rows, const at::Tensor& matrix) {
    const auto from = single_rows(rows);
    const auto by = single_rows(matrix);
    WideRows axes(by.size(1));
    Indices all(static_cast<std::size_t>(by.size(0)));
    std::iota(all.begin(), all.end(), 0);
    axes.append(by, all);
    auto result = at::empty({from.size(0), by.size(0)}, at::kFloat);
    auto* const to = result.data_ptr<float>();
    const auto n = static_cast<std::size_t>(from.size(0));
    for_blocks(n, kRowsOfBlock, [&](std::size_t first, std::size_t count) {
        Indices which(count);
        std::iota(which.begin(), which.end(), static_cast<std::int64_t>(first));
        WideRows block(from.size(1));
        block.append(from, which);
        std::vector<double> found(count * axes.size());
        products(block, axes, 0, found);
        std::ranges::transform(found, to + first * axes.size(),
                               [](double value) { return static_cast<float>(value); });
    });
    return result;
}

std::int64_t share_of(std::int64_t rows, double share) {
    return std::max<std::int64_t>(1, static_cast<std::int64_t>(static_cast<double>(rows) * share));
}

}  // namespace patchead::inline detectors_detail
