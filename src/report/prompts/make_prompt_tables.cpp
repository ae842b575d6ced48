#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "patchead/core/quantile.hpp"
#include "patchead/core/shots.hpp"
#include "patchead/report/prompt_tables.hpp"
#include "patchead/results/point.hpp"
#include "tables/cells.hpp"

namespace patchead {
namespace {

using Draw = PromptSpread::Draw;
using DrawsBySeed = std::map<std::int64_t, Draw>;

constexpr double kLow = 0.05;
constexpr double kHigh = 0.95;

/// Of the runs of a category that are there, those whose value is defined; `undefined` counts the
/// others.
DrawsBySeed draws_of(const RunsBySeed& runs, const std::string& category, const std::string& metric,
                     std::size_t& undefined) {
    DrawsBySeed draws;
    for (const auto& [seed, categories] : runs) {
        const auto run = categories.find(category);
        if (run == categories.end() || run->second.row == nullptr) { continue; }
        const auto& row = *run->second.row;
        const auto* value = find_metric(row.metrics, metric);
        if (value == nullptr || std::isnan(value->value)) {
            ++undefined;
        } else {
            draws.emplace(seed, Draw{row.prompts, value->value});
        }
    }
    return draws;
}

/// Of at least one draw. Of equal values the first by prompts is the worst, and the best.
PromptSpread spread_of(const DrawsBySeed& draws) {
    std::vector<Draw> sorted;
    for (const auto& [seed, draw] : draws) { sorted.push_back(draw); }
    std::ranges::sort(sorted, {}, [](const Draw& d) { return std::tie(d.value, d.prompts); });
    PromptSpread spread;
    spread.draws = sorted.size();
    const auto n = static_cast<double>(sorted.size());
    const double first = sorted.front().value;  // So that equal values have no spread at all.
    for (const auto& draw : sorted) { spread.mean += draw.value - first; }
    spread.mean = first + spread.mean / n;
    for (const auto& draw : sorted) { spread.std += std::pow(draw.value - spread.mean, 2); }
    spread.std = std::sqrt(spread.std / n);
    std::vector<double> values(sorted.size());
    std::ranges::transform(sorted, values.begin(), &Draw::value);
    spread.low = quantile_of(values, kLow);
    spread.median = quantile_of(values, 0.5);
    spread.high = quantile_of(values, kHigh);
    spread.worst = sorted.front();
    spread.middle = sorted[(sorted.size() - 1) / 2];
    spread.best = *std::ranges::find(sorted, sorted.back().value, &Draw::value);
    return spread;
}

PromptPairs pairs_of(const DrawsBySeed& draws, const DrawsBySeed& first) {
    PromptPairs pairs;
    for (const auto& [seed, draw] : draws) {
        const auto other = first.find(seed);
        if (other == first.end()) { continue; }
        ++pairs.draws;
        pairs.wins += draw.value > other->second.value ? 1 : 0;
        pairs.difference += draw.value - other->second.value;
    }
    if (pairs.draws > 0) { pairs.difference /= static_cast<double>(pairs.draws); }
    return pairs;
}

/// Whether prompts were drawn often enough; where all images are prompts they are not drawn.
bool has_draws(const Configuration& configuration, const RunsBySeed& runs) {
    if (configuration.setting == kEachPrompt) { return true; }
    return configuration.shots > 0 && configuration.shots != kAllShots &&
           runs.size() >= kFewestDraws;
}

class TableMaker {
  public:
    TableMaker(const DatasetRuns& runs, PromptTable& table) : runs_(runs), table_(table) {
        table_.row_columns = label_columns(runs);
        table_.row_columns.insert(table_.row_columns.begin(), "category");
    }

    void add(const std::string& category, const std::string& metric) {
        first_.clear();
        for (const auto& [configuration, seeds] : runs_.configurations) {
            if (has_draws(configuration, seeds)) { add(category, metric, configuration, seeds); }
        }
    }

  private:
    void add(const std::string& category, const std::string& metric,
             const Configuration& configuration, const RunsBySeed& seeds) {
        std::size_t undefined = 0;
        const auto draws = draws_of(seeds, category, metric, undefined);
        if (draws.empty()) { return; }
        PromptTable::Row row{labels_of(configuration, runs_), metric, spread_of(draws)};
        row.labels.insert(row.labels.begin(), category);
        row.spread.undefined = undefined;
        const auto [first, is_first] =
            first_.emplace(std::pair(configuration.setting, configuration.shots), draws);
        if (!is_first) { row.pairs = pairs_of(draws, first->second); }
        table_.rows.push_back(std::move(row));
    }

    const DatasetRuns& runs_;
    PromptTable& table_;
    std::map<std::pair<std::string, int>, DrawsBySeed> first_;  ///< By setting and shots.
};

}  // namespace

std::vector<PromptTable> make_prompt_tables(const Results& results) {
    std::vector<PromptTable> tables;
    for (const auto& [dataset, runs] : group_runs(results)) {
        PromptTable table;
        table.name = "prompts_" + dataset;
        table.dataset = dataset;
        TableMaker maker(runs, table);
        for (const auto& category : runs.categories) {
            for (const auto& metric : results.metric_names) { maker.add(category, metric); }
        }
        if (table.rows.empty()) { continue; }
        table.caption = fmt::format("{}: what the choice of prompts is worth", dataset);
        table.footnotes = {
            "each-prompt: every training image is the only prompt once; otherwise random draws. ± "
            "is the standard deviation over them, 5 % and 95 % are quantiles of them.",
            "wins: draws at which a row is above the first row of its category and shots, with the "
            "same prompts; by: the mean difference."};
        tables.push_back(std::move(table));
    }
    return tables;
}

}  // namespace patchead
