#pragma once

#include <string>
#include <vector>

#include <boost/program_options.hpp>

/// \file
/// \brief From rows of option tables to what parses a command line.

namespace patchead {

namespace po = boost::program_options;

/// An option for the parser and --help. Values are texts; who owns the option makes sense of them.
struct OptionRow {
    enum class Kind { text, words, flag };

    std::string name;   ///< Without the dashes.
    std::string shown;  ///< What stands for the value in --help.
    std::string help;
    Kind kind = Kind::text;
    std::string default_text{};  ///< Empty: none. Of texts only.
    bool is_required = false;
};

void add_row(po::options_description& options, const OptionRow& row);

/// Options under a title of --help.
[[nodiscard]] po::options_description group_of(const std::string& title,
                                               const std::vector<OptionRow>& rows);

/// The text of an option; empty if it was not given and has no default.
[[nodiscard]] std::string text_of(const po::variables_map& values, const std::string& name);

/// The words of a list option: repeated, several after one name, or separated by spaces in a file.
[[nodiscard]] std::vector<std::string> words(const po::variables_map& values,
                                             const std::string& name);

}  // namespace patchead
