#include <algorithm>
#include <filesystem>

#include "options/parse_options.hpp"
#include "patchead/core/bounded_files.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/user_text.hpp"

/// \file
/// \brief Files of `--config` and `--grid`: lines `name = value`.

namespace patchead {
namespace {

using WordList = std::vector<std::string>;

bool is_list(const po::option_description& option) {
    return dynamic_cast<const po::typed_value<WordList>*>(option.semantic().get()) != nullptr;
}

std::string without_blanks(const std::string& text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == text.npos) { return ""; }
    return text.substr(first, text.find_last_not_of(" \t") + 1 - first);
}

const po::option_description& find_option(const po::options_description& options,
                                          const std::string& name) {
    for (const auto& option : options.options()) {
        if (option->long_name() == name) { return *option; }
    }
    refuse_option(options, "--" + name);
}

/// The value of a line, in the form that the option takes.
WordList values_of(const po::option_description& option, const std::string& text) {
    const WrittenValue value(text);
    auto words = is_list(option) ? value.words() : WordList{value.text()};
    for (const auto& word : words) {
        const auto fault = fault_of_name(word);
        require<ConfigError>(fault.empty(), "the value '", escaped_name(word), "' cannot be used (",
                             fault, "); rename it, or give another one");
    }
    return words;
}

void parse_line(const std::string& line, const po::options_description& options,
                po::parsed_options& parsed) {
    const auto equals = line.find('=');
    require<ConfigError>(equals != line.npos && equals > 0, "'", line,
                         "' is not of the form name = value; a comment begins with #");
    const auto name = without_blanks(line.substr(0, equals));
    po::option found(name, values_of(find_option(options, name), line.substr(equals + 1)));
    if (!found.value.empty()) { parsed.options.push_back(std::move(found)); }
}

std::string read_config(const std::string& file) {
    try {
        return read_text(file, kMostDataTextBytes);
    } catch (const UnreadableError& error) {
        throw ConfigError(concat("--config: ", error.what()));
    }
}

}  // namespace

std::string find_grid_file(const std::string& file, const std::vector<std::string>& configs) {
    std::vector<std::filesystem::path> places{file};
    for (const auto& config : configs) {
        places.push_back(std::filesystem::path(config).parent_path() / file);
    }
    const auto found = std::ranges::find_if(
        places, [](const auto& place) { return std::filesystem::exists(place); });
    require<ConfigError>(found != places.end(), "cannot read grid file '", file,
                         "' (no such file, neither here nor beside a --config file); check --grid");
    return found->string();
}

po::parsed_options read_config_file(const std::string& file,
                                    const po::options_description& options) {
    return read_config_text(read_config(file), file, options);
}

po::parsed_options read_config_text(const std::string& text, const std::string& name,
                                    const po::options_description& options) {
    po::parsed_options parsed(&options);
    for (const auto& [number, written] : lines_of(text, name)) {
        const auto line = without_blanks(written);
        if (line.empty() || line.front() == '#') { continue; }
        try {
            parse_line(line, options, parsed);
        } catch (const ConfigError& error) {
            throw ConfigError(concat("'", name, "' line ", number, ": ", error.what()));
        }
    }
    return parsed;
}

}  // namespace patchead
