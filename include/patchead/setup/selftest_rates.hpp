#pragma once

#include <map>
#include <string>
#include <vector>

#include "patchead/setup/selftest.hpp"

/// \file
/// \brief How fast a machine is, as `patchead selftest` measures it.

namespace patchead {

/// What is measured: a network of random numbers.
struct RateRequest {
    std::string device = "cpu";  ///< "cpu" or "cuda:N".
    int threads = 1;
    std::string network{};  ///< See `network_shape`.
    int side_px = 0;
    std::vector<int> batches{};
    std::vector<std::string> precisions{};  ///< As in LoadOptions.
};

/// One measurement.
struct Rate {
    std::string precision;
    int batch = 0;
    double images_per_second = 0;
    double gflops = 0;
    double peak_gflops = 0;  ///< That the device has in this precision; 0: nobody says.
};

/// All of them.
struct SelftestRates {
    RateRequest request;
    std::string device_name;
    std::string peak_source;  ///< Of `peak_gflops`.
    std::vector<Rate> rates{};
    double sgemm_gflops = 0;  ///< Of the CPU, with the threads of the request.
    double match_gflops = 0;  ///< On the device.
    double pixels_per_second = 0;
};

/// Takes seconds. Throws ConfigError for a network or precision that there is not.
[[nodiscard]] SelftestRates measure_rates(const RateRequest& request);

[[nodiscard]] std::string to_text(const SelftestRates& rates);

/// Facts, checks, rates and verdict, for programs.
[[nodiscard]] std::string to_json(const std::map<std::string, std::string>& facts, int ranks,
                                  const std::vector<SelftestCheck>& checks,
                                  const SelftestRates& rates);

}  // namespace patchead
