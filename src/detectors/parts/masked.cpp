#include "parts/masked.hpp"

#include <algorithm>

#include "parts/tensors.hpp"

namespace patchead::inline detectors_detail {

at::Tensor scores_inside(const at::Tensor& rows, const at::Tensor& mask,
                         const std::function<at::Tensor(const at::Tensor&)>& score) {
    auto scores = at::zeros({rows.size(0)}, at::kDouble);
    const auto places = mask.nonzero().flatten();
    if (places.numel() > 0) { scores.index_copy_(0, places, score(rows.index_select(0, places))); }
    return scores;
}

double top_share_score(const at::Tensor& values, double share) {
    const auto count = static_cast<std::int64_t>(share * static_cast<double>(values.numel()));
    return mean_of_highest(values, std::max<std::int64_t>(count, 1));
}

at::Tensor without_image(const at::Tensor& rows, std::int64_t image) {
    const auto before = rows.narrow(0, 0, image);
    const auto after = rows.narrow(0, image + 1, rows.size(0) - image - 1);
    return at::cat({before, after}).view({-1, rows.size(-1)});
}

}  // namespace patchead::inline detectors_detail
