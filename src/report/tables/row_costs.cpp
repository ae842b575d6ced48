#include "tables/row_costs.hpp"

#include <cmath>

#include <fmt/format.h>

namespace patchead::inline report_detail {

std::optional<PointCost> mean_cost(const RunsBySeed& runs) {
    PointCost sum{0, 0, 0};
    double count = 0;
    for (const auto& [seed, categories] : runs) {
        for (const auto& [category, run] : categories) {
            if (run.row == nullptr || !run.row->cost) { continue; }
            sum.network_flop += run.row->cost->network_flop;
            sum.scoring_flop += run.row->cost->scoring_flop;
            sum.memory_bytes += run.row->cost->memory_bytes;
            ++count;
        }
    }
    if (count == 0) { return std::nullopt; }
    return PointCost{sum.network_flop / count, sum.scoring_flop / count, sum.memory_bytes / count};
}

std::string amount_text(double value) {
    if (std::isnan(value)) { return "–"; }
    constexpr double kWhole = 100;  // From there on three digits have no fraction.
    return value < kWhole ? fmt::format("{:.3g}", value) : fmt::format("{:.0f}", value);
}

std::string giga_text(double value) { return amount_text(value * 1e-9); }

std::string mega_text(double value) { return amount_text(value * 1e-6); }

}  // namespace patchead::inline report_detail
