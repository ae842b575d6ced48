#include "patchead/report/selection.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "evaluation/method_name.hpp"
#include "patchead/core/counted.hpp"
#include "patchead/core/error.hpp"

namespace patchead {
namespace {

using Kind = PlainTable::Kind;

/// A data set, or a category of one.
struct Part {
    std::string name;  ///< "mvtec", "mvtec/screw".
    std::string dataset;
    std::string category{};  ///< Empty: the data set.
};

std::vector<Part> parts_of_all(const RunsByDataset& runs, HeldOut held_out) {
    std::vector<Part> parts;
    for (const auto& [dataset, of_dataset] : runs) {
        if (held_out == HeldOut::dataset) {
            parts.push_back({dataset, dataset});
            continue;
        }
        for (const auto& category : of_dataset.categories) {
            parts.push_back({concat(dataset, "/", category), dataset, category});
        }
    }
    return parts;
}

/// The mean over seeds of a part; nothing if it has none.
std::optional<double> value_of(const RunsByDataset& runs, const Part& part,
                               const Configuration& method, const SelectionInputs& inputs,
                               Spread spread) {
    const auto dataset = runs.find(part.dataset);
    if (dataset == runs.end()) { return std::nullopt; }
    const auto found = dataset->second.configurations.find(method);
    if (found == dataset->second.configurations.end()) { return std::nullopt; }
    const auto categories =
        part.category.empty() ? dataset->second.categories : std::set<std::string>{part.category};
    return make_cell(seed_means(found->second, categories, inputs.metric), spread).mean;
}

/// What all choices give a method on one part.
struct PartValues {
    std::string part;
    std::vector<double> choices;
    double defaults = 0;
};

std::size_t highest_of(const std::vector<double>& values) {
    return static_cast<std::size_t>(std::ranges::max_element(values) - values.begin());
}

/// The choice with the highest mean over all parts but `held_out`.
std::size_t chosen_without(const std::vector<PartValues>& parts, std::size_t held_out) {
    std::vector<double> sums(parts.front().choices.size());
    for (std::size_t part = 0; part < parts.size(); ++part) {
        for (std::size_t i = 0; i < sums.size() && part != held_out; ++i) {
            sums[i] += parts[part].choices[i];
        }
    }
    return highest_of(sums);
}

/// "rho=0 ×3, rho=0.01 ×1" in the order of the choices.
std::string tally(const std::vector<std::size_t>& chosen, const SelectionInputs& inputs) {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < inputs.choices.size(); ++i) {
        const auto times = std::ranges::count(chosen, i);
        if (times == 0) { continue; }
        texts.push_back(fmt::format("{} ×{}", inputs.choices[i].name, times));
    }
    return fmt::format("{}", fmt::join(texts, ", "));
}

/// The numbers of a row.
struct Outcomes {
    double here = 0;
    double best = 0;
    double defaults = 0;
};

PlainTable::Row row_of(const std::string& method, const std::string& part,
                       const std::string& chosen, const std::string& best, const Outcomes& of) {
    return {{method},
            {part},
            {chosen},
            {{}, of.here},
            {best},
            {{}, of.best},
            {{}, of.best - of.here},
            {{}, of.defaults},
            {{}, of.here - of.defaults}};
}

void add_method(const std::string& method, const std::vector<PartValues>& parts,
                const SelectionInputs& inputs, PlainTable& table) {
    std::vector<std::size_t> chosen;
    std::vector<std::size_t> best;
    Outcomes sum;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        chosen.push_back(chosen_without(parts, i));
        best.push_back(highest_of(parts[i].choices));
        const auto& values = parts[i].choices;
        const Outcomes of{values[chosen.back()], values[best.back()], parts[i].defaults};
        table.rows.push_back(row_of(method, parts[i].part, inputs.choices[chosen.back()].name,
                                    inputs.choices[best.back()].name, of));
        sum = {sum.here + of.here, sum.best + of.best, sum.defaults + of.defaults};
    }
    const auto n = static_cast<double>(parts.size());
    table.rows.push_back(row_of(method, "Mean", tally(chosen, inputs), tally(best, inputs),
                                {sum.here / n, sum.best / n, sum.defaults / n}));
}

