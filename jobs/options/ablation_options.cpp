#include "options/ablation_options.hpp"

#include <algorithm>

#include "options/choosing_options.hpp"
#include "options/parse_options.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/registry.hpp"
#include "patchead/core/text.hpp"
#include "patchead/plan/method_options.hpp"

namespace patchead {
namespace {

using WordList = std::vector<std::string>;

/// One variable and the values it takes.
struct Axis {
    std::string name;                  ///< As the user called it.
    std::vector<std::string> options;  ///< Of the method; it may stand for two.
    std::vector<std::string> values;
};

/// A name that can be varied, and the options of the method that it stands for.
struct Variable {
    std::string name;
    WordList options;
};

/// Every option on which numbers depend, and short names.
std::vector<Variable> variables() {
    std::vector<Variable> table{{"rho", {"rho-few", "rho-zero"}}, {"kp", {"kp-fraction"}}};
    for (const auto& option : method_options()) {
        if (!is_recorded(option.changes) || option.changes == Changes::units) { continue; }
        table.push_back({option.name, {option.name}});
    }
    return table;
}

/// "rho=0,0.01,0.05". Throws ConfigError.
Axis parse_axis(const std::string& text) {
    const auto equals = text.find('=');
    require<ConfigError>(equals != std::string::npos && equals + 1 < text.size(),
                         "option --over: '", text,
                         "' is not of the form NAME=VALUE,VALUE,...; e.g. rho=0,0.01,0.05");
    const auto table = variables();
    const auto& variable =
        find(std::span<const Variable>(table), "ablation variable", text.substr(0, equals));
    Axis axis{variable.name, variable.options, {}};
    for (const auto& value : split_at_commas(text.substr(equals + 1))) {
        append_new(value, axis.values);
    }
    return axis;
}

/// Two axes cannot set one option, as rho and rho-few would.
void require_new(const std::vector<Axis>& axes) {
    const auto& last = axes.back();
    for (std::size_t i = 0; i + 1 < axes.size(); ++i) {
        for (const auto& option : last.options) {
            require<ConfigError>(std::ranges::count(axes[i].options, option) == 0,
                                 "option --over: ", axes[i].name, " and ", last.name,
                                 " both vary --", option, "; list all values once, as ", last.name,
                                 "=V,V,...");
        }
    }
}

std::vector<WordList> all_choices(const std::vector<Axis>& axes) {
    std::vector<WordList> choices{{}};
    for (const auto& axis : axes) {
        std::vector<WordList> longer;
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

CommandSyntax syntax() {
    po::options_description options;
    options.add(group_of(
        "ablation", {{"over", "NAME=V,V,...",
                      "an option and the values it takes; all combinations of several. rho and kp "
                      "stand for rho-few with rho-zero, and for kp-fraction",
                      OptionRow::Kind::words, "", true}}));
    options.add(choosing_option_group());
    options.add(sweep_option_groups());
    return {"patchead ablate", "--over NAME=V,V,... [--over ...] [the options of a finished sweep]",
            "Varies scoring and metric options on the match tensors of a sweep: no forward pass "
            "and no\nmatrix product. Prints the effect table and writes it as Markdown, CSV and "
            "JSON.\n",
            options};
}

/// The command line with a value of each axis, and without pictures and tokens.
WordList overrides(const std::vector<Axis>& axes, const WordList& choice) {
    auto words = without_pictures();
    for (std::size_t i = 0; i < axes.size(); ++i) {
        for (const auto& option : axes[i].options) {
            words.push_back(concat("--", option, "=", choice[i]));
        }
    }
    return words;
}

}  // namespace

std::optional<SweepOptions> parse_ablation_options(const WordList& arguments,
                                                   AblationOptions& ablation) {
    const auto parsed = parse_options(arguments, syntax());
    if (parsed.help) { return std::nullopt; }
    std::vector<Axis> axes;
    for (const auto& text : words(parsed.values, "over")) {
        axes.push_back(parse_axis(text));
        require_new(axes);
    }
    for (const auto& axis : axes) { ablation.variables.push_back(axis.name); }
    auto plain = syntax();
    plain.overrides = without_pictures();
    ablation.defaults = read_sweep_options(parse_options(arguments, plain).values).request;
    ablation.choosing = read_choosing(parsed.values, ablation.defaults);
    for (auto& choice : all_choices(axes)) {
        auto with_choice = syntax();
        with_choice.overrides = overrides(axes, choice);
        const auto values = parse_options(arguments, with_choice).values;
        ablation.choices.push_back({std::move(choice), read_sweep_options(values).request});
    }
    return read_sweep_options(parsed.values);
}

}  // namespace patchead
