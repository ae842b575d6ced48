#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "comparison/compare_cells.hpp"
#include "patchead/core/counted.hpp"
#include "patchead/core/error.hpp"
#include "patchead/results/csv.hpp"
#include "patchead/results/point.hpp"
#include "text/detector_footnotes.hpp"

namespace patchead {
namespace {

std::map<PointKey, const ResultRow*> rows_by_key(const Results& results) {
    std::map<PointKey, const ResultRow*> rows;
    for (const auto& row : results.rows) { rows.emplace(key_of(row), &row); }
    return rows;
}

/// The rows of `results` that `others` has, in the order of their keys.
Results shared_rows(const Results& results, const Results& others) {
    Results shared;
    shared.provenance = results.provenance;
    shared.metric_names = results.metric_names;
    std::erase_if(shared.metric_names, [&](const std::string& name) {
        return std::ranges::count(others.metric_names, name) == 0;
    });
    const auto known = rows_by_key(others);
    for (const auto& [key, row] : rows_by_key(results)) {
        if (known.contains(key)) { shared.rows.push_back(*row); }
    }
    return shared;
}

/// "mvtec, dinov2_vitb14_reg 448 px, few-shot, 1 shot, modules none, seeds 0, 2: bottle, cable": a
/// text for the seeds of a configuration that have the same categories.
std::vector<std::string> rows_alone(const Results& results, const Results& others) {
    const auto known = rows_by_key(others);
    std::map<std::string, std::map<std::int64_t, std::set<std::string>>> alone;
    for (const auto& row : results.rows) {
        if (known.contains(key_of(row))) { continue; }
        alone[fmt::format("{}, {} {} px, {}, {}, modules {}", row.dataset, network_label(row),
                          size_label(row), row.setting,
                          counted(static_cast<std::size_t>(row.shots), "shot"), row.modules)]
             [row.seed]
                 .insert(row.category);
    }
    std::vector<std::string> texts;
    for (const auto& [configuration, by_seed] : alone) {
        std::map<std::set<std::string>, std::vector<std::int64_t>> seeds;
        for (const auto& [seed, categories] : by_seed) { seeds[categories].push_back(seed); }
        for (const auto& [categories, which] : seeds) {
            texts.push_back(fmt::format("{}, seed{} {}: {}", configuration,
                                        which.size() > 1 ? "s" : "", fmt::join(which, ", "),
                                        fmt::join(categories, ", ")));
        }
    }
    return texts;
}

/// Images are resampled together only where both runs saw the same ones.
void resample_both(Results& one, Results& other, const BootstrapOptions& options) {
    one = resample(std::move(one), options);
    other = resample(std::move(other), options);
    for (std::size_t i = 0; i < one.rows.size(); ++i) {
        auto& a = one.rows[i];
        auto& b = other.rows[i];
        if (a.ids == b.ids && a.anomalous == b.anomalous) { continue; }
        a.resamples.clear();
        b.resamples.clear();
    }
}

/// The same point in both runs.
void compare_rows(const ResultRow& one, const ResultRow& other, const std::string& point,
                  const std::vector<std::string>& metric_names, RunComparison& comparison) {
    for (const auto& name : metric_names) {
        const auto* a = find_metric(one.metrics, name);
        const auto* b = find_metric(other.metrics, name);
        if (a == nullptr || b == nullptr) { continue; }
        ++comparison.values;
        comparison.different += are_same(a->value, b->value) ? 0 : 1;
        comparison.points_csv +=
            concat(point, csv_field(name), ",", csv_number(a->value), ",", csv_number(b->value),
                   ",", csv_number(b->value - a->value), "\n");
    }
}

/// Counts the values of shared points and writes them down.
void compare_points(const Results& one, const Results& other, RunComparison& comparison) {
    comparison.points = one.rows.size();
    const PointColumns columns(one);
    comparison.points_csv = concat(columns.head(), "metric,one,other,difference\n");
    for (std::size_t i = 0; i < one.rows.size(); ++i) {
        compare_rows(one.rows[i], other.rows[i], columns.fields(one.rows[i]), one.metric_names,
                     comparison);
    }
}

/// The lines of a multi-line fact one by one, so that only those that differ are told.
std::set<std::string> lines_of(const std::map<std::string, std::string>& provenance) {
    std::set<std::string> lines;
    for (const auto& [name, fact] : provenance) {
        std::istringstream in(fact);
        for (std::string line; std::getline(in, line);) { lines.insert(concat(name, ": ", line)); }
    }
    return lines;
}

std::vector<std::string> different_facts(const Results& one, const Results& other) {
    std::vector<std::string> facts;
    const auto add = [&](const char* which, const std::set<std::string>& lines,
                         const std::set<std::string>& others) {
        std::vector<std::string> alone;
        std::ranges::set_difference(lines, others, std::back_inserter(alone));
        for (const auto& line : alone) { facts.push_back(fmt::format("{}: {}", which, line)); }
    };
    const auto a = lines_of(one.provenance);
    const auto b = lines_of(other.provenance);
    add("one", a, b);
    add("other", b, a);
    return facts;
}

/// Tables of one data set.
class DatasetComparison {
  public:
    DatasetComparison(const std::string& dataset, const DatasetRuns& one, const DatasetRuns& other,
                      const Results& results, Spread spread)
        : dataset_(dataset), one_(one), other_(other), results_(results), spread_(spread) {}

