#include "command.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>

#include "patchead/core/error.hpp"
#include "patchead/core/registry.hpp"

namespace patchead {
namespace {

std::vector<std::string> option_list(const po::options_description& options) {
    std::vector<std::string> names;
    for (const auto& option : options.options()) { names.push_back("--" + option->long_name()); }
    return names;
}

[[noreturn]] void refuse_option(const po::options_description& options, const std::string& name,
                                const std::string& where) {
    const auto names = option_list(options);
    const std::vector<std::string_view> known(names.begin(), names.end());
    const auto nearest = nearest_name(name, known);
    throw ConfigError(concat("unknown option '", name, "'", where,
                             nearest.empty() ? "" : concat(" (did you mean '", nearest, "'?)"),
                             "; --help lists all options"));
}

/// Words without a dash end up here where a command takes none, so that an unknown option before
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
        refuse_option(options, unknown.front().substr(0, unknown.front().find('=')), "");
    }
    po::store(parsed, values);
    if (values.count(kStrayWords) > 0) {
        throw ConfigError(concat("unexpected word '",
                                 values[kStrayWords].as<std::vector<std::string>>().front(),
                                 "' (this command takes options only); --help lists them"));
    }
}

void store_config_file(const std::string& file, const po::options_description& options,
                       po::variables_map& values) {
    std::ifstream in(file);
    require<ConfigError>(in.is_open(), "cannot read config file '", file,
                         "' (no such file, or no permission); check --config");
    const auto parsed = po::parse_config_file(in, options, true);
    for (const auto& option : parsed.options) {
        if (option.unregistered) {
            refuse_option(options, "--" + option.string_key, concat(" in '", file, "'"));
        }
    }
    po::store(parsed, values);
}

}  // namespace

ParsedOptions parse_options(const std::vector<std::string>& arguments, const CommandHelp& help,
                            po::options_description options, const std::string& positional,
                            const std::vector<std::string>& overrides,
                            const std::vector<std::string>& fallbacks) {
    options.add_options()("config", po::value<std::vector<std::string>>()->value_name("FILE"),
                          "read options from an INI file (name = value); repeatable")(
        "help,h", "show this help");
    if (asks_for_help(arguments)) {
        std::cout << "usage: " << help.command << " " << help.arguments << "\n\n"
                  << help.details << "\n"
                  << options;
        return {{}, true};
    }
    ParsedOptions result;
    try {
        store_command_line(overrides, options, positional, result.values);  // The first one wins.
        store_command_line(arguments, options, positional, result.values);
        if (result.values.count("config") > 0) {
            const auto files = result.values["config"].as<std::vector<std::string>>();
            for (auto file = files.rbegin(); file != files.rend(); ++file) {
                store_config_file(*file, options, result.values);
            }
        }
        store_command_line(fallbacks, options, positional, result.values);
        po::notify(result.values);
    } catch (const po::error& error) {
        throw ConfigError(concat(error.what(), "; see ", help.command, " --help"));
    }
    return result;
}

bool asks_for_help(const std::vector<std::string>& arguments) {
    return std::ranges::count(arguments, "--help") + std::ranges::count(arguments, "-h") > 0;
}

std::vector<std::string> words(const po::variables_map& values, const std::string& name) {
    std::vector<std::string> result;
    if (values.count(name) == 0) { return result; }
    for (const auto& text : values[name].as<std::vector<std::string>>()) {
        std::istringstream in(text);
        for (std::string word; in >> word;) { result.push_back(word); }
    }
    return result;
}

int whole_number(const std::string& name, const std::string& word, int least) {
    int number = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    require<ConfigError>(
        error == std::errc() && end == word.data() + word.size() && number >= least, "option --",
        name, ": '", word, "' is no whole number of at least ", least,
        "; separate several values with spaces");
    return number;
}

std::vector<int> numbers(const po::variables_map& values, const std::string& name, int least) {
    std::vector<int> result;
    for (const auto& word : words(values, name)) {
        result.push_back(whole_number(name, word, least));
    }
    return result;
}

}  // namespace patchead
