#include <array>
#include <fstream>
#include <string>

#include <dlfcn.h>

#include <c10/core/Device.h>

#include "patchead/backbone/trial_network.hpp"

namespace patchead {
namespace {

constexpr const char* kUnknown = "unknown";

/// What NVIDIA's driver calls the GPU with this number; LibTorch for CPUs has no such call.
std::string gpu_name(int number) {
    void* const driver = ::dlopen("libcuda.so.1", RTLD_NOW);  // Stays loaded: LibTorch has it, too.
    if (driver == nullptr) { return kUnknown; }
    using Init = int(unsigned);
    using GetDevice = int(int*, int);
    using GetName = int(char*, int, int);
    auto* const init = reinterpret_cast<Init*>(::dlsym(driver, "cuInit"));              // NOLINT
    auto* const get = reinterpret_cast<GetDevice*>(::dlsym(driver, "cuDeviceGet"));     // NOLINT
    auto* const name = reinterpret_cast<GetName*>(::dlsym(driver, "cuDeviceGetName"));  // NOLINT
    std::array<char, 256> text{};
    int device = 0;
    const bool known = init != nullptr && get != nullptr && name != nullptr && init(0) == 0 &&
                       get(&device, number) == 0 &&
                       name(text.data(), static_cast<int>(text.size()) - 1, device) == 0;
    return known ? text.data() : kUnknown;
}

std::string cpu_name() {
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);) {
        const auto colon = line.find(": ");
        if (line.starts_with("model name") && colon != line.npos) { return line.substr(colon + 2); }
    }
    return kUnknown;
}

}  // namespace

std::string device_name(const std::string& device) {
    const c10::Device place(device);
    if (!place.is_cuda()) { return cpu_name(); }
    return gpu_name(place.has_index() ? place.index() : 0);
}

}  // namespace patchead
