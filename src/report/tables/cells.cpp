#include "tables/cells.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <optional>
#include <tuple>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "patchead/core/counted.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/shots.hpp"
#include "patchead/results/point.hpp"

namespace patchead::inline report_detail {
namespace {

/// One value, or why there is none.
struct Outcome {
    double value = std::numeric_limits<double>::quiet_NaN();
    bool missing = false;
    std::string reason;
    const std::vector<double>* resamples = nullptr;
};

/// Why values were left out of a cell; equal reasons are told once.
class LeftOut {
  public:
    void add(const std::string& reason, const std::string& category, std::int64_t seed) {
        auto found = std::ranges::find(reasons_, reason, &Reason::text);
        if (found == reasons_.end()) { found = reasons_.insert(reasons_.end(), {reason, {}, {}}); }
        found->categories.insert(category);
        found->seeds.insert(seed);
    }

    /// "undefined: <reason> (screw; seeds 0, 2)". A cell of one category does not name it, and
    /// what holds for all of its `seeds` does not list them.
    [[nodiscard]] std::string text(std::size_t categories, std::size_t seeds) const {
        std::vector<std::string> texts;
        for (const auto& reason : reasons_) {
            std::vector<std::string> where;
            if (categories > 1) {
                where.push_back(fmt::format("{}", fmt::join(reason.categories, ", ")));
            }
            if (reason.seeds.size() < seeds) {
                where.push_back(fmt::format("seed{} {}", reason.seeds.size() == 1 ? "" : "s",
                                            fmt::join(reason.seeds, ", ")));
            }
            texts.push_back(where.empty()
                                ? reason.text
                                : fmt::format("{} ({})", reason.text, fmt::join(where, "; ")));
        }
        return fmt::format("{}", fmt::join(texts, "; "));
    }

  private:
    struct Reason {
        std::string text;
        std::set<std::string> categories;
        std::set<std::int64_t> seeds;
    };
    std::vector<Reason> reasons_;  ///< In the order in which they were met.
};

/// The mean of one seed.
struct SeedMean {
    double value = 0;
    std::size_t categories = 0;
    std::vector<double> resamples;
};

Outcome outcome_of(const RunsByCategory& runs, const std::string& category,
                   const std::string& metric) {
    const auto run = runs.find(category);
    if (run == runs.end()) { return {.missing = true, .reason = "not among the results"}; }
    const auto* row = run->second.row;
    if (row == nullptr) { return {.missing = true, .reason = run->second.reason}; }
    const auto* found = find_metric(row->metrics, metric);
    if (found == nullptr) { return {.missing = true, .reason = "not measured"}; }
    static const std::vector<double> kNone;
    return {.value = found->value,
            .reason = found->reason,
            .resamples = metric == kResampledMetric ? &row->resamples : &kNone};
}

std::optional<SeedMean> mean_of_seed(std::int64_t seed, const RunsByCategory& runs,
                                     const std::set<std::string>& categories,
                                     const std::string& metric, LeftOut& left_out) {
    double sum = 0;
    std::vector<const std::vector<double>*> resamples;
    bool whole = true;
    for (const auto& category : categories) {
        const auto outcome = outcome_of(runs, category, metric);
        if (outcome.missing) {
            left_out.add("missing: " + outcome.reason, category, seed);
            whole = false;
        } else if (std::isnan(outcome.value)) {
            left_out.add("undefined: " + outcome.reason, category, seed);
        } else {
            sum += outcome.value;
            resamples.push_back(outcome.resamples);
        }
    }
    const auto values = resamples.size();
    if (!whole || values == 0) { return std::nullopt; }
    return SeedMean{sum / static_cast<double>(values), values, mean_of_resamples(resamples)};
}

/// Taken relative to the first value, so that equal values have exactly themselves as their mean
/// and exactly 0 as their standard deviation.
double mean_of(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) { sum += value - values.front(); }
    return values.front() + sum / static_cast<double>(values.size());
}

/// Of one value it is 0.
double std_of(const std::vector<double>& values, double mean, Spread spread) {
    double squares = 0;
    for (const double value : values) { squares += (value - mean) * (value - mean); }
    const auto n = static_cast<double>(values.size());
    return std::sqrt(squares / (spread == Spread::sample ? std::max(n - 1, 1.0) : n));
}

}  // namespace

Configuration configuration_of(const ResultRow& row) {
    const auto joints = static_cast<std::size_t>(std::ranges::count(row.modules, '+'));
    return {row.backbone,
            {row.image_size, row.sizes},
            row.setting,
            is_full_shot(row) ? kAllShots : row.shots,
            {row.detector != kPatchEadName, row.detector},
            {row.modules == "none" ? 0 : joints + 1, row.modules}};
}

std::vector<std::string> label_columns(const DatasetRuns& runs) {
    std::vector<std::string> columns{"backbone", "image_size", "setting", "shots", "modules"};
    if (runs.with_detectors) { columns.emplace_back("detector"); }
    return columns;
}

