#include "patchead/data/prompt_set.hpp"

#include <algorithm>

#include "patchead/core/bounded_files.hpp"
#include "patchead/core/digest.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/shipped.hpp"
#include "patchead/core/user_text.hpp"

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

constexpr std::string_view kClasses = "[classes]";
constexpr std::string_view kIs = " = ";

/// The lists of a set by the names of their sections.
using PromptLists = std::map<std::string, std::vector<std::string>*>;

/// Reads a line of a section; whether it is one.
bool add_line(const std::string& line, const std::string& section, const PromptLists& lists,
              PromptSet& set) {
    if (section == kClasses) {
        const auto is = line.find(kIs);
        return is != std::string::npos && is > 0 && is + kIs.size() < line.size() &&
               set.classes.emplace(line.substr(0, is), line.substr(is + kIs.size())).second;
    }
    if (section.empty() || !has_one_place(line)) { return false; }
    lists.at(section)->push_back(line);
    return true;
}

/// Texts without control characters, for they stand in results.
std::vector<TextLine> lines_in(const std::string& text, const std::filesystem::path& file) {
    auto lines = lines_of(text, file.string());
    for (const auto& [number, line] : lines) {
        const auto fault = fault_of_name(line);
        require<DataError>(fault.empty(), "line ", number, " of '", file.string(), "' ('",
                           escaped_name(line), "') cannot be used (", fault, "); write it again");
    }
    return lines;
}

}  // namespace

PromptSet read_prompt_set(const std::filesystem::path& file) {
    PromptSet set;
    const PromptLists lists{{"[normal]", &set.normal},
                            {"[anomalous]", &set.anomalous},
                            {"[templates]", &set.templates}};
    const auto text = read_text(file, kMostDataTextBytes);
    set.digest = sha256(text);
    std::string section;
    for (const auto& [number, line] : lines_in(text, file)) {
        if (line.empty() || line.starts_with('#')) { continue; }
        if (lists.contains(line) || line == kClasses) {
            section = line;
            continue;
        }
        require<DataError>(add_line(line, section, lists, set), "line ", number, " of '",
                           file.string(), "' ('", line,
                           "') is no item of a prompt set; give [normal], [anomalous] or "
                           "[templates], and below it texts with one {}, or [classes], and below "
                           "it each class once: mvtec/metal_nut = metal nut");
    }
    for (const auto& [name, items] : lists) {
        require<DataError>(!items->empty(), "prompt set '", file.string(), "' has nothing in ",
                           name, "; give a line at least");
    }
    return set;
}

std::filesystem::path find_prompt_set(const std::string& name) {
    if (std::filesystem::is_regular_file(name)) { return name; }
    auto shipped = find_shipped("configs", std::filesystem::path("prompts") / (name + ".txt"));
    require<DataError>(!shipped.empty(), "there is no prompt set '", name,
                       "' (no file, and no configs/prompts/", name, ".txt); ", kNotShipped);
    return shipped;
}

std::string class_name(const PromptSet& set, std::string_view dataset, std::string_view category) {
    for (const auto& key : {concat(dataset, "/", category), std::string(category)}) {
        if (const auto found = set.classes.find(key); found != set.classes.end()) {
            return found->second;
        }
    }
    std::string words(category);
    std::ranges::replace(words, '_', ' ');
    return words;
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
