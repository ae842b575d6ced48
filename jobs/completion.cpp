/// \file
/// \brief `patchead completion`: what --help says, for bash, zsh and man.

#include <iostream>
#include <sstream>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "options/command_help.hpp"
#include "options/parse_options.hpp"
#include "patchead/core/error.hpp"
#include "revision.hpp"

namespace patchead {
namespace {

/// What a command prints.
class Capture {
  public:
    Capture() : before_(std::cout.rdbuf(text_.rdbuf())) {}
    ~Capture() { std::cout.rdbuf(before_); }
    Capture(const Capture&) = delete;
    Capture& operator=(const Capture&) = delete;

    [[nodiscard]] std::string text() const { return text_.str(); }

  private:
    std::ostringstream text_;
    std::streambuf* before_;
};

std::string listing_of(Arguments words) {
    words.emplace_back(kListOptions);
    const Capture capture;
    static_cast<void>(run_named(commands(), "command", words));
    return capture.text();
}

/// Adds the command `words`, and its parts if it has some.
void add_help(const Arguments& words, const std::string& summary, std::vector<CommandHelp>& all) {
    std::string name = words[0];
    for (std::size_t i = 1; i < words.size(); ++i) { name += " " + words[i]; }
    const auto place = all.size();
    all.push_back({name, summary});
    std::istringstream lines(listing_of(words));
    std::string option, value, help;
    while (std::getline(lines, option, '\t') && std::getline(lines, value, '\t') &&
           std::getline(lines, help)) {
        if (option.starts_with("--")) {
            all[place].options.push_back({option, value, help});
            continue;
        }
        all[place].has_parts = true;
        auto part = words;
        part.push_back(option);
        add_help(part, help, all);
    }
}

}  // namespace

int run_completion(const Arguments& arguments) {
    po::options_description options("options");
    options.add_options()("for", po::value<std::string>()->required()->value_name("bash|zsh|man"),
                          "who is to read it");
    const auto parsed = parse_options(
        arguments, {"patchead completion", "bash|zsh|man",
                    "Prints a completion script, or the manual page. An installation has them.\n",
                    options, "for"});
    if (parsed.help) { return kExitDone; }
    std::vector<CommandHelp> all;
    for (const auto& command : commands()) {
        add_help({std::string(command.name)}, std::string(command.summary), all);
    }
    const auto reader = text_of(parsed.values, "for");
    if (reader == "bash") {
        std::cout << bash_completion(all);
    } else if (reader == "zsh") {
        std::cout << zsh_completion(all);
    } else if (reader == "man") {
        std::cout << manual_page(all, kVersion);
    } else {
        throw ConfigError(concat("'", reader, "' cannot be written for; take bash, zsh or man"));
    }
    return kExitDone;
}

}  // namespace patchead
