#include "patchead/report/swing.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "evaluation/swing_lines.hpp"
#include "patchead/core/counted.hpp"

namespace patchead {
namespace {

using Kind = PlainTable::Kind;

constexpr std::string_view kPro = "AUPRO";
constexpr std::string_view kAll = "all";
constexpr std::size_t kPairsShown = 40;

bool is_other_pro(const std::string& metric) {
    return metric.starts_with("PRO@") || metric.starts_with("pro:");
}

/// The results by data set, of the base and of each of `varied`.
struct AllRuns {
    explicit AllRuns(const ConventionResults& results) : base(group_runs(results.base)) {
        varied.reserve(results.varied.size());
        for (const auto& one : results.varied) { varied.push_back(group_runs(one.results)); }
    }
    RunsByDataset base;
    std::vector<RunsByDataset> varied;
};

std::vector<Convention> conventions_of(const ConventionResults& results, const AllRuns& runs) {
    std::vector<Convention> all;
    for (std::size_t i = 0; i < results.varied.size(); ++i) {
        const auto& one = results.varied[i];
        if (all.empty() || all.back().name != one.convention) {
            const auto base = results.base_values.find(one.convention);
            all.push_back(
                {one.convention,
                 {{base == results.base_values.end() ? "base" : base->second, &runs.base}}});
        }
        all.back().readings.push_back({one.value, &runs.varied[i]});
    }
    Convention pro{"PRO computed as", {{std::string(kPro), &runs.base}}};
    for (const auto& metric : results.base.metric_names) {
        if (is_other_pro(metric)) { pro.readings.push_back({metric, &runs.base, metric}); }
    }
    if (pro.readings.size() > 1) { all.push_back(std::move(pro)); }
    return all;
}

/// Tables of one data set, or of all.
class SwingWriter {
  public:
    SwingWriter(std::string name, std::vector<std::string> datasets, bool with_network,
                Spread spread)
        : datasets_(std::move(datasets)), with_network_(with_network), spread_(spread) {
        swing_ = {"swing_" + name,
                  name + ": what a convention of evaluation is worth, percent and points",
                  {{"convention"},
                   {"metric"},
                   {"lowest", Kind::percent},
                   {"with"},
                   {"base", Kind::percent},
                   {"is"},
                   {"highest", Kind::percent},
                   {"at"},
                   {"swing", Kind::percent},
                   {"spread", Kind::percent},
                   {"within"},
                   {"largest", Kind::percent},
                   {"of"},
                   {"pairs", Kind::count},
                   {"changed", Kind::count},
                   {"surely", Kind::count}},
                  2,
                  {},
                  {}};
        order_ = {"order_" + name,
                  name + ": methods that change places, leads in points",
                  {{"convention"},
                   {"value"},
                   {"metric"},
                   {"ahead in the base"},
                   {"behind there"},
                   {"lead", Kind::points},
                   {"lead with the value", Kind::points},
                   {"sure"}},
                  3,
                  {},
                  {},
                  kPairsShown};
    }

    void add(const Convention& convention, const std::string& metric) {
        const auto line = swing_line(convention, datasets_, metric, spread_);
        if (line.left_out > 0) { left_out_.emplace(metric, line.left_out); }
        if (line.methods.empty()) { return; }
        seen_.insert(metric);
        if (!line.moves()) { return; }
        moved_.insert(metric);
        methods_ = std::max(methods_, line.methods.size());
        const auto pairs = line.changed();
        add_swing(convention, metric, line, pairs);
        add_order(convention, metric, line, pairs);
    }

    /// The tables; without that of pairs if none changes places.
    [[nodiscard]] std::vector<PlainTable> take() {
        swing_.footnotes = footnotes();
        std::ranges::stable_sort(
            order_.rows, {}, [](const PlainTable::Row& row) { return row.back().text.empty(); });
        order_.footnotes = {
            "Of the same setting and shots. sure: both leads are beyond 0.5 points and two "
            "standard deviations of the difference over seeds."};
        std::vector<PlainTable> tables{std::move(swing_)};
        if (!order_.rows.empty()) { tables.push_back(std::move(order_)); }
        return tables;
    }

