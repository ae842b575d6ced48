#include "options/sweep_options.hpp"

#include <algorithm>

#include "options/parse_options.hpp"
#include "options/point_options.hpp"
#include "options/request_options.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/registry.hpp"
#include "patchead/data/dataset.hpp"
#include "patchead/plan/method_options.hpp"

namespace patchead {
namespace {

/// Texts that stand in for defaults of the method.
struct Profile {
    std::string_view name;
    std::vector<std::pair<std::string, std::string>> texts;
};

const Profile& find_profile(const std::string& name) {
    static const std::vector<Profile> profiles{
        {"default", {}}, {"paper-literal", {{"reading", "C"}, {"align-estimator", "orb"}}}};
    return find(std::span<const Profile>(profiles), "profile", name);
}

/// Whether an option of the method is about the run: pictures, units, the store.
bool is_of_run(const MethodOption& option) {
    return option.changes == Changes::pictures || option.changes == Changes::units ||
           option.changes == Changes::features;
}

po::options_description method_group(const char* title, bool of_run) {
    po::options_description group(title);
    for (const auto& option : method_options()) {
        if (is_of_run(option) != of_run) { continue; }
        add_row(group,
                {option.name, "VALUE", option.help, OptionRow::Kind::text, option.default_text});
    }
    return group;
}

po::options_description engine_group(const std::string& title, const std::string& name) {
    po::options_description group(title);
    for (const auto& option : engine_options()) {
        if (option.group != name) { continue; }
        add_row(group, {option.name, option.shown, option.help,
                        option.shown.empty() ? OptionRow::Kind::flag : OptionRow::Kind::text,
                        option.default_text, option.is_required});
    }
    return group;
}

Method read_method(const po::variables_map& values, const std::vector<PointGrid>& grids) {
    Method method;
    const auto& profile = find_profile(text_of(values, "profile"));
    for (const auto& option : method_options()) {
        const auto stand_in = std::ranges::find(profile.texts, option.name,
                                                &std::pair<std::string, std::string>::first);
        const bool is_default = values[option.name].defaulted();
        option.set(method, is_default && stand_in != profile.texts.end()
                               ? stand_in->second
                               : text_of(values, option.name));
    }
    method.units.map_shots = numbers(values, "map-shots", 0);
    for (const int shots : method.units.map_shots) {
        const bool is_planned = std::ranges::any_of(grids, [&](const PointGrid& grid) {
            return std::ranges::count(grid.shots, shots) > 0;
        });
        require<ConfigError>(is_planned, "option --map-shots: ", shots,
                             " is none of --shots; give some of these");
    }
    for (const auto& dataset : datasets()) {
        if (!dataset.get().info().aligned) { method.masking_only.emplace(dataset.name); }
    }
    return method;
}

EngineSettings read_settings(const po::variables_map& values) {
    EngineSettings settings;
    for (const auto& option : engine_options()) {
        const auto& value = values[option.name];
        if (option.shown.empty()) {
            if (value.as<bool>()) { option.set(settings, ""); }
        } else if (!value.empty()) {
            option.set(settings, value.as<std::string>());
        }
    }
    return settings;
}

/// Every option that can change a number, as lines `name = value`.
std::string config_text(const po::variables_map& values, const SweepRequest& request,
                        const std::string& grids) {
    auto config = request_config(values);
    config["profile"] = text_of(values, "profile");
    for (const auto& option : method_options()) {
        if (option.changes != Changes::pictures) {
            config[option.name] = option.text(request.method);
        }
    }
    std::string text;
    for (const auto& [name, value] : config) { text += concat(name, " = ", value, "\n"); }
    return text + grids;
}

}  // namespace

po::options_description sweep_option_groups() {
    po::options_description options;
    options.add(request_option_group());
    options.add(point_option_group());
    auto method = method_group("method (docs/method.md)", false);
    add_row(method, {"profile", "NAME",
                     "default, or paper-literal: the equations as printed, keypoints only; options "
                     "win over it",
                     OptionRow::Kind::text, "default"});
    options.add(method);
    auto run = engine_group("run", "run");
    const auto of_run = method_group("", true);
    for (const auto& option : of_run.options()) { run.add(option); }
    add_row(run, {"map-shots", "N...",
                  "shots at which maps are recorded; default: 0, and the most that all of "
                  "--modules have",
                  OptionRow::Kind::words});
    options.add(run);
    options.add(engine_group("engine (docs/hpc.md)", "engine"));
    return options;
}

SweepOptions read_sweep_options(const po::variables_map& values) {
    SweepOptions options;
    auto& request = options.request;
    read_request(values, request);
    auto points = parse_points(values);
    request.data.datasets = std::move(points.datasets);
    request.backbones.names = std::move(points.backbones);
    request.grids = std::move(points.grids);
    request.method = read_method(values, request.grids);
    request.config = config_text(values, request, points.text);
    options.settings = read_settings(values);
    return options;
}

std::optional<SweepOptions> parse_sweep_options(const std::vector<std::string>& arguments) {
    const auto parsed = parse_options(
        arguments,
        {"patchead sweep", "--data-root DIR --dataset NAME --store DIR --output DIR [options]",
         "Embeds images, matches patches, scores, measures and prints the tables. Start it alone "
         "or\nunder mpirun or srun; what is in the store is never computed again.\n",
         sweep_option_groups()});
    return parsed.help ? std::nullopt : std::optional(read_sweep_options(parsed.values));
}

}  // namespace patchead
