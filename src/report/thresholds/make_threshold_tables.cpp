#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "patchead/core/shots.hpp"
#include "patchead/core/splits.hpp"
#include "patchead/report/threshold_tables.hpp"
#include "patchead/results/point.hpp"
#include "tables/cells.hpp"

namespace patchead {
namespace {

using ThresholdDraw = ThresholdTable::Draw;
using ThresholdMeans = ThresholdTable::Means;
using ThresholdRow = ThresholdTable::Row;

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();
constexpr auto kMeans =
    std::to_array<double ThresholdMeans::*>({&ThresholdMeans::false_alarms, &ThresholdMeans::misses,
                                             &ThresholdMeans::f1, &ThresholdMeans::f1_max});

bool is_batch(const ResultRow& row) { return row.shots == 0; }

/// Scores of its validation images; null if they were not asked for, or there are none.
const std::vector<float>* validation_of(const ResultRow& row) {
    const auto found = std::ranges::find(row.unmeasured, kValidation, &UnmeasuredScores::split);
    return found == row.unmeasured.end() ? nullptr : &found->scores;
}

/// Why no threshold can be made of a point; empty if one can.
std::string lack_of(const ResultRow& row, const ThresholdRule& rule) {
    if (rule.is_of_validation) {
        return validation_of(row) != nullptr
                   ? ""
                   : "no validation images were scored: the data set has none, the point is fused, "
                     "or the sweep was run without --score-also validation";
    }
    if (is_batch(row)) {
        return rule.is_robust ? ""
                              : "a batch has no images that are known to be normal, which "
                                "only the rule robust can do without";
    }
    if (!row.left_out.empty()) { return ""; }
    if (row.shots == 1) {
        return "a single prompt has no others to be scored against; give two shots or more";
    }
    const bool is_fused = !fuse_rule_of(row.backbone).empty() || !fuse_rule_of(row.sizes).empty();
    if (is_fused) { return "the prompts of fused points are not scored against each other"; }
    if (row.modules.find("align") != std::string::npos) {
        return "aligned prompts are not scored against each other";
    }
    if (is_full_shot(row) && row.detector != kPatchEadName) {
        return "a detector would be fitted once for each training image";
    }
    return "prompts were not scored against each other; run the sweep with --threshold";
}

ThresholdDraw draw_of(const ResultRow& row, const ThresholdRule& rule) {
    const auto& normals = rule.is_of_validation ? *validation_of(row)
                          : is_batch(row)       ? row.scores
                                                : row.left_out;
    ThresholdDraw draw{row.seed, threshold_of(rule, normals), normals.size()};
    for (std::size_t i = 0; i < row.scores.size(); ++i) {
        const bool is_reported = static_cast<double>(row.scores[i]) > draw.threshold;
        if (row.anomalous[i] != 0) {
            ++draw.anomalous;
            draw.misses += is_reported ? 0 : 1;
        } else {
            ++draw.normal;
            draw.false_alarms += is_reported ? 1 : 0;
        }
    }
    const auto hits = 2 * static_cast<double>(draw.anomalous - draw.misses);
    const bool has_both = draw.normal > 0 && draw.anomalous > 0;
    draw.f1 = has_both ? hits / (hits + static_cast<double>(draw.misses + draw.false_alarms))
                       : kUndefined;
    const auto* best = find_metric(row.metrics, "I-F1max");
    draw.f1_max = best == nullptr ? kUndefined : best->value;
    return draw;
}

double share_among(std::size_t part, std::size_t all) {
    return all == 0 ? kUndefined : static_cast<double>(part) / static_cast<double>(all);
}

ThresholdMeans shares_of(const ThresholdDraw& draw) {
    return {share_among(draw.false_alarms, draw.normal), share_among(draw.misses, draw.anomalous),
            draw.f1, draw.f1_max};
}

ThresholdMeans mean_of_shares(const std::vector<ThresholdMeans>& parts) {
    ThresholdMeans mean;
    for (const auto member : kMeans) {
        for (const auto& part : parts) { mean.*member += part.*member; }
        mean.*member /= static_cast<double>(parts.size());
    }
    return mean;
}

class ThresholdMaker {
  public:
    ThresholdMaker(const DatasetRuns& runs, ThresholdTable& table) : runs_(runs), table_(table) {
        table_.row_columns = label_columns(runs);
        table_.row_columns.insert(table_.row_columns.begin(), "category");
    }

