#include "parts/stored_view.hpp"

#include "parts/tensors.hpp"

namespace patchead::inline detectors_detail {

at::Tensor stored_view(const NamedTensors& model, const std::string& name, std::size_t axes) {
    const auto& stored = array_of(model, name, axes);
    auto* const values = const_cast<float*>(stored.values.data());  // NOLINT: only read.
    return at::from_blob(values, stored.shape, at::kFloat);
}

}  // namespace patchead::inline detectors_detail
