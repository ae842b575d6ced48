#include "parts/mutual.hpp"

#include <omp.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <functional>
#include <limits>

#include "parts/pair_search.hpp"

namespace patchead::inline detectors_detail {
namespace {

constexpr std::int64_t kDistancesAtOnce = std::int64_t{1} << 28;
constexpr std::int64_t kImagesAtOnce = 8;  // Of each side of a pair.

/// Images [begin, end).
struct ImageRange {
    std::int64_t begin, end;
    bool operator==(const ImageRange&) const = default;
    [[nodiscard]] bool has(std::int64_t image) const { return image >= begin && image < end; }
};

/// Runs `work` for 0 .. count - 1, each on one thread: inside, a product uses that only.
void in_parallel(std::int64_t count, const std::function<void(std::int64_t)>& work) {
    std::exception_ptr failure;
#pragma omp parallel for schedule(dynamic)
    for (std::int64_t i = 0; i < count; ++i) {
        try {
            work(i);
        } catch (...) {  // An exception must not leave the region.
#pragma omp critical
            failure = std::current_exception();
        }
    }
    if (failure) { std::rethrow_exception(failure); }
}

/// Distances of the images of a panel to all.
class MutualDistances {
  public:
    MutualDistances(const at::Tensor& rows, Grid grid, const std::vector<int>& sides)
        : rows_(rows), grid_(grid), sides_(sides), images_(rows.size(0)), patches_(rows.size(1)) {
        for (int thread = 0; thread < omp_get_max_threads(); ++thread) {
            searches_.emplace_back(grid, sides);
        }
    }

    /// How many images a panel may have.
    [[nodiscard]] std::int64_t panel_size() const {
        const auto of_one = static_cast<std::int64_t>(sides_.size()) * images_ * patches_;
        return std::clamp<std::int64_t>(kDistancesAtOnce / of_one, 1, images_);
    }

    void fill(ImageRange panel) {
        panel_ = panel;
        distances_.resize(sides_.size() *
                          static_cast<std::size_t>((panel.end - panel.begin) * images_ * patches_));
        for (auto begin = panel.begin; begin < panel.end; begin += kImagesAtOnce) {
            fill_rows({begin, std::min(begin + kImagesAtOnce, panel.end)});
        }
    }

    /// To the patches of image `j` from those of `i`, which is of the panel.
    [[nodiscard]] std::span<float> of(std::size_t side, std::int64_t i, std::int64_t j) {
        const auto panel = panel_.end - panel_.begin;
        const auto row = (static_cast<std::int64_t>(side) * panel + i - panel_.begin) * images_ + j;
        return std::span(distances_)
            .subspan(static_cast<std::size_t>(row * patches_), static_cast<std::size_t>(patches_));
    }

  private:
    [[nodiscard]] std::vector<SearchedImage> searched(ImageRange range) const {
        std::vector<SearchedImage> images(static_cast<std::size_t>(range.end - range.begin));
        in_parallel(range.end - range.begin, [&](std::int64_t i) {
            images[static_cast<std::size_t>(i)] =
                searched_image(rows_[range.begin + i], grid_, sides_);
        });
        return images;
    }

    /// The pairs of some images and of all that come in question.
    void fill_rows(ImageRange of_left) {
        const auto left = searched(of_left);
        for (std::int64_t begin = 0; begin < images_; begin += kImagesAtOnce) {
            const ImageRange of_right{begin, std::min(begin + kImagesAtOnce, images_)};
            const auto pairs = pairs_of(of_left, of_right);
            if (pairs.empty()) { continue; }
            const auto right = of_right == of_left ? left : searched(of_right);
            in_parallel(static_cast<std::int64_t>(pairs.size()), [&](std::int64_t pair) {
                const auto [i, j] = pairs[static_cast<std::size_t>(pair)];
                search(i, left[static_cast<std::size_t>(i - of_left.begin)], j,
                       right[static_cast<std::size_t>(j - begin)]);
            });
        }
    }

    /// Of two images of the panel one direction gives the other.
    [[nodiscard]] std::vector<std::pair<std::int64_t, std::int64_t>> pairs_of(
        ImageRange left, ImageRange right) const {
        std::vector<std::pair<std::int64_t, std::int64_t>> pairs;
        for (auto i = left.begin; i < left.end; ++i) {
            for (auto j = right.begin; j < right.end; ++j) {
                if (i < j || !(panel_.has(j) || i == j)) { pairs.emplace_back(i, j); }
            }
        }
        return pairs;
    }

    void search(std::int64_t i, const SearchedImage& left, std::int64_t j,
                const SearchedImage& right) {
        std::vector<std::span<float>> by_row;
        std::vector<std::span<float>> by_col;
        for (std::size_t side = 0; side < sides_.size(); ++side) {
            by_row.push_back(of(side, i, j));
            by_col.push_back(panel_.has(j) ? of(side, j, i) : std::span<float>{});
        }
        searches_[static_cast<std::size_t>(omp_get_thread_num())].run(left, right, by_row, by_col);
    }

    const at::Tensor& rows_;
    Grid grid_;
    const std::vector<int>& sides_;
    std::int64_t images_;
    std::int64_t patches_;
    std::vector<PairSearch> searches_;  ///< One a thread.
    ImageRange panel_{0, 0};
    std::vector<float> distances_;  ///< Shape: `[sides, images of the panel, N, L]`.
};

/// Summed in ascending order.
double mean_of_least(std::vector<float>& values, std::int64_t count) {
    if (count == 0) { return std::numeric_limits<double>::quiet_NaN(); }
    std::partial_sort(values.begin(), values.begin() + count, values.end());
    double sum = 0;
    for (std::int64_t i = 0; i < count; ++i) { sum += values[static_cast<std::size_t>(i)]; }
    return sum / static_cast<double>(count);
}

}  // namespace

at::Tensor mutual_scores(const at::Tensor& rows, Grid grid, const std::vector<int>& sides,
                         std::int64_t count) {
    const auto images = rows.size(0);
    const auto patches = rows.size(1);
    auto scores =
        at::empty({static_cast<std::int64_t>(sides.size()), images, patches}, at::kDouble);
    auto scores_of = scores.accessor<double, 3>();
    MutualDistances distances(rows, grid, sides);
    const auto score_image = [&](std::size_t side, std::int64_t i) {
        std::vector<float> of_patch;
        for (std::int64_t p = 0; p < patches; ++p) {
            of_patch.clear();
            for (std::int64_t j = 0; j < images; ++j) {
                if (j != i) {
                    of_patch.push_back(distances.of(side, i, j)[static_cast<std::size_t>(p)]);
                }
            }
            scores_of[static_cast<std::int64_t>(side)][i][p] = mean_of_least(of_patch, count);
        }
    };
    for (std::int64_t begin = 0; begin < images; begin += distances.panel_size()) {
        const ImageRange panel{begin, std::min(begin + distances.panel_size(), images)};
        distances.fill(panel);
        in_parallel(panel.end - panel.begin, [&](std::int64_t i) {
            for (std::size_t side = 0; side < sides.size(); ++side) {
                score_image(side, panel.begin + i);
            }
        });
    }
    return scores;
}

double mutual_flops(const LayerPlan& layer, double others, const std::vector<int>& sides) {
    const double patches = layer.grid.size();
    double each = layer.dim;  // A product of two patches serves both.
    for (const int side : sides) { each += side > 1 ? side : 0; }
    return others * patches * patches * each;
}

}  // namespace patchead::inline detectors_detail
