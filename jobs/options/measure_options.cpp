#include "options/measure_options.hpp"

#include <algorithm>

#include "options/measure_groups.hpp"
#include "options/request_options.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/option_domains.hpp"
#include "patchead/core/user_text.hpp"
#include "patchead/plan/method_options.hpp"

namespace patchead {
namespace {

/// Labels, and those that were given as lines of the config.
void read_labels(const po::variables_map& values, MeasureRequest& request) {
    auto& labels = request.labels;
    for (const auto* option : {"name", "backbone-label", "image-size", "shots", "seed"}) {
        const bool is_given = values.count(option) > 0 && !values[option].defaulted();
        request.has_labels |= is_given;
        if (is_given) { request.config[option] = quoted_word(text_of(values, option)); }
    }
    labels.name = text_of(values, "name");
    labels.backbone = text_of(values, "backbone-label");
    const auto fault = fault_of_name(labels.backbone);
    require<ConfigError>(fault.empty() && !labels.backbone.empty(),
                         "option --backbone-label: it has no text, or ", fault, "; give a name");
    if (const auto size = text_of(values, "image-size"); !size.empty()) {
        labels.image_size = whole_number("image-size", size, 1);
    }
    if (const auto shots = text_of(values, "shots"); !shots.empty()) {
        labels.shots = shots_of("shots", shots);
    }
    labels.seed = whole_number("seed", text_of(values, "seed"), 0);
}

void read_measure_method(const po::variables_map& values, MeasureOptions& options) {
    auto method = default_method();
    auto& request = options.request;
    for (const auto& option : method_options()) {
        if (std::ranges::count(measured_method_options(), option.name) == 0) { continue; }
        option.set(method, text_of(values, option.name));
        request.config[option.name] = option.text(method);
    }
    options.interpolation = request.config.at("interpolation");
    request.how.metrics = method.metrics;
    request.how.resize = method.features.resize;
    const auto scoring = text_of(values, "image-score");
    request.has_scoring = !scoring.empty();
    if (request.has_scoring) { request.how.scoring = parse_map_scoring(scoring); }
    request.how.memory =
        std::size_t{1'000'000} *
        static_cast<std::size_t>(whole_number("map-memory", text_of(values, "map-memory"), 0));
}

/// As a config file has them.
std::string words_text(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) {
        text.append(text.empty() ? "" : " ").append(quoted_word(word));
    }
    return text;
}

void require_given(const po::variables_map& values, const char* option, const char* mend) {
    require<ConfigError>(values.count(option) > 0, "the option '--", option,
                         "' is required but missing; ", mend);
}

}  // namespace

std::optional<MeasureOptions> parse_measure_options(const std::vector<std::string>& arguments) {
    const auto parsed = parse_options(
        arguments,
        {.command = "patchead measure",
         .arguments = "--maps DIR --dataset NAME --data-root DIR --output DIR [options]",
         .details =
             "Measures anomaly maps of any program as a sweep measures its own: all metrics and "
             "tables.\nreport, compare and explain take its output as that of a sweep. Start it "
             "alone or under\nmpirun: categories are shared among ranks.\n",
         .options = measure_option_groups(),
         .examples =
             "  patchead measure --example DIR\n"
             "  patchead measure --maps MAPS --dataset mvtec --data-root DATA --output OUT --name "
             "mine --image-score top:0.01\n"
             "  patchead measure --maps RUN --dataset mvtec --data-root DATA --output AGAIN\n"});
    if (parsed.help) { return std::nullopt; }
    const auto& values = parsed.values;
    MeasureOptions options;
    options.example = text_of(values, "example");
    if (!options.example.empty()) { return options; }
    require_given(values, "maps",
                  "name the folder of maps; patchead measure --example DIR shows one");
    require_given(values, "dataset", "say of which data set the maps are");
    require_given(values, "output", "say where results are to be written");
    options.output = text_of(values, "output");
    auto& request = options.request;
    SweepRequest of_data;
    read_request(values, of_data);
    request.data = of_data.data;
    request.data.datasets = words(values, "dataset");
    request.maps = text_of(values, "maps");
    request.list = text_of(values, "list");
    request.points = words(values, "point");
    request.config["dataset"] = words_text(request.data.datasets);
    if (!request.data.categories.empty()) {
        request.config["category"] = words_text(request.data.categories);
    }
    if (!request.points.empty()) { request.config["point"] = words_text(request.points); }
    request.metrics = of_data.metrics;
    if (!request.metrics.empty()) { request.config["metrics"] = words_text(request.metrics); }
    read_labels(values, request);
    read_measure_method(values, options);
    return options;
}

}  // namespace patchead