PlainTable empty_table(const SelectionInputs& inputs) {
    const bool by_dataset = inputs.held_out == HeldOut::dataset;
    const std::string part = by_dataset ? "data set" : "category";
    PlainTable table;
    table.name = by_dataset ? "selection_dataset" : "selection_category";
    table.caption = fmt::format("{} of options chosen on the other {}, percent and points",
                                inputs.metric, by_dataset ? "data sets" : "categories");
    table.columns = {{"method"},
                     {"held out"},
                     {"chosen elsewhere"},
                     {"it gives here", Kind::percent},
                     {"best here"},
                     {"that gives", Kind::percent},
                     {"optimism", Kind::points},
                     {"defaults", Kind::percent},
                     {"gain over defaults", Kind::points}};
    table.labels = 2;
    table.footnotes = {
        fmt::format("Chosen: of {} the one whose unweighted mean of {} over the other parts is "
                    "highest, the first of several. A part is a {}, its value the mean over seeds.",
                    counted(inputs.choices.size(), "choice"), inputs.metric, part),
        "optimism: what is best here (the test set chose it) less what was chosen elsewhere. Only "
        "the latter is a result."};
    return table;
}

/// The results by data set, of each choice, then of the defaults.
std::vector<RunsByDataset> runs_of(const SelectionInputs& inputs) {
    std::vector<RunsByDataset> runs;
    for (const auto& choice : inputs.choices) { runs.push_back(group_runs(choice.results)); }
    runs.push_back(group_runs(inputs.defaults));
    return runs;
}

struct NamedMethod {
    const Configuration& method;
    const std::string& name;
};

/// Of the parts where each of `runs` has a value; others get a footnote.
std::vector<PartValues> values_of(const std::vector<RunsByDataset>& runs,
                                  const std::vector<Part>& parts, const NamedMethod& of,
                                  const SelectionInputs& inputs, Spread spread, PlainTable& table) {
    std::vector<PartValues> values;
    for (const auto& part : parts) {
        std::vector<double> found;
        for (const auto& choice : runs) {
            const auto value = value_of(choice, part, of.method, inputs, spread);
            if (value) { found.push_back(*value); }
        }
        if (found.size() < runs.size()) {
            table.footnotes.push_back(
                fmt::format("{}: without {}, where a choice has no value.", of.name, part.name));
            continue;
        }
        const double defaults = found.back();
        found.pop_back();
        values.push_back({part.name, std::move(found), defaults});
    }
    return values;
}

/// Whether choices differ anywhere, from each other or from the defaults.
bool is_moved(const std::vector<PartValues>& parts) {
    return std::ranges::any_of(parts, [](const PartValues& part) {
        return std::ranges::count(part.choices, part.defaults) < std::ssize(part.choices);
    });
}

}  // namespace

PlainTable make_selection(const SelectionInputs& inputs, Spread spread) {
    const auto& names = inputs.defaults.metric_names;
    require<ConfigError>(
        std::ranges::count(names, inputs.metric) > 0, "option --by: '", inputs.metric,
        "' is no metric of these results; one of: ", fmt::format("{}", fmt::join(names, ", ")));
    const auto runs = runs_of(inputs);
    const auto parts = parts_of_all(runs.back(), inputs.held_out);
    std::set<Configuration> methods;
    for (const auto& [dataset, of_dataset] : runs.back()) {
        for (const auto& [method, seeds] : of_dataset.configurations) { methods.insert(method); }
    }
    const bool with_network = has_networks(runs.back());
    auto table = empty_table(inputs);
    bool is_any = false;
    std::vector<std::string> unmoved;
    for (const auto& method : methods) {
        const auto name = method_name(method, with_network);
        const auto values = values_of(runs, parts, {method, name}, inputs, spread, table);
        if (values.size() < 2) { continue; }
        is_any = true;
        if (is_moved(values)) {
            add_method(name, values, inputs, table);
        } else {
            unmoved.push_back(name);
        }
    }
    require<ConfigError>(is_any, "no method has ", inputs.metric, " on two ",
                         inputs.held_out == HeldOut::dataset ? "data sets" : "categories",
                         " (a choice is made on the others); sweep more of them");
    if (!unmoved.empty()) {
        table.footnotes.push_back(
            fmt::format("Which choice is made changes nothing for {}.", fmt::join(unmoved, "; ")));
    }
    return table;
}

}  // namespace patchead
