#include "parts/winclip_windows.hpp"

#include "parts/tensors.hpp"
#include "parts/unit_nearest.hpp"

namespace patchead::inline detectors_detail {

at::Tensor window_patches(Grid grid, int side) {
    const auto places = at::arange(grid.size(), at::kLong).view({1, 1, grid.rows, grid.cols});
    return places.unfold(2, side, 1).unfold(3, side, 1).flatten(4).flatten(0, 3).t().contiguous();
}

at::Tensor anomaly_probability(const at::Tensor& embeddings, const at::Tensor& text,
                               double temperature) {
    const auto cosines = unit_rows(embeddings).matmul(unit_rows(text).t()) / temperature;
    return (cosines.select(-1, 1) - cosines.select(-1, 0)).sigmoid();
}

at::Tensor harmonic_map(const at::Tensor& values, const at::Tensor& patches, Grid grid) {
    auto inverses = at::zeros({values.size(0), grid.size()}, at::kDouble);
    auto windows = at::zeros({grid.size()}, at::kDouble);
    const auto inverse = values.to(at::kDouble).reciprocal();
    for (std::int64_t place = 0; place < patches.size(0); ++place) {  // Of a patch in its window.
        inverses.index_add_(1, patches[place], inverse);
        windows.index_add_(0, patches[place], at::ones({patches.size(1)}, at::kDouble));
    }
    return (windows / inverses).view({-1, grid.rows, grid.cols});
}

at::Tensor association(const at::Tensor& embeddings, const at::Tensor& references) {
    return nearest_cosine_distance(embeddings, references) / 2;
}

}  // namespace patchead::inline detectors_detail
