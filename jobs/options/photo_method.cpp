#include "options/photo_method.hpp"

#include <algorithm>

#include "options/read_method.hpp"
#include "options/request_options.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/option_domains.hpp"
#include "patchead/core/user_text.hpp"
#include "patchead/data/photos.hpp"
#include "patchead/plan/method_options.hpp"
#include "patchead/report/photo_threshold.hpp"

namespace patchead {
namespace {

using WordList = std::vector<std::string>;
using Kind = OptionRow::Kind;

/// Those of sweeps that mean the same here, and where files lie: no model decides that.
const WordList kTexts{"precision", "detector-maps"};
const WordList kLists{"backbone-option", "detector-options"};
const WordList kPlaces{"weights", "weights-dir", "vocabulary"};

const std::vector<OptionRow>& own_rows() {
    static const std::vector<OptionRow> rows{
        {"backbone", "NAME", "network (patchead backbones lists them)", Kind::text,
         "patchead_tiny"},
        {"image-size", "PX", "side of the square network input, or default: the network's own",
         Kind::text, "default"},
        {"detector", "NAME", "what scores (patchead detectors lists them)", Kind::text, "patchead"},
        {"align", "", "bring normal photos into the position of each photo that is scored",
         Kind::flag},
        {"mask", "", "let patches beside the object count less", Kind::flag},
        {"exif", "YES/NO", "turn photos as their cameras say: yes or no", Kind::text, "yes"},
        {"object", "NAME", "what detectors that compare with sentences call what is photographed",
         Kind::text, "object"},
        {"seed", "N", "of detectors that draw, and of the order of batches", Kind::text, "0"}};
    return rows;
}

bool is_in(const WordList& names, const std::string& name) {
    return std::ranges::count(names, name) > 0;
}

bool yes_or_no(const po::variables_map& values, const std::string& option) {
    return YesNo().parse(option, text_of(values, option));
}

/// The one point.
PointGrid read_point(const po::variables_map& values, std::size_t detector) {
    PointGrid grid;
    grid.datasets = {kPhotoDataset};
    const auto side = text_of(values, "image-size");
    grid.sides_px = {side == "default" ? kDefaultSide : whole_number("image-size", side, 1)};
    grid.seeds = {static_cast<std::uint64_t>(whole_number("seed", text_of(values, "seed"), 0))};
    grid.modules = {{values["align"].as<bool>(), values["mask"].as<bool>()}};
    grid.detectors = {detector};
    return grid;
}

/// Every option that can change a number, as lines of a config file.
std::string photo_config(const po::variables_map& values, const Method& method) {
    std::map<std::string, std::string> config;
    for (const auto& row : own_rows()) {
        config[row.name] = row.kind == Kind::flag ? (values[row.name].as<bool>() ? "yes" : "no")
                                                  : text_of(values, row.name);
    }
    for (const auto& option : kTexts) {
        if (values.count(option) > 0) { config[option] = text_of(values, option); }
    }
    for (const auto& option : kLists) {
        auto& line = config[option];
        for (const auto& word : words(values, option)) { line += quoted_word(word) + " "; }
        if (line.empty()) { config.erase(option); }
    }
    for (const auto& option : method_options()) {
        if (is_recorded(option.changes)) { config[option.name] = option.text(method); }
    }
    std::string text;
    for (const auto& [name, value] : config) { text += concat(name, " = ", value, "\n"); }
    return text;
}

}  // namespace

po::options_description photo_method_group() {
    auto group = group_of("what scores", own_rows());
    const auto of_sweeps = request_option_group();
    for (const auto& option : of_sweeps.options()) {
        const auto& name = option->long_name();
        if (is_in(kTexts, name) || is_in(kLists, name) || is_in(kPlaces, name)) {
            group.add(option);
        }
    }
    po::options_description all;
    all.add(group).add(recorded_method_group());
    return all;
}

WordList essential_photo_options() {
    return {"backbone", "weights", "image-size", "detector", "align",
            "mask",     "exif",    "device",     "threads",  "help-all"};
}

PhotoRequest read_photo_request(const po::variables_map& values) {
    PhotoRequest request;
    auto& sweep = request.sweep;
    read_request(values, sweep);
    sweep.backbones.names = {text_of(values, "backbone")};
    const auto detector = text_of(values, "detector");
    if (detector != sweep.detectors.names.front()) { sweep.detectors.names.push_back(detector); }
    sweep.grids = {read_point(values, sweep.detectors.names.size() - 1)};
    sweep.method = read_method_texts(values);
    sweep.config = photo_config(values, sweep.method);
    request.category = text_of(values, "object");
    require<ConfigError>(request.category.find('/') == std::string::npos, "option --object: '",
                         request.category, "' holds a slash; name the object by words");
    request.upright = yes_or_no(values, "exif");
    return request;
}

void require_none_of_model(const po::variables_map& values) {
    const auto decided = photo_method_group();
    for (const auto& option : decided.options()) {
        const auto& name = option->long_name();
        const bool is_given = values.count(name) > 0 && !values[name].defaulted();
        require<ConfigError>(!is_given || is_in(kPlaces, name), "option --", name,
                             " is decided by the model (its scores mean nothing with another ",
                             "value); leave the option out, or fit a model with it");
    }
}

OptionRow photo_threshold_option(const std::string& standard) {
    return {"threshold", "RULE",
            "a score above it is a defect: a rule (max, mean3sigma, quantile:SHARE, p95x1.421, "
            "robust; docs/evaluation.md) for the scores of normal photos, each against the "
            "others; a number; or none",
            Kind::text, standard};
}

std::string read_photo_threshold(const po::variables_map& values) {
    auto word = text_of(values, "threshold");
    if (!word.empty()) { require_threshold_word(word); }
    return word;
}

}  // namespace patchead
