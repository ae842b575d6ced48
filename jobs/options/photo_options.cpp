#include "options/photo_options.hpp"

#include <algorithm>
#include <iterator>

#include "options/photo_method.hpp"
#include "options/photo_resources.hpp"
#include "patchead/cache/model_file.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/option_domains.hpp"

namespace patchead {
namespace {

using WordList = std::vector<std::string>;
using Kind = OptionRow::Kind;

constexpr const char* kStandardRule = "max";
CommandSyntax with_groups(CommandSyntax syntax, const std::vector<OptionRow>& rows) {
    syntax.options.add(group_of("photos", rows));
    syntax.options.add(photo_method_group());
    syntax.options.add(photo_resource_group());
    for (const auto& row : rows) { syntax.essential.push_back(row.name); }
    std::ranges::copy(essential_photo_options(), std::back_inserter(syntax.essential));
    return syntax;
}

CommandSyntax fit_syntax() {
    return with_groups(
        {.command = "patchead fit",
         .arguments = "--normal DIR [--images DIR] --output model.h5 [options]",
         .details = "Makes of good photos a model that photos are scored by. It holds all that is "
                    "needed for that\nbut the network's weights.\n",
         .examples = "  patchead fit --normal good/ --output part.h5\n"
                     "  patchead score --model part.h5 --images new/ --output today/\n"},
        {{"normal", "DIR...", "good photos: files, or folders of them", Kind::words, "", true},
         {"images", "PATH...",
          "also say how these photos, of which nothing is known, compare with the good ones",
          Kind::words},
         {"output", "FILE", "the model", Kind::text, "", true},
         photo_threshold_option(kStandardRule)});
}

CommandSyntax score_syntax() {
    return with_groups(
        {.command = "patchead score",
         .arguments = "--model FILE --images DIR --output DIR [options]",
         .details = "Says of photos how unlike good ones they are, and where: scores.csv, "
                    "scores.json, heat maps\nand a page to look at. Without --model and --normal "
                    "the photos are compared with each other.\n",
         .examples = "  patchead score --model part.h5 --images new/ --output today/\n"
                     "  patchead score --normal good/ --images new/ --output today/ --fail-on "
                     "defect\n"
                     "  patchead score --model part.h5 --watch incoming/ --output today/\n"},
        {{"model", "FILE", "a model that patchead fit wrote"},
         {"normal", "DIR...",
          "good photos in place of a model, which is written to OUTPUT/model.h5", Kind::words},
         {"images", "PATH...", "photos, and folders that are looked through", Kind::words},
         {"watch", "DIR", "score photos as they come into this folder, until SIGTERM or SIGINT"},
         {"output", "DIR", "scores and pictures", Kind::text, "", true},
         photo_threshold_option(""),
         {"pictures", "WHICH", "heat maps and thumbnails: all, defects or none", Kind::text, "all"},
         {"record-maps", "", "write the patch scores of each photo, too, as maps/NAME.npy",
          Kind::flag},
         {"page", "YES/NO", "make index.html, which takes Python: yes or no", Kind::text, "yes"},
         {"python", "FILE", "Python for the page; default: one that is found"},
         {"fail-on", "WHAT", "defect: exit code 3 if there is one; or nothing", Kind::text,
          "nothing"},
         {"allow-failed", "", "exit code 0, not 76, if some photos could not be read", Kind::flag},
         {"benchmark", "",
          "measure latency and throughput with these photos in place of scoring "
          "them for good",
          Kind::flag}});
}

std::string one_of(const po::variables_map& values, const std::string& option,
                   const WordList& words) {
    auto word = text_of(values, option);
    std::string all;
    for (const auto& known : words) { all += (all.empty() ? "" : ", ") + known; }
    require<ConfigError>(std::ranges::count(words, word) == 1, "option --", option, ": '", word,
                         "' is none of ", all);
    return word;
}

ScoreOptions read_score_options(const po::variables_map& values) {
    ScoreOptions options;
    options.request = read_photo_request(values);
    options.request.threshold = read_photo_threshold(values);
    options.resources = read_photo_resources(values);
    options.normal = words(values, "normal");
    options.model = text_of(values, "model");
    options.images = words(values, "images");
    options.watch = text_of(values, "watch");
    options.output = text_of(values, "output");
    const auto pictures = one_of(values, "pictures", {"all", "defects", "none"});
    options.pictures = pictures == "all"       ? PhotoPictures::all
                       : pictures == "defects" ? PhotoPictures::defects
                                               : PhotoPictures::none;
    options.maps = values["record-maps"].as<bool>();
    options.page = YesNo().parse("page", text_of(values, "page"));
    options.python = text_of(values, "python");
    options.fails_on_defect = one_of(values, "fail-on", {"nothing", "defect"}) == "defect";
    options.allows_failed = values["allow-failed"].as<bool>();
    options.benchmark = values["benchmark"].as<bool>();
    return options;
}

}  // namespace

std::optional<FitOptions> parse_fit_options(const WordList& arguments) {
    const auto parsed = parse_options(arguments, fit_syntax());
    if (parsed.help) { return std::nullopt; }
    FitOptions options;
    options.request = read_photo_request(parsed.values);
    options.request.threshold = read_photo_threshold(parsed.values);
    options.resources = read_photo_resources(parsed.values);
    options.normal = words(parsed.values, "normal");
    options.images = words(parsed.values, "images");
    options.output = text_of(parsed.values, "output");
    return options;
}

std::optional<ScoreOptions> parse_score_options(const WordList& arguments) {
    auto syntax = score_syntax();
    auto parsed = parse_options(arguments, syntax);
    if (parsed.help) { return std::nullopt; }
    const auto model = text_of(parsed.values, "model");
    const bool has_normal = parsed.values.count("normal") > 0;
    require<ConfigError>(model.empty() || !has_normal, "--model and --normal are given (each says ",
                         "what is good); leave one out");
    const bool is_watching = parsed.values.count("watch") > 0;
    require<ConfigError>(is_watching != (parsed.values.count("images") > 0), "option --images or ",
                         "--watch: one of them is needed, and one is enough; name the photos");
    require<ConfigError>(!is_watching || has_normal || !model.empty(), "--watch needs to know ",
                         "what is good; give --model or --normal");
    if (!model.empty()) {
        require_none_of_model(parsed.values);
        syntax.recorded = {model, model_config(read_model_file(model), model)};
        parsed = parse_options(arguments, syntax);
    }
    auto options = read_score_options(parsed.values);
    if (has_normal && options.request.threshold.empty()) {
        options.request.threshold = kStandardRule;
    }
    return options;
}

}  // namespace patchead
