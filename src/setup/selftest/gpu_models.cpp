#include "selftest/gpu_models.hpp"

#include <algorithm>
#include <array>

namespace patchead::inline setup_detail {
namespace {

constexpr auto kModels = std::to_array<GpuModel>({
#define PATCHEAD_GPU(name, in_driver, fp32, tf32, bf16, memory) \
    {name, in_driver, fp32, tf32, bf16, memory},
#include "selftest/gpus.def"
#undef PATCHEAD_GPU
});

}  // namespace

std::span<const GpuModel> gpu_models() { return kModels; }

const GpuModel* find_gpu(std::string_view device_name) {
    const auto found = std::ranges::find_if(kModels, [&](const GpuModel& gpu) {
        return device_name.find(gpu.in_driver) != device_name.npos;
    });
    return found != kModels.end() ? &*found : nullptr;
}

double peak_gflops(const GpuModel& gpu, std::string_view precision) {
    if (precision == "fp32") { return 1e3 * gpu.fp32_tflops; }
    return 1e3 * (precision == "tf32" ? gpu.tf32_tflops : gpu.bf16_tflops);
}

}  // namespace patchead::inline setup_detail
