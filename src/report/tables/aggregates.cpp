#include "tables/aggregates.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "patchead/metrics/metrics.hpp"
#include "patchead/results/point.hpp"

namespace patchead::inline report_detail {
namespace {

/// The category with the lowest mean over seeds, by name in the note.
Cell worst_cell(const RunsBySeed& runs, const std::set<std::string>& categories,
                const std::string& metric, Spread spread) {
    std::optional<Cell> worst;
    std::string name;
    std::vector<std::string> unknown;
    for (const auto& category : categories) {
        auto cell = make_cell(seed_means(runs, {category}, metric), spread);
        if (!cell.mean) {
            unknown.push_back(category);
        } else if (!worst || *cell.mean < *worst->mean) {
            worst = std::move(cell);
            name = category;
        }
    }
    if (!worst) { return {.mean = {}, .note = "no category has a value"}; }
    worst->note = "the worst is " + name;
    if (!unknown.empty()) {
        worst->note += fmt::format("; {} without a value", fmt::join(unknown, ", "));
    }
    return *std::move(worst);
}

/// The metric of the images of all categories as if they were one; nothing if one is missing.
std::optional<double> pooled_value(const RunsByCategory& runs,
                                   const std::set<std::string>& categories) {
    std::vector<float> scores;
    std::vector<std::uint8_t> anomalous;
    for (const auto& category : categories) {
        const auto run = runs.find(category);
        if (run == runs.end() || run->second.row == nullptr) { return std::nullopt; }
        const auto& row = *run->second.row;
        scores.insert(scores.end(), row.scores.begin(), row.scores.end());
        anomalous.insert(anomalous.end(), row.anomalous.begin(), row.anomalous.end());
    }
    const auto metrics = measure_images(scores, anomalous);
    const auto* found = find_metric(metrics, kResampledMetric);
    return std::isnan(found->value) ? std::nullopt : std::optional(found->value);
}

Cell pooled_cell(const RunsBySeed& runs, const std::set<std::string>& categories, Spread spread) {
    SeedMeans means;
    means.categories = categories.size();
    std::vector<std::int64_t> left_out;
    for (const auto& [seed, by_category] : runs) {
        if (const auto value = pooled_value(by_category, categories)) {
            means.values[seed] = *value;
        } else {
            left_out.push_back(seed);
        }
    }
    if (!left_out.empty()) {
        means.note = fmt::format("a category is missing or a class is (seed{} {})",
                                 left_out.size() == 1 ? "" : "s", fmt::join(left_out, ", "));
    }
    return make_cell(means, spread);
}

}  // namespace

void add_aggregates(const RunsBySeed& runs, const std::set<std::string>& categories,
                    const TableColumns& columns, Spread spread, std::vector<Cell>& cells) {
    if (columns.worst) {
        for (const auto& metric : columns.metrics) {
            cells.push_back(worst_cell(runs, categories, metric, spread));
        }
    }
    if (columns.pooled) { cells.push_back(pooled_cell(runs, categories, spread)); }
}

void add_aggregate_columns(const TableColumns& columns, Table& table) {
    if (columns.worst) {
        for (const auto& metric : columns.metrics) {
            table.value_columns.push_back("worst " + metric);
        }
    }
    if (columns.pooled) {
        table.value_columns.push_back(fmt::format("pooled {}", kResampledMetric));
    }
}

}  // namespace patchead::inline report_detail
