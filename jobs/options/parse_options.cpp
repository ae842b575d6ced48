#include "options/parse_options.hpp"

#include <algorithm>

#include "patchead/core/error.hpp"
#include "patchead/core/option_domains.hpp"
#include "patchead/core/registry.hpp"
#include "patchead/core/shots.hpp"
#include "patchead/core/text.hpp"
#include "patchead/core/user_text.hpp"
#include "patchead/data/pixel_limit.hpp"

namespace patchead {
namespace {

std::vector<std::string> option_list(const po::options_description& options) {
    std::vector<std::string> names;
    for (const auto& option : options.options()) { names.push_back("--" + option->long_name()); }
    return names;
}

constexpr char kMaxPixels[] = "max-pixels";

/// WordList without a dash end up here where a command takes none, so that an unknown option before
/// them is named first.
constexpr char kStrayWords[] = "stray word";

void store_command_line(const std::vector<std::string>& arguments,
                        const po::options_description& options, const std::string& positional,
                        po::variables_map& values) {
    po::options_description all;
    all.add(options).add_options()(kStrayWords, po::value<std::vector<std::string>>());
    po::positional_options_description places;
    places.add(positional.empty() ? kStrayWords : positional.c_str(), -1);
    const auto style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    const auto parsed = po::command_line_parser(arguments)
                            .options(all)
                            .positional(places)
                            .style(style)
                            .allow_unregistered()
                            .run();
    const auto unknown = po::collect_unrecognized(parsed.options, po::exclude_positional);
    if (!unknown.empty()) {
        refuse_option(options, unknown.front().substr(0, unknown.front().find('=')));
    }
    po::store(parsed, values);
    if (values.count(kStrayWords) > 0) {
        throw ConfigError(concat("unexpected word '",
                                 values[kStrayWords].as<std::vector<std::string>>().front(),
                                 "' (this command takes options only); --help lists them"));
    }
}

/// Results, tables and messages are text, and so is what goes into them.
void require_texts(const std::vector<std::string>& arguments) {
    for (const auto& argument : arguments) {
        const auto fault = fault_of_name(argument);
        require<ConfigError>(fault.empty(), "the argument '", escaped_name(argument),
                             "' cannot be used (", fault, "); rename the file or folder, or ",
                             "give another one");
    }
}

}  // namespace

void refuse_option(const po::options_description& options, const std::string& name) {
    const auto names = option_list(options);
    const std::vector<std::string_view> known(names.begin(), names.end());
    const auto nearest = nearest_name(name, known);
    throw ConfigError(concat("unknown option '", name, "'",
                             nearest.empty() ? "" : concat(" (did you mean '", nearest, "'?)"),
                             "; --help lists all options"));
}

ParsedOptions parse_options(const std::vector<std::string>& arguments, CommandSyntax syntax) {
    require_texts(arguments);
    syntax.options.add_options()("config",
                                 po::value<std::vector<std::string>>()->value_name("FILE"),
                                 "read options from a file of lines name = value; repeatable")(
        kMaxPixels, po::value<std::string>()->value_name("N"),
        "refuse images, masks and maps of more pixels; default: 134217728 (11585 x 11585)")(
        "help,h", "show this help");
    if (!syntax.essential.empty()) {
        syntax.options.add_options()("help-all", "show every option");
    }
    if (print_help(arguments, syntax)) { return {{}, true}; }
    po::options_description options;
    options.add(syntax.options).add(syntax.hidden);
    ParsedOptions result;
    auto& values = result.values;
    try {
        store_command_line(syntax.overrides, options, syntax.positional, values);  // First wins.
        store_command_line(arguments, options, syntax.positional, values);
        if (values.count("config") > 0) {
            const auto files = values["config"].as<std::vector<std::string>>();
            for (auto file = files.rbegin(); file != files.rend(); ++file) {
                po::store(read_config_file(*file, options), values);
            }
        }
        if (!syntax.recorded.text.empty()) {
            po::store(read_config_text(syntax.recorded.text, syntax.recorded.name, options),
                      values);
        }
        po::notify(values);
        if (const auto most = text_of(values, kMaxPixels); !most.empty()) {
            set_most_pixels(whole_number(kMaxPixels, most, 1));
        }
    } catch (const po::error& error) {
        throw ConfigError(concat(error.what(), "; see ", syntax.command, " --help"));
    }
    return result;
}

int shots_of(const std::string& option, const std::string& word) {
    if (word == kAllShotsWord) { return kAllShots; }
    if (word == kEachShotWord) { return kEachShot; }
    const bool has_digits = word.find_first_not_of("0123456789") == std::string::npos;
    require<ConfigError>(has_digits, "option --", option, ": '", word,
                         "' is no number of prompts, nor '", kAllShotsWord, "' or '", kEachShotWord,
                         "'; separate several values with spaces");
    return whole_number(option, word, 0);
}

}  // namespace patchead
