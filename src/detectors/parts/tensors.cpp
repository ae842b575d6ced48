#include "parts/tensors.hpp"

#include "patchead/core/error.hpp"

namespace patchead::inline detectors_detail {

at::Tensor to_double(const PlainTensor& plain) {
    return at::tensor(plain.values).view(plain.shape).to(at::kDouble);
}

PlainTensor to_plain(const at::Tensor& tensor) {
    const auto values = tensor.detach().to(at::kFloat).contiguous();
    const auto* const begin = values.data_ptr<float>();
    return {values.sizes().vec(), {begin, begin + values.numel()}};
}

const PlainTensor& array_of(const NamedTensors& tensors, const std::string& name,
                            std::size_t axes) {
    const auto found = tensors.find(name);
    require<DataError>(found != tensors.end(), "there is no array '", name,
                       "'; make the file again");
    const auto& shape = found->second.shape;
    require<DataError>(axes == 0 || shape.size() == axes, "array '", name, "' has ", shape.size(),
                       " axes where ", axes, " are wanted; make the file again");
    return found->second;
}

at::Tensor view_of(const LayerTokens& tokens) {
    const std::int64_t patches = tokens.grid.size();
    const auto images =
        static_cast<std::int64_t>(tokens.patches.size()) / (patches * std::int64_t{tokens.dim});
    auto* const values = const_cast<float*>(tokens.patches.data());  // NOLINT: only read.
    return at::from_blob(values, {images, patches, tokens.dim}, at::kFloat);
}

at::Tensor unit_rows(const at::Tensor& rows) {
    return rows / rows.square().sum(-1, true).sqrt().clamp_min(1e-12);
}

double mean_of_highest(const at::Tensor& values, std::int64_t count) {
    const auto sorted = std::get<0>(values.flatten().to(at::kDouble).sort(0, true)).contiguous();
    double sum = 0;
    for (std::int64_t i = 0; i < count; ++i) { sum += sorted.data_ptr<double>()[i]; }
    return sum / static_cast<double>(count);
}

}  // namespace patchead::inline detectors_detail