    [[nodiscard]] ComparisonTable means() const {
        auto table = empty_table("means_", "unweighted means over the categories");
        for_each_configuration([&](const auto& configuration, const auto& one, const auto& other) {
            add_lines(labels_of(configuration, one_), one, other, one_.categories, table);
        });
        return table;
    }

    [[nodiscard]] ComparisonTable categories() const {
        auto table = empty_table("categories_", "each category");
        table.label_columns.emplace_back("category");
        for_each_configuration([&](const auto& configuration, const auto& one, const auto& other) {
            for (const auto& category : one_.categories) {
                auto labels = labels_of(configuration, one_);
                labels.push_back(category);
                add_lines(labels, one, other, {category}, table);
            }
        });
        return table;
    }

  private:
    [[nodiscard]] ComparisonTable empty_table(const char* name, const char* what) const {
        auto notes = comparison_footnotes(results_.bootstrap);
        ShownDetectors shown;
        add_shown(one_, shown);
        std::ranges::move(detector_footnotes(shown, results_), std::back_inserter(notes));
        return {name + dataset_,
                fmt::format("{}: {}", dataset_, what),
                "one",
                "other",
                label_columns(one_),
                {},
                std::move(notes)};
    }

    /// Both runs have the same ones, as only shared points are left.
    template <class Visit>
    void for_each_configuration(Visit visit) const {
        for (const auto& [configuration, one] : one_.configurations) {
            visit(configuration, one, other_.configurations.at(configuration));
        }
    }

    void add_lines(const std::vector<std::string>& labels, const RunsBySeed& one,
                   const RunsBySeed& other, const std::set<std::string>& categories,
                   ComparisonTable& table) const {
        for (const auto& metric : results_.metric_names) {
            table.lines.push_back(compare_cells({one, other}, categories, metric, labels, spread_));
        }
    }

    const std::string& dataset_;
    const DatasetRuns& one_;
    const DatasetRuns& other_;
    const Results& results_;
    Spread spread_;
};

}  // namespace

bool RunComparison::equal() const {
    return different == 0 && only_one.empty() && only_other.empty();
}

RunComparison compare_runs(const ResultsFile& one, const ResultsFile& other,
                           const std::optional<BootstrapOptions>& options, Spread spread) {
    RunComparison comparison;
    comparison.one = one.name;
    comparison.other = other.name;
    comparison.facts = different_facts(one.results, other.results);
    comparison.only_one = rows_alone(one.results, other.results);
    comparison.only_other = rows_alone(other.results, one.results);
    auto ours = shared_rows(one.results, other.results);
    auto theirs = shared_rows(other.results, one.results);
    if (options) { resample_both(ours, theirs, *options); }
    compare_points(ours, theirs, comparison);
    const auto other_datasets = group_runs(theirs);
    for (const auto& [dataset, runs] : group_runs(ours)) {
        const DatasetComparison tables(dataset, runs, other_datasets.at(dataset), ours, spread);
        comparison.means.push_back(tables.means());
        comparison.categories.push_back(tables.categories());
    }
    return comparison;
}

}  // namespace patchead
