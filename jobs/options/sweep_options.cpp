#include "options/sweep_options.hpp"

#include "options/parse_options.hpp"
#include "options/point_options.hpp"
#include "options/prompts_study.hpp"
#include "options/read_method.hpp"
#include "options/request_options.hpp"
#include "patchead/core/error.hpp"
#include "patchead/plan/method_options.hpp"

namespace patchead {
namespace {

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
        if (is_recorded(option.changes)) { config[option.name] = option.text(request.method); }
    }
    if (request.detectors.has_others()) { config.try_emplace("detector-maps", "published"); }
    std::string text;
    for (const auto& [name, value] : config) { text += concat(name, " = ", value, "\n"); }
    return text + grids;
}

CommandSyntax sweep_syntax() {
    return {
        .command = "patchead sweep",
        .arguments = "--data-root DIR --dataset NAME --store DIR --output DIR [options]",
        .details =
            "Embeds images, matches patches, scores, measures and prints the tables. Start it "
            "alone or\nunder mpirun or srun; what is in the store is never computed again.\n",
        .options = sweep_option_groups(),
        .essential = {"data-root", "dataset", "category", "normal-dir", "abnormal-dir", "backbone",
                      "weights", "image-size", "shots", "seeds", "modules", "detector", "store",
                      "output", "device", "threads", "config", "help-all"},
        .examples =
            "  patchead sweep --config configs/demo.cfg --data-root DATA --store STORE --output "
            "RUN\n"
            "  patchead sweep --dataset folder --normal-dir good/ --abnormal-dir bad/ --shots 4 "
            "--store STORE --output RUN\n"
            "  mpirun -n 8 patchead sweep --config configs/paper.cfg --data-root DATA "
            "--weights-dir WEIGHTS --store STORE --output RUN\n"};
}

}  // namespace

po::options_description sweep_option_groups() {
    po::options_description options;
    options.add(request_option_group());
    auto points = point_option_group();
    add_row(points, prompts_study_option());
    options.add(points);
    options.add(method_option_group());
    auto run = engine_group("run", "run");
    const auto of_method = run_option_group();
    for (const auto& option : of_method.options()) { run.add(option); }
    options.add(run);
    options.add(engine_group("engine (docs/hpc.md)", "engine"));
    return options;
}

SweepOptions read_sweep_options(const po::variables_map& given) {
    const auto values = with_prompts_study(given);
    SweepOptions options;
    auto& request = options.request;
    read_request(values, request);
    auto points = parse_points(values);
    request.data.datasets = std::move(points.datasets);
    request.backbones.names = std::move(points.backbones);
    request.detectors.names = std::move(points.detectors);
    request.grids = std::move(points.grids);
    request.method = read_method(values, request.grids);
    request.config = config_text(values, request, points.text);
    options.settings = read_settings(values);
    return options;
}

std::vector<std::string> without_pictures() {
    return {"--heatmaps=0", "--maps=0", "--layers=none", "--image-token=no"};
}

std::optional<SweepOptions> parse_sweep_options(const std::vector<std::string>& arguments) {
    const auto parsed = parse_options(arguments, sweep_syntax());
    return parsed.help ? std::nullopt : std::optional(read_sweep_options(parsed.values));
}

}  // namespace patchead
