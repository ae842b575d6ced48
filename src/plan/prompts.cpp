#include "patchead/plan/prompts.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include "patchead/core/error.hpp"
#include "patchead/core/user_text.hpp"

namespace patchead {
namespace {

/// A line of a list.
struct Line {
    ExplicitPrompt prompt;
    std::string place;  ///< "'prompts.tsv' line 3"
};

bool is_of(const Sample& sample, const ExplicitPrompt& prompt) {
    return sample.dataset == prompt.dataset && sample.category == prompt.category;
}

/// Whether `path` is `wanted` or ends in it, whole components only.
bool ends_in(const std::string& path, const std::string& wanted) {
    return path == wanted || path.ends_with("/" + wanted);
}

bool is_candidate(const Sample& sample) { return sample.split == "train" && !sample.anomalous; }

/// The samples of its category that `prompt` could mean.
std::vector<std::size_t> matches_of(std::span<const Sample> samples, const ExplicitPrompt& prompt) {
    const auto wanted = std::filesystem::path(prompt.image).lexically_normal();
    const auto absolute = std::filesystem::absolute(wanted).lexically_normal();
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const auto& sample = samples[i];
        if (!is_of(sample, prompt)) { continue; }
        const auto image = sample.image.lexically_normal();
        const bool fits = ends_in(sample.id, prompt.image) ||
                          ends_in(image.generic_string(), wanted.generic_string()) ||
                          std::filesystem::absolute(image).lexically_normal() == absolute;
        if (fits) { found.push_back(i); }
    }
    return found;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) { return parts; }
        text.remove_prefix(end + 1);
    }
}

std::vector<Line> lines_in(std::string_view text, const std::string& file) {
    std::vector<Line> lines;
    for (const auto& [number, line] : lines_of(text, file)) {
        if (line.empty() || line.starts_with('#')) { continue; }
        const auto fields = split(line, '\t');
        const auto place = concat("'", file, "' line ", number);
        require<ConfigError>(fields.size() == 3 && !std::ranges::count(fields, ""), place,
                             " is no prompt ('", escaped_name(line),
                             "'); write dataset<TAB>category<TAB>image path");
        lines.push_back(
            {{std::string(fields[0]), std::string(fields[1]), std::string(fields[2])}, place});
    }
    return lines;
}

std::string unused_text(const Line& line) {
    return concat(line.place, " is about ", line.prompt.dataset, "/", line.prompt.category,
                  ", which is not in this sweep");
}

std::size_t find_line(std::span<const Sample> samples, const Line& line) {
    try {
        return find_prompt(samples, line.prompt);
    } catch (const ConfigError& error) {
        throw ConfigError(concat(line.place, ": ", error.what()));
    }
}

}  // namespace

std::vector<ExplicitPrompt> parse_prompts(std::string_view text, const std::string& file) {
    std::vector<ExplicitPrompt> prompts;
    for (auto& line : lines_in(text, file)) { prompts.push_back(std::move(line.prompt)); }
    return prompts;
}

std::size_t find_prompt(std::span<const Sample> samples, const ExplicitPrompt& prompt) {
    for (std::size_t i = 0; i < samples.size();
         ++i) {  // An id means one image, and takes no search.
        if (samples[i].id == prompt.image && is_of(samples[i], prompt)) { return i; }
    }
    auto found = matches_of(samples, prompt);
    require<ConfigError>(!found.empty(), "'", prompt.image, "' is no image of ", prompt.dataset,
                         "/", prompt.category,
                         " (not in the index of the data set); give its path from the category's "
                         "folder, e.g. train/good/000.png, its whole path or its id");
    const auto is_other = [&](std::size_t i) { return !is_candidate(samples[i]); };
    if (found.size() > 1 && !std::ranges::all_of(found, is_other)) {
        std::erase_if(found, is_other);
    }
    require<ConfigError>(found.size() == 1, "'", prompt.image, "' could be any of ", found.size(),
                         " images of ", prompt.dataset, "/", prompt.category, " (",
                         samples[found.front()].id, " and ", samples[found.back()].id,
                         " among them); give its id, or more of its path");
    return found.front();
}

PromptsList read_prompts(std::string_view text, const std::string& file,
                         std::span<const Sample> samples) {
    PromptsList list;
    std::map<std::size_t, std::string> places;
    for (const auto& line : lines_in(text, file)) {
        const bool is_of_sweep = std::ranges::any_of(
            samples, [&](const Sample& sample) { return is_of(sample, line.prompt); });
        if (!is_of_sweep) {
            list.notes.push_back(unused_text(line));
            continue;
        }
        const auto found = find_line(samples, line);
        const auto [first, is_new] = places.emplace(found, line.place);
        require<ConfigError>(is_new, line.place, " means the image of ", first->second, ", '",
                             samples[found].id, "', again; remove one of the lines");
        list.prompts.push_back({line.prompt.dataset, line.prompt.category, samples[found].id});
    }
    require<ConfigError>(!list.prompts.empty(), "'", file, "' names no image of this sweep",
                         list.notes.empty() ? std::string() : " (" + list.notes.front() + ")",
                         "; patchead datasets check lists the categories");
    return list;
}

}  // namespace patchead