std::vector<std::string> labels_of(const Configuration& configuration, const DatasetRuns& runs) {
    ResultRow row;
    std::tie(row.image_size, row.sizes) = configuration.image_size;
    row.setting = configuration.setting;
    row.shots = configuration.shots;
    std::vector<std::string> labels{configuration.backbone, size_label(row), configuration.setting,
                                    shots_label(row), configuration.modules.second};
    if (runs.with_detectors) { labels.push_back(configuration.detector.second); }
    return labels;
}

std::map<std::string, DatasetRuns> group_runs(const Results& results) {
    std::map<std::string, DatasetRuns> datasets;
    const auto add = [&](const ResultRow& row, Run run) {
        auto& dataset = datasets[row.dataset];
        dataset.categories.insert(row.category);
        dataset.with_detectors |= row.detector != kPatchEadName;
        auto& runs = dataset.configurations[configuration_of(row)][row.seed];
        const bool is_new = runs.emplace(row.category, std::move(run)).second;
        require<DataError>(is_new, "the results hold a point twice (", row.dataset, " ",
                           row.category, ", ", network_label(row), " at ", size_label(row), " px, ",
                           row.setting, ", ", counted(static_cast<std::size_t>(row.shots), "shot"),
                           ", seed ", row.seed, ", modules ", row.modules,
                           "); make them again by one sweep");
    };
    for (const auto& row : results.rows) { add(row, {&row, {}}); }
    for (const auto& gap : results.missing) { add(gap.point, {nullptr, gap.reason}); }
    return datasets;
}

std::vector<double> mean_of_resamples(const std::vector<const std::vector<double>*>& numbers) {
    std::vector<double> means(numbers.empty() ? 0 : numbers.front()->size());
    for (const auto* resamples : numbers) {
        if (resamples->size() != means.size()) { return {}; }
        for (std::size_t i = 0; i < means.size(); ++i) { means[i] += (*resamples)[i]; }
    }
    for (auto& mean : means) { mean /= static_cast<double>(numbers.size()); }
    return means;
}

std::vector<double> resampled_means(const SeedMeans& means) {
    if (means.resamples.size() != means.values.size()) { return {}; }
    std::vector<const std::vector<double>*> seeds;
    for (const auto& [seed, resamples] : means.resamples) { seeds.push_back(&resamples); }
    return mean_of_resamples(seeds);
}

SeedMeans seed_means(const RunsBySeed& runs, const std::set<std::string>& categories,
                     const std::string& metric) {
    SeedMeans means{{}, categories.size(), {}};
    LeftOut left_out;
    for (const auto& [seed, by_category] : runs) {
        auto mean = mean_of_seed(seed, by_category, categories, metric, left_out);
        if (!mean) { continue; }
        means.values.emplace(seed, mean->value);
        if (!mean->resamples.empty()) { means.resamples.emplace(seed, std::move(mean->resamples)); }
        means.categories = std::min(means.categories, mean->categories);
    }
    means.note = left_out.text(categories.size(), runs.size());
    return means;
}

namespace {

/// Adds the mean of `seed` over `parts`, if all of them have the seed.
void add_mean_over(const std::vector<SeedMeans>& parts, std::int64_t seed, SeedMeans& all) {
    double sum = 0;
    std::vector<const std::vector<double>*> resamples;
    for (const auto& part : parts) {
        const auto found = part.values.find(seed);
        if (found == part.values.end()) { return; }
        sum += found->second;
        const auto resampled = part.resamples.find(seed);
        if (resampled != part.resamples.end()) { resamples.push_back(&resampled->second); }
    }
    all.values.emplace(seed, sum / static_cast<double>(parts.size()));
    if (resamples.size() == parts.size()) {
        all.resamples.emplace(seed, mean_of_resamples(resamples));
    }
}

}  // namespace

SeedMeans mean_over(const std::vector<SeedMeans>& parts) {
    SeedMeans all{{}, 0, {}};
    for (const auto& [seed, first] : parts.front().values) { add_mean_over(parts, seed, all); }
    for (const auto& part : parts) { all.categories += part.categories; }
    return all;
}

Cell make_cell(const SeedMeans& means, Spread spread) {
    Cell cell;
    cell.note = means.note;
    if (means.values.empty()) { return cell; }
    std::vector<double> values;
    for (const auto& [seed, value] : means.values) { values.push_back(value); }
    cell.mean = mean_of(values);
    cell.std = std_of(values, *cell.mean, spread);
    cell.seeds = static_cast<int>(values.size());
    cell.categories = static_cast<int>(means.categories);
    if (auto resamples = resampled_means(means); !resamples.empty()) {
        cell.interval = percentile_interval(std::move(resamples));
    }
    return cell;
}

Cell cell_of(const std::vector<CellRuns>& parts, Spread spread) {
    std::vector<SeedMeans> means;
    means.reserve(parts.size());
    for (const auto& part : parts) {
        means.push_back(seed_means(*part.runs, part.categories, part.metric));
    }
    if (means.size() == 1) { return make_cell(means.front(), spread); }
    std::erase_if(means, [](const SeedMeans& part) { return part.values.empty(); });
    return means.empty() ? Cell{} : make_cell(mean_over(means), spread);
}

}  // namespace patchead::inline report_detail
