#include "options/prompts_study.hpp"

#include <map>
#include <string>
#include <vector>

#include "options/parse_options.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/shots.hpp"
#include "patchead/core/text.hpp"

namespace patchead {
namespace {

constexpr const char* kPromptsStudy = "prompts-study";

}  // namespace

OptionRow prompts_study_option() {
    return {kPromptsStudy, "",
            "what the choice of prompts is worth: short for --shots each, beside --shots that are "
            "given (random draws of them by --seeds)",
            OptionRow::Kind::flag};
}

po::variables_map with_prompts_study(po::variables_map values) {
    if (values.count(kPromptsStudy) == 0 || !values[kPromptsStudy].as<bool>()) { return values; }
    require<ConfigError>(words(values, "grid").empty(), "option --", kPromptsStudy,
                         " does not go with --grid (its files say which shots there are); write "
                         "shots = ",
                         kEachShotWord, " there");
    auto shots = words(values, "shots");
    append_new(std::string(kEachShotWord), shots);
    // What is recorded are the shots, so that they are asked for again in words that always hold.
    static_cast<std::map<std::string, po::variable_value>&>(values)["shots"] =
        po::variable_value(shots, false);
    return values;
}

}  // namespace patchead
