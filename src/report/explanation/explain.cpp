#include "patchead/report/explain.hpp"

#include <algorithm>
#include <deque>

#include "explanation/explain_provenance.hpp"
#include "explanation/named_cell.hpp"
#include "patchead/metrics/metrics.hpp"
#include "patchead/results/point.hpp"

namespace patchead {
namespace {

/// Runs whose image metrics are computed again from the image scores that the rows hold.
class RunsAgain {
  public:
    explicit RunsAgain(const std::vector<CellRuns>& parts) {
        for (const auto& part : parts) { add(part); }
    }
    RunsAgain(const RunsAgain&) = delete;
    RunsAgain& operator=(const RunsAgain&) = delete;

    [[nodiscard]] const std::vector<CellRuns>& parts() const { return parts_; }

  private:
    void add(const CellRuns& part) {
        auto& runs = runs_.emplace_back();
        for (const auto& [seed, by_category] : *part.runs) {
            auto again = measured_again(by_category, part.categories);
            if (!again.empty()) { runs.emplace(seed, std::move(again)); }
        }
        parts_.push_back({part.dataset, &runs, part.categories, part.metric});
    }

    RunsByCategory measured_again(const RunsByCategory& runs,
                                  const std::set<std::string>& categories) {
        RunsByCategory again;
        for (const auto& category : categories) {
            const auto run = runs.find(category);
            if (run == runs.end()) { continue; }
            again.emplace(category, Run{measured_again(run->second.row), run->second.reason});
        }
        return again;
    }

    const ResultRow* measured_again(const ResultRow* row) {
        if (row == nullptr) { return nullptr; }
        auto& again = rows_.emplace_back();
        again.metrics = measure_images(row->scores, row->anomalous);
        return &again;
    }

    std::deque<ResultRow> rows_;  ///< Deques: they are pointed into.
    std::deque<RunsBySeed> runs_;
    std::vector<CellRuns> parts_;
};

bool needs_images_only(const std::string& metric) {
    const auto names = image_metric_names();
    return std::ranges::find(names, metric) != names.end();
}

/// What is stored of a category and seed.
ExplainedValue stored_value(const CellRuns& part, std::int64_t seed, const std::string& category,
                            const RunsByCategory& runs) {
    ExplainedValue value;
    value.dataset = part.dataset;
    value.category = category;
    value.seed = seed;
    const auto run = runs.find(category);
    if (run == runs.end() || run->second.row == nullptr) {
        value.reason = run == runs.end() ? "not among the results" : run->second.reason;
        return value;
    }
    const auto& row = *run->second.row;
    value.artifact = row.artifact;
    value.prompts = row.prompts;
    const auto* metric = find_metric(row.metrics, part.metric);
    value.reason = metric == nullptr ? "not measured" : metric->reason;
    if (metric != nullptr) { value.value = metric->value; }
    return value;
}

void add_stored_values(const CellRuns& part, std::vector<ExplainedValue>& values) {
    for (const auto& category : part.categories) {
        for (const auto& [seed, runs] : *part.runs) {
            values.push_back(stored_value(part, seed, category, runs));
        }
    }
}

std::vector<ExplainedValue> stored_values(const std::vector<CellRuns>& parts) {
    std::vector<ExplainedValue> values;
    for (const auto& part : parts) { add_stored_values(part, values); }
    return values;
}

/// Beside the cell and each of its values what the image scores give.
void add_values_again(const std::vector<CellRuns>& parts, Spread spread, Explanation& explanation) {
    const RunsAgain again(parts);
    const auto others = stored_values(again.parts());
    for (std::size_t i = 0; i < others.size(); ++i) {
        explanation.values[i].again = others[i].value;
    }
    explanation.again = cell_of(again.parts(), spread);
}

}  // namespace

bool Explanation::holds() const {
    if (!again) { return true; }
    const auto holds_of = [](const ExplainedValue& value) {
        return !value.value || (value.again && are_same(*value.value, *value.again));
    };
    return cell.mean == again->mean && cell.std == again->std &&
           std::ranges::all_of(values, holds_of);
}

Explanation explain(const Results& results, const std::string& name, const PaperOptions& options) {
    const PaperMeasure measure(results, paper_reference(), options);
    const auto found = find_cell({results, options, measure}, name);
    Explanation explanation;
    explanation.name = name;
    explanation.source = found.source;
    explanation.labels = found.labels;
    explanation.cell = found.cell;
    explanation.paper = found.paper;
    if (found.runs.empty()) { return explanation; }
    explanation.metric = found.runs.front().metric;
    explanation.values = stored_values(found.runs);
    if (needs_images_only(explanation.metric) && found.cell.mean) {
        add_values_again(found.runs, options.spread, explanation);
    }
    explanation.provenance = provenance_of(results, found.runs);
    explanation.commands = commands_of(results, found.runs);
    return explanation;
}

}  // namespace patchead
