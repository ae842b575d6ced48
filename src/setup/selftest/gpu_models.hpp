#pragma once

#include <span>
#include <string_view>

namespace patchead::inline setup_detail {

/// What the data sheet of a GPU says.
struct GpuModel {
    std::string_view name;       ///< For --device-rates.
    std::string_view in_driver;  ///< Part of the name that its driver gives.
    double fp32_tflops = 0;      ///< Without tensor cores.
    double tf32_tflops = 0;
    double bf16_tflops = 0;  ///< Of fp16, too.
    double memory_tb_per_second = 0;
};

/// All of gpus.def.
[[nodiscard]] std::span<const GpuModel> gpu_models();

/// The one that the driver calls `device_name`; null if none is known.
[[nodiscard]] const GpuModel* find_gpu(std::string_view device_name);

/// In GFLOP/s, of networks in `precision`.
[[nodiscard]] double peak_gflops(const GpuModel& gpu, std::string_view precision);

}  // namespace patchead::inline setup_detail
