#include "patchead/setup/plan_rates.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/registry.hpp"
#include "selftest/gpu_models.hpp"

namespace patchead {
namespace {

constexpr double kShareInLowPrecision = 0.35;
constexpr double kShareInFp32 = 0.70;
constexpr double kShareOfMatching = 0.25;  // Of TF32: products are written out and read again.

SelftestSpeed speed_from(const nlohmann::json& found, const std::string& file,
                         const std::string& precision) {
    require<DataError>(found.at("verdict") == "passed", "the selftest in '", file,
                       "' failed (its speeds are of wrong numbers); mend that first");
    const auto& speed = found.at("speed");
    const auto& forward = speed.at("forward_gflops");
    require<DataError>(forward.contains(precision), "'", file, "' has no rate in ", precision,
                       " (the selftest did not measure it); run patchead selftest --precision ",
                       precision, " --json FILE");
    SelftestSpeed result;
    const double forward_gflops = forward.at(precision);
    const double match_gflops = speed.at("match_gflops");
    result.cores.pixels_per_second = speed.at("pixels_per_second");
    if (found.at("device") == "cpu") {
        result.cores.forward_gflops = forward_gflops;
        result.cores.match_gflops = match_gflops;
    } else {
        result.gpu = {found.at("device_name"), false, forward_gflops, match_gflops,
                      fmt::format("measured by the selftest in '{}'", file)};
    }
    return result;
}

}  // namespace

std::optional<SelftestSpeed> read_selftest_speed(const std::filesystem::path& file,
                                                 const std::string& precision) {
    const auto found = nlohmann::json::parse(read_text(file), nullptr, false);
    if (!found.is_object() || !found.contains("selftest")) { return std::nullopt; }
    try {
        return speed_from(found, file.string(), precision);
    } catch (const nlohmann::json::exception& error) {
        throw DataError(fmt::format("'{}' is no whole file of a selftest ({}); make it again",
                                    file.string(), error.what()));
    }
}

std::string stated_gpus() {
    std::string names;
    for (const auto& gpu : gpu_models()) {
        names.append(names.empty() ? "" : ", ").append(gpu.name);
    }
    return names;
}

GpuSpeed stated_speed(const std::string& name, const std::string& precision) {
    const auto& gpu = find(gpu_models(), "GPU", name);
    const double share = precision == "fp32" ? kShareInFp32 : kShareInLowPrecision;
    return {
        name, true, share * peak_gflops(gpu, precision), kShareOfMatching * 1e3 * gpu.tf32_tflops,
        fmt::format("assumed, not measured: {:.0f} % of the data sheet's peak for networks in {}, "
                    "{:.0f} % of its TF32 peak for matching",
                    100 * share, precision, 100 * kShareOfMatching)};
}

}  // namespace patchead
