#include "patchead/backbone/gpu.hpp"

#include <array>
#include <cstddef>

#include <dlfcn.h>

#include <ATen/ATen.h>
#include <c10/core/DeviceGuard.h>

namespace patchead {
namespace {

/// A function of the CUDA driver, which LibTorch has loaded by the time a GPU is used; null if it
/// has not.
template <class Function>
Function* of_driver(const char* name) {
    void* const driver = ::dlopen("libcuda.so.1", RTLD_LAZY | RTLD_NOLOAD);
    if (driver == nullptr) { return nullptr; }
    return reinterpret_cast<Function*>(::dlsym(driver, name));  // NOLINT: dlsym's way
}

/// Makes LibTorch load the driver and set up the device, and calls `call(number of the device)`.
template <class Call>
auto on_gpu(const std::string& device, const Call& call) {
    const c10::Device place(device);
    const c10::DeviceGuard guard(place);
    static_cast<void>(at::empty({1}, at::TensorOptions(place)));
    return call(place.has_index() ? static_cast<int>(place.index()) : 0);
}

/// The number of the driver's device; nothing if the driver has none.
std::optional<int> handle_of(int index) {
    auto* const get = of_driver<int(int*, int)>("cuDeviceGet");
    int handle = 0;
    if (get == nullptr || get(&handle, index) != 0) { return std::nullopt; }
    return handle;
}

bool is_gpu(const std::string& device) { return c10::Device(device).is_cuda(); }

}  // namespace

std::string gpu_name(const std::string& device) {
    if (!is_gpu(device)) { return {}; }
    return on_gpu(device, [&](int index) -> std::string {
        const auto handle = handle_of(index);
        auto* const get_name = of_driver<int(char*, int, int)>("cuDeviceGetName");
        std::array<char, 256> name{};
        const bool known = handle && get_name != nullptr &&
                           get_name(name.data(), static_cast<int>(name.size()) - 1, *handle) == 0;
        return known ? std::string(name.data()) : device;
    });
}

std::optional<std::int64_t> free_gpu_memory(const std::string& device) {
    if (!is_gpu(device)) { return std::nullopt; }
    return on_gpu(device, [](int) -> std::optional<std::int64_t> {
        auto* const ask = of_driver<int(std::size_t*, std::size_t*)>("cuMemGetInfo_v2");
        std::size_t free = 0;
        std::size_t total = 0;
        if (ask == nullptr || ask(&free, &total) != 0) { return std::nullopt; }
        return static_cast<std::int64_t>(free);
    });
}

std::int64_t gpu_cache(const std::string& device) {
    constexpr int kCacheOfSecondLevel = 38;  // CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE of cuda.h.
    if (!is_gpu(device)) { return 0; }
    return on_gpu(device, [](int index) -> std::int64_t {
        const auto handle = handle_of(index);
        auto* const get = of_driver<int(int*, int, int)>("cuDeviceGetAttribute");
        int bytes = 0;
        const bool known =
            handle && get != nullptr && get(&bytes, kCacheOfSecondLevel, *handle) == 0;
        return known ? bytes : 0;
    });
}

}  // namespace patchead
