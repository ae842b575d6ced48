#include "patchead/backbone/tensor_file.hpp"

#include <ATen/ATen.h>

#include "verify/network_fixture.hpp"

namespace patchead {

NamedTensors read_tensor_file(const std::filesystem::path& file) {
    NamedTensors tensors;
    for (const auto& [key, values] : read_floats(file)) {
        const auto flat = values.contiguous();
        const auto* begin = flat.data_ptr<float>();
        tensors[key] = {flat.sizes().vec(), {begin, begin + flat.numel()}};
    }
    return tensors;
}

}  // namespace patchead
