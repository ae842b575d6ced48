#include "options/request_options.hpp"

#include "options/backbone_options.hpp"
#include "patchead/core/user_text.hpp"

namespace patchead {
namespace {

using WordList = std::vector<std::string>;

WordList as_they_are(const WordList& words) { return words; }

/// As a config file has them.
std::string joined(const WordList& words) {
    std::string text;
    for (const auto& word : words) {
        text.append(text.empty() ? "" : " ").append(quoted_word(word));
    }
    return text;
}

}  // namespace

po::options_description request_option_group() {
    return group_of("data and backbones", {
#define PATCHEAD_TEXT(member, option, shown, initial, in_config, help) \
    {option, shown, help, OptionRow::Kind::text, initial},
#define PATCHEAD_WORDS(parse, member, option, shown, in_config, help) \
    {option, shown, help, OptionRow::Kind::words},
#include "options/sweep_request.def"
                                          });
}

void read_request(const po::variables_map& values, SweepRequest& request) {
#define PATCHEAD_TEXT(member, option, ...) request.member = text_of(values, option);
#define PATCHEAD_WORDS(parse, member, option, ...) request.member = parse(words(values, option));
#include "options/sweep_request.def"
}

std::map<std::string, std::string> request_config(const po::variables_map& values) {
    std::map<std::string, std::string> config;
    const auto add_words = [&](const char* option) {
        if (values.count(option) > 0) { config[option] = joined(words(values, option)); }
    };
#define PATCHEAD_TEXT(member, option, shown, initial, in_config, help) \
    if (in_config && values.count(option) > 0) { config[option] = text_of(values, option); }
#define PATCHEAD_WORDS(parse, member, option, shown, in_config, help) \
    if (in_config) { add_words(option); }
#define PATCHEAD_POINT(option, ...) add_words(option);
#include "options/sweep_request.def"
    return config;
}

}  // namespace patchead
