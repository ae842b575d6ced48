#include "patchead/data/prompt_set.hpp"

#include <map>
#include <sstream>

#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"

namespace patchead {
namespace {

constexpr std::string_view kPlace = "{}";

std::string filled(const std::string& text, const std::string& with) {
    return std::string(text).replace(text.find(kPlace), kPlace.size(), with);
}

bool has_one_place(const std::string& text) {
    const auto first = text.find(kPlace);
    return first != std::string::npos && text.find(kPlace, first + 1) == std::string::npos;
}

}  // namespace

PromptSet read_prompt_set(const std::filesystem::path& file) {
    PromptSet set;
    const std::map<std::string, std::vector<std::string>*> sections{
        {"[normal]", &set.normal},
        {"[anomalous]", &set.anomalous},
        {"[templates]", &set.templates}};
    std::vector<std::string>* section = nullptr;
    std::istringstream lines(read_text(file));
    std::string line;
    for (std::size_t number = 1; std::getline(lines, line); ++number) {
        if (line.ends_with('\r')) { line.pop_back(); }
        if (line.empty() || line.starts_with('#')) { continue; }
        if (const auto found = sections.find(line); found != sections.end()) {
            section = found->second;
            continue;
        }
        require<DataError>(section != nullptr && has_one_place(line), "line ", number, " of '",
                           file.string(), "' ('", line,
                           "') is no item of a prompt set; give [normal], ",
                           "[anomalous] or [templates], and below it texts with one {}");
        section->push_back(line);
    }
    for (const auto& [name, items] : sections) {
        require<DataError>(!items->empty(), "prompt set '", file.string(), "' has nothing in ",
                           name, "; give a line at least");
    }
    return set;
}

std::vector<std::string> sentences(const std::vector<std::string>& states,
                                   const std::vector<std::string>& templates,
                                   const std::string& class_name) {
    std::vector<std::string> all;
    all.reserve(states.size() * templates.size());
    for (const auto& state : states) {
        for (const auto& pattern : templates) {
            all.push_back(filled(pattern, filled(state, class_name)));
        }
    }
    return all;
}

}  // namespace patchead
