#pragma once

#include <fstream>
#include <limits>
#include <string>

/// \file
/// \brief Memory of this process, as Linux counts it.

namespace patchead {

/// "VmRSS" (now) or "VmHWM" (the most since `forget_peak`) of this process, in MB.
inline double memory_mb(const std::string& what) {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        double kib = 0;
        if (word == what + ":" && status >> kib) { return kib * 1024e-6; }
    }
    return std::numeric_limits<double>::quiet_NaN();
}

inline void forget_peak() { std::ofstream("/proc/self/clear_refs") << "5"; }

}  // namespace patchead
