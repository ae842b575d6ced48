#include "parts/lnamd.hpp"

#include "parts/mutual.hpp"
#include "parts/neighbourhood.hpp"

namespace patchead::inline detectors_detail {

at::Tensor lnamd_scores(const at::Tensor& tokens, Grid grid, Grid onto,
                        const std::vector<int>& sides, std::int64_t count) {
    const auto rows = joint_layer_norm(tokens);
    if (grid == onto) { return mutual_scores(rows, grid, sides, count); }
    std::vector<at::Tensor> scores;
    for (const int side : sides) {
        auto moved = at::empty({rows.size(0), onto.size(), rows.size(2)}, at::kFloat);
        for (std::int64_t i = 0; i < rows.size(0); ++i) {
            moved[i].copy_(
                rows_on_grid(window_sums(rows.narrow(0, i, 1), grid, side), grid, onto)[0]);
        }
        scores.push_back(mutual_scores(moved, onto, {1}, count));
    }
    return at::cat(scores);
}

}  // namespace patchead::inline detectors_detail
