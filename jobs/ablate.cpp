/// \file
/// \brief `patchead ablate`: scoring and metric options varied on the match tensors of a sweep.

#include <algorithm>
#include <array>
#include <iostream>
#include <span>

#include "patchead/core/files.hpp"
#include "patchead/core/registry.hpp"
#include "patchead/report/tables.hpp"
#include "plan_run.hpp"
#include "sweep_run.hpp"

namespace patchead {
namespace {

using Words = std::vector<std::string>;

/// An option that can be varied, and the options of `sweep` that it stands for.
struct Variable {
    std::string_view name;
    std::array<std::string_view, 2> options;
};
constexpr auto kVariables = std::to_array<Variable>({{"rho", {"rho-few", "rho-zero"}},
                                                     {"rho-few", {"rho-few"}},
                                                     {"rho-zero", {"rho-zero"}},
                                                     {"kp", {"kp-fraction"}},
                                                     {"kp-fraction", {"kp-fraction"}},
                                                     {"kp-rounding", {"kp-rounding"}},
                                                     {"reading", {"reading"}},
                                                     {"distance", {"distance"}},
                                                     {"mask-threshold", {"mask-threshold"}},
                                                     {"mask-weight", {"mask-weight"}},
                                                     {"mask-source", {"mask-source"}},
                                                     {"align-rotate", {"align-rotate"}},
                                                     {"align-keep", {"align-keep"}},
                                                     {"zero-align", {"zero-align"}},
                                                     {"eval-size", {"eval-size"}},
                                                     {"interpolation", {"interpolation"}},
                                                     {"smooth-sigma", {"smooth-sigma"}},
                                                     {"mask-resize", {"mask-resize"}},
                                                     {"pro-limit", {"pro-limit"}},
                                                     {"pro-connectivity", {"pro-connectivity"}}});

/// One option and the values it takes.
struct Axis {
    Variable variable;
    Words values;
};

/// "rho=0,0.01,0.05". Throws ConfigError.
Axis parse_axis(const std::string& text) {
    const auto equals = text.find('=');
    require<ConfigError>(equals != std::string::npos && equals + 1 < text.size(),
                         "option --over: '", text,
                         "' is not of the form NAME=VALUE,VALUE,...; e.g. rho=0,0.01,0.05");
    Axis axis{
        find(std::span<const Variable>(kVariables), "ablation variable", text.substr(0, equals)),
        {}};
    for (auto rest = text.substr(equals + 1);;) {
        const auto comma = rest.find(',');
        axis.values.push_back(rest.substr(0, comma));
        if (comma == std::string::npos) { return axis; }
        rest.erase(0, comma + 1);
    }
}

/// One value of each axis.
using Choice = Words;

std::vector<Choice> all_choices(const std::vector<Axis>& axes) {
    std::vector<Choice> choices{{}};
    for (const auto& axis : axes) {
        std::vector<Choice> longer;
        for (const auto& choice : choices) {
            for (const auto& value : axis.values) {
                longer.push_back(choice);
                longer.back().push_back(value);
            }
        }
        choices = std::move(longer);
    }
    return choices;
}

Words overrides(const std::vector<Axis>& axes, const Choice& choice) {
    Words words;
    for (std::size_t i = 0; i < axes.size(); ++i) {
        for (const auto option : axes[i].variable.options) {
            if (!option.empty()) { words.push_back(concat("--", option, "=", choice[i])); }
        }
    }
    words.emplace_back("--heatmaps=0");
    words.emplace_back("--maps=0");
    return words;
}

/// Adds the rows of one choice's summary tables to the effect tables, led by the choice.
void add_rows(const std::vector<Axis>& axes, const Choice& choice, const Results& results,
              std::vector<Table>& effects) {
    for (const auto& table : make_tables(results)) {
        if (!table.name.starts_with("summary_")) { continue; }
        const auto name = "ablation_" + table.name.substr(std::string("summary_").size());
        auto found = std::ranges::find(effects, name, &Table::name);
        if (found == effects.end()) {
            effects.push_back(table);
            found = effects.end() - 1;
            found->name = name;
            found->rows.clear();
            for (std::size_t i = axes.size(); i-- > 0;) {
                found->row_columns.insert(found->row_columns.begin(),
                                          std::string(axes[i].variable.name));
            }
        }
        for (auto row : table.rows) {
            row.labels.insert(row.labels.begin(), choice.begin(), choice.end());
            found->rows.push_back(std::move(row));
        }
    }
}

std::vector<Axis> parse_axes(const Words& over) {
    std::vector<Axis> axes;
    for (const auto& text : over) { axes.push_back(parse_axis(text)); }
    return axes;
}

/// The options of every choice; what is wrong with one is said before any work.
std::vector<SweepOptions> options_of(const std::vector<Axis>& axes,
                                     const std::vector<Choice>& choices, const Words& arguments) {
    std::vector<SweepOptions> all;
    for (const auto& choice : choices) {
        all.push_back(*parse_sweep_options({"ablate", arguments, overrides(axes, choice)}));
    }
    return all;
}

int ablate(const SweepOptions& options, const Words& arguments, const Communicator& world) {
    const auto valid = on_root(world, [&] {
        const auto axes = parse_axes(options.over);
        static_cast<void>(options_of(axes, all_choices(axes), arguments));
        return std::string();
    });
    if (!valid) { return kExitError; }
    const auto axes = parse_axes(options.over);
    const auto choices = all_choices(axes);
    const auto choice_options = options_of(axes, choices, arguments);
    const auto inputs = prepare_sweep(options, world);
    if (!inputs) { return kExitError; }
    std::vector<Table> effects;
    WorkCount work;
    auto end = RunEnd::whole;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        const auto choice_inputs = with_method(*inputs, choice_options[i]);
        const auto run = run_plan(choice_options[i], choice_inputs, make_plan(choice_inputs.spec),
                                  world, Allowed::reductions_only);
        if (!run) { return kExitError; }
        if (run->end != RunEnd::whole) { end = run->end; }
        if (world.is_root() ? print_unfinished(*run) : is_unfinished(run->end)) {
            return exit_code(run->end);
        }
        work.forwards += run->state.work.forwards;
        work.products += run->state.work.products;
        add_rows(axes, choices[i], run->results, effects);
    }
    if (!world.is_root()) { return kExitDone; }
    write_tables(options.output / "tables", effects);
    for (const auto& table : effects) { std::cout << "\n" << to_markdown(table); }
    std::cerr << choices.size() << " choices; " << work.forwards << " forwards, " << work.products
              << " matrix products done; results in " << options.output.string() << "\n";
    return exit_code(end);
}

}  // namespace

int run_ablate(const std::vector<std::string>& arguments) {
    return run_sweep_job({"ablate", arguments, {}},
                         [&](const SweepOptions& options, const Communicator& world) {
                             return ablate(options, arguments, world);
                         });
}

}  // namespace patchead
