#include <fmt/format.h>

#include "patchead/backbone/trial_network.hpp"
#include "patchead/core/timing.hpp"
#include "patchead/plan/estimate.hpp"
#include "patchead/scoring/match.hpp"
#include "patchead/setup/measure_speed.hpp"
#include "patchead/setup/selftest_rates.hpp"
#include "selftest/gpu_models.hpp"

namespace patchead {
namespace {

/// Of the device in `precision`, and who says so. Of a CPU what sgemm reaches, in every precision.
double peak_of(const SelftestRates& rates, const std::string& precision) {
    if (rates.request.device == "cpu") { return rates.sgemm_gflops; }
    const auto* const gpu = find_gpu(rates.device_name);
    return gpu != nullptr ? peak_gflops(*gpu, precision) : 0;
}

std::string source_of_peak(const SelftestRates& rates) {
    if (rates.request.device == "cpu") {
        return fmt::format("sgemm as measured, {:.1f} GFLOP/s", rates.sgemm_gflops);
    }
    if (find_gpu(rates.device_name) == nullptr) { return "no data sheet of this GPU is known"; }
    return "data sheet, not measured";
}

double flops_of_image(const BackboneInfo& info, int side_px) {
    PlannedBackbone planned;
    planned.patch_px = info.patch_px;
    planned.dim = info.width;
    planned.depth = info.depth;
    planned.parameters = info.parameters;
    const int patches = side_px / info.patch_px;
    return forward_flops(planned, {patches, patches});
}

Rate measure_rate(const Backbone& network, const RateRequest& request, int batch) {
    constexpr int kTimes = 5;
    constexpr double kLong = 0.5;
    const int side = request.side_px;
    const auto pixels = random_pixels(batch, side);
    (void)network.encode(pixels, batch, side, side);  // Makes tables, finds out what goes together.
    const bool alone = request.device == "cpu" && request.threads == 1;
    const double seconds =
        best_seconds(alone ? Timed::this_thread : Timed::other_threads, kTimes, kLong,
                     [&] { (void)network.encode(pixels, batch, side, side); });
    Rate rate;
    rate.batch = batch;
    rate.images_per_second = batch / seconds;
    rate.gflops = rate.images_per_second * flops_of_image(network.info(), side) * 1e-9;
    return rate;
}

std::string rate_line(const Rate& rate) {
    auto line = fmt::format("{:<9} {:>5} {:>10.1f} {:>11.1f}", rate.precision, rate.batch,
                            rate.images_per_second, rate.gflops);
    if (rate.peak_gflops > 0) {
        line += fmt::format(" {:>11.1f} {:>6.1f} %", rate.peak_gflops,
                            100 * rate.gflops / rate.peak_gflops);
    }
    return line + "\n";
}

}  // namespace

SelftestRates measure_rates(const RateRequest& request) {
    SelftestRates rates;
    rates.request = request;
    rates.device_name = device_name(request.device);
    const auto speed = measure_speed_without_files({.device = "cpu", .threads = request.threads});
    rates.sgemm_gflops = speed.forward_gflops;
    rates.pixels_per_second = speed.pixels_per_second;
    rates.match_gflops = request.device == "cpu" ? speed.match_gflops
                                                 : measure_match_gflops({.device = request.device});
    rates.peak_source = source_of_peak(rates);
    const auto shape = network_shape(request.network);
    for (const auto& precision : request.precisions) {
        const auto network =
            random_network(shape, {.device = request.device, .precision = precision});
        for (const int batch : request.batches) {
            auto rate = measure_rate(*network, request, batch);
            rate.precision = precision;
            rate.peak_gflops = peak_of(rates, precision);
            rates.rates.push_back(rate);
        }
    }
    return rates;
}

std::string to_text(const SelftestRates& rates) {
    const auto& request = rates.request;
    auto text = fmt::format(
        "\n{} at {} px on {} ({}), {} thread(s); peak: {}\n{:<9} {:>5} {:>10} {:>11} {:>11} "
        "{:>8}\n",
        request.network, request.side_px, request.device, rates.device_name, request.threads,
        rates.peak_source, "precision", "batch", "images/s", "GFLOP/s", "peak", "share");
    for (const auto& rate : rates.rates) { text += rate_line(rate); }
    return text + fmt::format("matching {:.1f} GFLOP/s, metrics {:.1f} megapixels/s\n",
                              rates.match_gflops, rates.pixels_per_second * 1e-6);
}

}  // namespace patchead