    void add(const std::vector<ThresholdRule>& rules) {
        for (const auto& category : runs_.categories) {
            for (const auto& [configuration, seeds] : runs_.configurations) {
                for (const auto& rule : rules) { add(category, configuration, seeds, rule); }
            }
        }
        if (runs_.categories.size() > 1) { add_averages(); }
        for (const auto& [reason, labels] : lacks_) {
            table_.footnotes.push_back(
                fmt::format("No threshold at {}: {}.", fmt::join(labels, "; "), reason));
        }
    }

  private:
    void add(const std::string& category, const Configuration& configuration,
             const RunsBySeed& seeds, const ThresholdRule& rule) {
        auto labels = labels_of(configuration, runs_);
        ThresholdRow row{{}, rule.name, {}, {}};
        std::vector<ThresholdMeans> shares;
        for (const auto& [seed, categories] : seeds) {
            const auto run = categories.find(category);
            if (run == categories.end() || run->second.row == nullptr) { continue; }
            if (const auto lack = lack_of(*run->second.row, rule); !lack.empty()) {
                lacks_[lack].insert(fmt::format("{}", fmt::join(labels, " ")));
                continue;
            }
            row.draws.push_back(draw_of(*run->second.row, rule));
            shares.push_back(shares_of(row.draws.back()));
        }
        if (row.draws.empty()) { return; }
        row.means = mean_of_shares(shares);
        labels.insert(labels.begin(), category);
        row.labels = std::move(labels);
        table_.rows.push_back(std::move(row));
    }

    /// Of what all categories have.
    void add_averages() {
        std::vector<std::pair<ThresholdRow, std::vector<ThresholdMeans>>> averages;
        for (const auto& row : table_.rows) {
            auto labels = row.labels;
            labels.front() = "Average";
            auto found = std::ranges::find_if(averages, [&](const auto& average) {
                return average.first.labels == labels && average.first.rule == row.rule;
            });
            if (found == averages.end()) {
                averages.push_back({{std::move(labels), row.rule, {}, {}}, {}});
                found = averages.end() - 1;
            }
            found->second.push_back(row.means);
        }
        for (auto& [row, parts] : averages) {
            if (parts.size() != runs_.categories.size()) { continue; }
            row.means = mean_of_shares(parts);
            table_.rows.push_back(std::move(row));
        }
    }

    const DatasetRuns& runs_;
    ThresholdTable& table_;
    std::map<std::string, std::set<std::string>> lacks_;  ///< Labels by reason.
};

}  // namespace

std::vector<ThresholdTable> make_threshold_tables(const Results& results,
                                                  const std::vector<ThresholdRule>& rules) {
    std::vector<ThresholdTable> tables;
    if (rules.empty()) { return tables; }
    for (const auto& [dataset, runs] : group_runs(results)) {
        ThresholdTable table;
        table.name = "thresholds_" + dataset;
        table.dataset = dataset;
        table.caption = fmt::format("{}: thresholds that know no anomaly", dataset);
        table.footnotes = {
            "An image is reported if its score is above the threshold. scores: how many it is made "
            "of: few-shot and full-shot of the prompts, each against the others; batch zero-shot "
            "of all test images, labels unseen; rules of validation of its images.",
            "F1max: at the best threshold for these test images, which knows all labels; gap: what "
            "F1 lacks of it. Means over seeds."};
        ThresholdMaker(runs, table).add(rules);
        tables.push_back(std::move(table));
    }
    return tables;
}

}  // namespace patchead
