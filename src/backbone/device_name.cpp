#include <fstream>
#include <string>

#include <c10/core/Device.h>

#include "patchead/backbone/gpu.hpp"
#include "patchead/backbone/trial_network.hpp"

namespace patchead {
namespace {

std::string cpu_name() {
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);) {
        const auto colon = line.find(": ");
        if (line.starts_with("model name") && colon != line.npos) { return line.substr(colon + 2); }
    }
    return "unknown";
}

}  // namespace

std::string device_name(const std::string& device) {
    return c10::Device(device).is_cuda() ? gpu_name(device) : cpu_name();
}

}  // namespace patchead
