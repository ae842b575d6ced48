#include "patchead/plan/sampling.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

#include "patchead/core/dataset_names.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/random.hpp"
#include "patchead/plan/prompts.hpp"

namespace patchead {
namespace {

bool is_of(const Sample& sample, const std::string& dataset, const std::string& category) {
    return sample.dataset == dataset && sample.category == category;
}

/// Sorted by id.
std::vector<std::size_t> normal_training(std::span<const Sample> samples,
                                         const std::string& dataset, const std::string& category) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const auto& sample = samples[i];
        if (is_of(sample, dataset, category) && sample.split == "train" && !sample.anomalous) {
            found.push_back(i);
        }
    }
    std::ranges::sort(found, {}, [&](std::size_t i) { return samples[i].id; });
    return found;
}

/// Without images whose sample has views among the tests: a prompt would show what is tested.
void leave_out_tested(std::span<const Sample> samples, const std::string& dataset,
                      const std::string& category, std::vector<std::size_t>& images) {
    std::set<std::string> tested;
    for (const auto& sample : samples) {
        if (sample.split == "test" && !sample.group.empty() && is_of(sample, dataset, category)) {
            tested.insert(sample.group);
        }
    }
    std::erase_if(images, [&](std::size_t i) { return tested.contains(samples[i].group); });
}

/// The views of each sample together, in the order of their first ones; images that are no views
/// are by themselves.
std::vector<std::vector<std::size_t>> by_group(std::span<const Sample> samples,
                                               const std::vector<std::size_t>& images) {
    std::map<std::string, std::size_t> known;
    std::vector<std::vector<std::size_t>> groups;
    for (const auto i : images) {
        const auto& name = samples[i].group;
        const auto place =
            name.empty() ? groups.size() : known.emplace(name, groups.size()).first->second;
        if (place == groups.size()) { groups.emplace_back(); }
        groups[place].push_back(i);
    }
    return groups;
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

std::vector<std::size_t> sample_prompts(std::span<const Sample> samples, const std::string& dataset,
                                        const std::string& category, std::uint64_t seed,
                                        std::size_t count) {
    auto candidates = normal_training(samples, dataset, category);
    leave_out_tested(samples, dataset, category, candidates);
    require<DataError>(candidates.size() >= count, dataset, "/", category, " has ",
                       candidates.size(), " normal training images (", count,
                       " shots were asked for); ask for fewer shots or complete the data set");
    const auto groups = by_group(samples, candidates);
    const auto order = shuffled(
        groups.size(), Random(concat("prompts/", base_dataset(dataset), "/", category), seed));
    std::vector<std::size_t> prompts;
    for (const auto group : order) {
        if (prompts.size() >= count) { break; }
        prompts.insert(prompts.end(), groups[group].begin(), groups[group].end());
    }
    prompts.resize(count);
    return prompts;
}

std::vector<std::size_t> training_set(std::span<const Sample> samples, const std::string& dataset,
                                      const std::string& category) {
    auto images = normal_training(samples, dataset, category);
    leave_out_tested(samples, dataset, category, images);
    require<DataError>(!images.empty(), dataset, "/", category,
                       " has no normal training images (all of them were asked for); leave --shots "
                       "all out or complete the data set");
    return images;
}

std::vector<std::size_t> named_prompts(std::span<const Sample> samples,
                                       std::span<const ExplicitPrompt> prompts,
                                       const std::string& dataset, const std::string& category,
                                       std::size_t count) {
    std::vector<std::size_t> found;
    for (const auto& prompt : prompts) {
        if (prompt.dataset != base_dataset(dataset) || prompt.category != category) { continue; }
        found.push_back(find_prompt(samples, {dataset, category, prompt.image}));
    }
    require<ConfigError>(found.size() >= count, "the prompts file names ", found.size(),
                         " images of ", dataset, "/", category, " (", count,
                         " shots were asked for); add lines or ask for fewer shots");
    found.resize(count);
    return found;
}

std::vector<Batch> make_batches(std::size_t count, const BatchOptions& options,
                                const std::string& dataset, const std::string& category,
                                std::uint64_t seed) {
    if (count == 0) { return {}; }
    std::vector<std::size_t> order(count);
    for (std::size_t i = 0; i < count; ++i) { order[i] = i; }
    if (options.order == BatchOrder::shuffle) {
        order =
            shuffled(count, Random(concat("batches/", base_dataset(dataset), "/", category), seed));
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

std::vector<Version> fixed_versions(ReferenceCopies copies) {
    switch (copies) {
        case ReferenceCopies::none:
            return {};
        case ReferenceCopies::rot90:
            return {Version::turned_90, Version::turned_180, Version::turned_270};
        case ReferenceCopies::rot45:
            return {Version::turned_45,  Version::turned_90,  Version::turned_135,
                    Version::turned_180, Version::turned_225, Version::turned_270,
                    Version::turned_315};
        case ReferenceCopies::flips:
            return {Version::flipped_across, Version::flipped_down};
        case ReferenceCopies::rot90_flips:
            return {Version::turned_90, Version::turned_180, Version::turned_270,
                    Version::flipped_across, Version::flipped_down};
    }
    throw std::logic_error("copies without versions");
}

}  // namespace patchead
