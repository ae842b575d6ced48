#include "parts/memory_scores.hpp"

#include <algorithm>

namespace patchead::inline detectors_detail {

at::Tensor mean_of_nearest(const Neighbours& neighbours, std::int64_t k) {
    const auto count = std::min(k, neighbours.squared.size(1));
    auto sum = neighbours.squared.select(1, 0).clone();
    for (std::int64_t i = 1; i < count; ++i) { sum += neighbours.squared.select(1, i); }
    return sum / static_cast<double>(count);
}

double reweighted_score(const at::Tensor& patches, const Neighbours& neighbours,
                        const at::Tensor& memory, std::int64_t b) {
    const auto distances = neighbours.squared.select(1, 0).sqrt();
    const auto top = distances.argmax();
    const auto row = neighbours.rows.select(1, 0).index_select(0, top);
    const auto near = nearest(memory.index_select(0, row), memory, std::min(b, memory.size(0)));
    const auto around = memory.index_select(0, near.rows.flatten());
    const auto patch = patches.index_select(0, top);
    // The nearest row comes first, unless a row that equals it is lower: its distance is the same.
    const auto apart = (around.to(at::kDouble) - patch.to(at::kDouble)).square().sum(-1).sqrt();
    const auto share = apart.softmax(0)[0].item<double>();
    return (1 - share) * distances.index_select(0, top).item<double>();
}

}  // namespace patchead::inline detectors_detail