  private:
    void add_swing(const Convention& convention, const std::string& metric, const SwingLine& line,
                   const std::vector<ChangedPair>& pairs) {
        const auto means = line.means();
        const auto low = std::ranges::min_element(means) - means.begin();
        const auto high = std::ranges::max_element(means) - means.begin();
        const auto at = [&](std::ptrdiff_t reading) {
            return convention.readings[static_cast<std::size_t>(reading)].value;
        };
        const double swing =
            means[static_cast<std::size_t>(high)] - means[static_cast<std::size_t>(low)];
        const auto largest = std::ranges::max_element(line.methods, {}, range_of);
        std::set<std::pair<std::size_t, std::size_t>> changed;
        std::set<std::pair<std::size_t, std::size_t>> sure;
        for (const auto& pair : pairs) {
            changed.emplace(pair.ahead, pair.behind);
            if (pair.is_sure) { sure.emplace(pair.ahead, pair.behind); }
        }
        const auto count = [](std::size_t number) { return PlainTable::Value{{}, double(number)}; };
        const bool is_within = line.has_spread() && swing <= line.base_spread();
        swing_.rows.push_back(
            {{convention.name},
             {metric},
             {{}, means[static_cast<std::size_t>(low)]},
             {at(low)},
             {{}, means.front()},
             {at(0)},
             {{}, means[static_cast<std::size_t>(high)]},
             {at(high)},
             {{}, swing},
             {{}, line.has_spread() ? std::optional(line.base_spread()) : std::nullopt},
             {is_within ? "~" : ""},
             {{}, range_of(*largest)},
             {method_name(largest->method, with_network_)},
             count(line.pairs()),
             count(changed.size()),
             count(sure.size())});
    }

    void add_order(const Convention& convention, const std::string& metric, const SwingLine& line,
                   const std::vector<ChangedPair>& pairs) {
        for (const auto& pair : pairs) {
            order_.rows.push_back({{convention.name},
                                   {convention.readings[pair.reading].value},
                                   {metric},
                                   {method_name(line.methods[pair.ahead].method, with_network_)},
                                   {method_name(line.methods[pair.behind].method, with_network_)},
                                   {{}, pair.base_lead},
                                   {{}, pair.lead},
                                   {pair.is_sure ? "✓" : ""}});
        }
    }

    [[nodiscard]] std::vector<std::string> footnotes() const {
        std::vector<std::string> notes{
            fmt::format("Means over up to {}; swing: highest less lowest. spread: their standard "
                        "deviation over seeds in the base, on average; ~: the swing is within it. "
                        "largest: the swing of one method.",
                        counted(methods_, "method")),
            "pairs: of methods with the same setting and shots; changed: whose order is another "
            "with some value; surely: by leads beyond 0.5 points and two standard deviations "
            "before and after. What a convention does not move has no line."};
        std::vector<std::string> still;
        std::ranges::set_difference(seen_, moved_, std::back_inserter(still));
        if (!still.empty()) {
            notes.push_back(fmt::format("No convention moves {}.", fmt::join(still, ", ")));
        }
        for (const auto& [metric, count] : left_out_) {
            notes.push_back(fmt::format("{}: {} without a value in some reading {} left out.",
                                        metric, counted(count, "method"),
                                        count == 1 ? "is" : "are"));
        }
        return notes;
    }

    std::vector<std::string> datasets_;
    bool with_network_;
    Spread spread_;
    PlainTable swing_;
    PlainTable order_;
    std::size_t methods_ = 0;
    std::set<std::string> seen_;   ///< Metrics that have values,
    std::set<std::string> moved_;  ///< and those that some convention moves.
    std::map<std::string, std::size_t> left_out_;
};

/// A PRO that is read in the place of AUPRO has its own lines, too, as every metric.
void add_all(SwingWriter& writer, const std::vector<Convention>& conventions,
             const std::vector<std::string>& metrics) {
    for (const auto& convention : conventions) {
        for (const auto& metric : metrics) {
            const auto& last = convention.readings.back();
            if (last.metric.empty() || metric == kPro) { writer.add(convention, metric); }
        }
    }
}

}  // namespace

std::vector<PlainTable> make_swing_tables(const ConventionResults& results, Spread spread) {
    const AllRuns runs(results);
    const auto conventions = conventions_of(results, runs);
    const bool with_network = has_networks(runs.base);
    std::vector<std::string> datasets;
    for (const auto& [name, of_dataset] : runs.base) { datasets.push_back(name); }
    std::vector<PlainTable> tables;
    const auto write = [&](const std::string& name, const std::vector<std::string>& of) {
        SwingWriter writer(name, of, with_network, spread);
        add_all(writer, conventions, results.base.metric_names);
        for (auto& table : writer.take()) { tables.push_back(std::move(table)); }
    };
    for (const auto& name : datasets) { write(name, {name}); }
    if (datasets.size() > 1) { write(std::string(kAll), datasets); }
    return tables;
}

}  // namespace patchead
