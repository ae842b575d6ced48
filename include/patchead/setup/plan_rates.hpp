#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "patchead/plan/estimate.hpp"
#include "patchead/plan/work_graph.hpp"

/// \file
/// \brief Speeds for `plan` that are not measured there: those of a selftest, and stated ones of a
/// GPU.

namespace patchead {

/// Networks and matching on a GPU.
struct GpuSpeed {
    std::string name;
    bool is_assumed = false;  ///< From its data sheet and assumed shares of it.
    double forward_gflops = 0;
    double match_gflops = 0;
    std::string source;  ///< Where the numbers come from, in words.
};

/// How fast a rank is: its cores alone, or a core of it and its GPU.
struct PlanSpeed {
    CoreSpeed speed{};  ///< Of networks and matching on the GPU, if there is one.
    KindFactors factors = unscaled();
    std::optional<GpuSpeed> gpu{};

    /// Of ranks that are as fast as `speed` says.
    [[nodiscard]] static KindFactors unscaled() {
        KindFactors factors{};
        factors.fill(1);
        return factors;
    }
};

/// What a file of `patchead selftest --json` says.
struct SelftestSpeed {
    CoreSpeed cores{};              ///< Of one rank with the threads of the selftest.
    std::optional<GpuSpeed> gpu{};  ///< If it ran on one.
};

/// The speeds in `file` for networks in `precision`; nothing if it is no selftest's. Throws
/// DataError if it is one but lacks that precision, or failed; UnreadableError.
[[nodiscard]] std::optional<SelftestSpeed> read_selftest_speed(const std::filesystem::path& file,
                                                               const std::string& precision);

/// Names for `stated_speed`: "h100, h200, ...".
[[nodiscard]] std::string stated_gpus();

/// What is taken for a GPU ("h100"; src/setup/selftest/gpus.def) that is not at hand: 35 % of the
/// peak in bf16 and fp16, 70 % of that in fp32, and a quarter of the TF32 peak for matching. None
/// of it was measured. Throws ConfigError for an unknown name.
[[nodiscard]] GpuSpeed stated_speed(const std::string& name, const std::string& precision);

}  // namespace patchead
