#include "parts/unit_images.hpp"

#include "parts/tensors.hpp"

namespace patchead::inline detectors_detail {

at::Tensor unit_images(const at::Tensor& tokens) {
    auto rows = at::empty(tokens.sizes(), at::kFloat);
    for (std::int64_t i = 0; i < tokens.size(0); ++i) {
        rows[i].copy_(unit_rows(tokens[i].to(at::kDouble)));
    }
    return rows;
}

at::Tensor model_view(const DetectorModel& model, const std::string& name, std::size_t axes) {
    const auto& array = array_of(model, name, axes);
    auto* const values = const_cast<float*>(array.values.data());  // NOLINT: only read.
    return at::from_blob(values, array.shape, at::kFloat);
}

}  // namespace patchead::inline detectors_detail
