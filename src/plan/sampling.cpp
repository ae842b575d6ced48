#include "patchead/plan/sampling.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include "patchead/core/error.hpp"
#include "patchead/core/random.hpp"
#include "patchead/core/user_text.hpp"

namespace patchead {
namespace {

bool is_of(const Sample& sample, const std::string& dataset, const std::string& category) {
    return sample.dataset == dataset && sample.category == category;
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
        if (!is_of(sample, prompt.dataset, prompt.category)) { continue; }
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

bool is_of_sweep(std::span<const Sample> samples, const ExplicitPrompt& prompt) {
    return std::ranges::any_of(samples, [&](const Sample& sample) {
        return is_of(sample, prompt.dataset, prompt.category);
    });
}

std::string unused_text(const ExplicitPrompt& prompt) {
    return concat(prompt.place, " is about ", prompt.dataset, "/", prompt.category,
                  ", which is not in this sweep");
}

std::vector<Batch> cut(const std::vector<std::size_t>& order, std::size_t batches,
                       const BatchOptions& options) {
    const bool balanced = options.remainder == BatchRemainder::balanced;
    const auto small = order.size() / batches;
    const auto larger = order.size() % batches;  // The first ones hold one image more.
    std::vector<Batch> result;
    for (std::size_t at = 0, number = 0; at < order.size(); ++number) {
        const auto size = balanced ? small + (number < larger ? 1 : 0)
                                   : std::min(options.size, order.size() - at);
        const auto first = order.begin() + static_cast<std::ptrdiff_t>(at);
        result.push_back({{first, first + static_cast<std::ptrdiff_t>(size)}, size});
        at += size;
    }
    return result;
}

}  // namespace

std::vector<ExplicitPrompt> parse_prompts(std::string_view text, const std::string& file) {
    std::vector<ExplicitPrompt> prompts;
    for (const auto& [number, line] : lines_of(text, file)) {
        if (line.empty() || line.starts_with('#')) { continue; }
        const auto fields = split(line, '\t');
        const auto place = concat("'", file, "' line ", number);
        require<ConfigError>(fields.size() == 3 && !std::ranges::count(fields, ""), place,
                             " is no prompt ('", escaped_name(line),
                             "'); write dataset<TAB>category<TAB>image path");
        prompts.push_back(
            {std::string(fields[0]), std::string(fields[1]), std::string(fields[2]), place});
    }
    return prompts;
}

std::size_t find_prompt(std::span<const Sample> samples, const ExplicitPrompt& prompt) {
    auto found = matches_of(samples, prompt);
    require<ConfigError>(!found.empty(), prompt.place, ": '", prompt.image, "' is no image of ",
                         prompt.dataset, "/", prompt.category,
                         " (not in the index of the data set); give its path from the category's "
                         "folder, e.g. train/good/000.png, its whole path or its id");
    const auto is_other = [&](std::size_t i) { return !is_candidate(samples[i]); };
    if (found.size() > 1 && !std::ranges::all_of(found, is_other)) {
        std::erase_if(found, is_other);
    }
    require<ConfigError>(found.size() == 1, prompt.place, ": '", prompt.image, "' could be any of ",
                         found.size(), " images of ", prompt.dataset, "/", prompt.category, " (",
                         samples[found.front()].id, " and ", samples[found.back()].id,
                         " among them); give its id, or more of its path");
    return found.front();
}

std::vector<std::string> check_prompts(std::span<const Sample> samples,
                                       std::span<const ExplicitPrompt> prompts) {
    std::vector<std::string> notes;
    std::map<std::size_t, std::string> places;
    for (const auto& prompt : prompts) {
        if (!is_of_sweep(samples, prompt)) {
            notes.push_back(unused_text(prompt));
            continue;
        }
        const auto sample = find_prompt(samples, prompt);
        const auto [first, is_new] = places.emplace(sample, prompt.place);
        require<ConfigError>(is_new, prompt.place, " means the image of ", first->second, ", '",
                             samples[sample].id, "', again; remove one of the lines");
    }
    return notes;
}

std::vector<std::size_t> sample_prompts(std::span<const Sample> samples, const std::string& dataset,
                                        const std::string& category, std::uint64_t seed,
                                        std::size_t count) {
    std::vector<std::size_t> candidates;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const auto& sample = samples[i];
        if (is_of(sample, dataset, category) && is_candidate(sample)) { candidates.push_back(i); }
    }
    std::ranges::sort(candidates, {}, [&](std::size_t i) { return samples[i].id; });
    require<DataError>(candidates.size() >= count, dataset, "/", category, " has ",
                       candidates.size(), " normal training images (", count,
                       " shots were asked for); ask for fewer shots or complete the data set");
    const auto order =
        shuffled(candidates.size(), Random(concat("prompts/", dataset, "/", category), seed));
    std::vector<std::size_t> prompts;
    for (std::size_t i = 0; i < count; ++i) { prompts.push_back(candidates[order[i]]); }
    return prompts;
}

std::vector<std::size_t> named_prompts(std::span<const Sample> samples,
                                       std::span<const ExplicitPrompt> prompts,
                                       const std::string& dataset, const std::string& category,
                                       std::size_t count) {
    std::vector<std::size_t> found;
    for (const auto& prompt : prompts) {
        if (prompt.dataset != dataset || prompt.category != category) { continue; }
        found.push_back(find_prompt(samples, prompt));
    }
    if (found.size() >= count) {
        found.resize(count);
        return found;
    }
    std::string unused;
    for (const auto& prompt : prompts) {
        if (!is_of_sweep(samples, prompt)) { unused += "; " + unused_text(prompt); }
    }
    throw ConfigError(concat("the prompts file names ", found.size(), " images of ", dataset, "/",
                             category, " (", count, " shots were asked for", unused,
                             "); add lines or ask for fewer shots"));
}

std::vector<Batch> make_batches(std::size_t count, const BatchOptions& options,
                                const std::string& dataset, const std::string& category,
                                std::uint64_t seed) {
    if (count == 0) { return {}; }
    std::vector<std::size_t> order(count);
    for (std::size_t i = 0; i < count; ++i) { order[i] = i; }
    if (options.order == BatchOrder::shuffle) {
        order = shuffled(count, Random(concat("batches/", dataset, "/", category), seed));
    }
    if (options.size == 0 || options.size >= count) { return {{order, count}}; }
    const auto batches = (count + options.size - 1) / options.size;
    auto result = cut(order, batches, options);
    if (options.remainder == BatchRemainder::refill) {
        auto& last = result.back().members;
        const auto missing = options.size - last.size();
        last.insert(last.end(), order.begin(),
                    order.begin() + static_cast<std::ptrdiff_t>(missing));
    }
    return result;
}

}  // namespace patchead
