#include "patchead/data/check.hpp"

#include <algorithm>
#include <iterator>

#include "datasets/content_findings.hpp"
#include "datasets/duplicates.hpp"
#include "datasets/odd_images.hpp"
#include "images/parallel.hpp"
#include "patchead/core/counted.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/registry.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

std::vector<CategoryCheck> count_categories(const DatasetInfo& info,
                                            std::span<const Sample> samples) {
    std::vector<CategoryCheck> checks;
    for (const auto& [name, found] : count_images(samples)) {
        const auto entry = std::ranges::find(info.categories, name, &PublishedCategory::name);
        const bool is_known = entry != info.categories.end();
        checks.push_back({name, found, is_known ? entry->images : std::nullopt, {}});
    }
    return checks;
}

void widen(std::optional<SizeRange>& range, const FileFacts& facts) {
    if (facts.height == 0) { return; }
    if (!range) { range = SizeRange{facts.height, facts.height, facts.width, facts.width}; }
    range->least_height = std::min(range->least_height, facts.height);
    range->most_height = std::max(range->most_height, facts.height);
    range->least_width = std::min(range->least_width, facts.width);
    range->most_width = std::max(range->most_width, facts.width);
}

void check_files(std::span<const Sample> samples, int threads, DatasetCheck& check) {
    std::vector<FileFacts> facts(samples.size());
    parallel_for(samples.size(), threads,
                 [&](std::size_t i) { facts[i] = read_facts(samples[i], 0, true); });
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const auto category =
            std::ranges::find(check.categories, samples[i].category, &CategoryCheck::name);
        widen(category->sizes, facts[i]);
        if (!facts[i].error.empty()) { check.findings.push_back({true, facts[i].error}); }
        const auto& mask = facts[i].mask;
        if (samples[i].anomalous && mask && mask->anomalous == 0) {
            check.findings.push_back(
                {false, concat("the mask '", samples[i].mask.string(), "' of the defective image '",
                               samples[i].image.string(), "' is empty")});
        }
    }
    for (auto& text : content_findings(samples, facts, {.empty_masks = false})) {
        check.findings.push_back({false, std::move(text)});
    }
    std::vector<std::string> digests;
    std::vector<const Sample*> heat_maps;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        digests.push_back(facts[i].digest);
        if (facts[i].is_heat_map) { heat_maps.push_back(&samples[i]); }
    }
    if (!heat_maps.empty()) {
        check.findings.push_back(
            {false, concat(counted(heat_maps.size(), "image"), " in the colours of a heat map ('",
                           heat_maps.front()->image.string(), "'); take the images themselves")});
    }
    std::ranges::move(find_duplicates(samples, digests), std::back_inserter(check.findings));
}

DatasetCheck check_index(const DatasetIndex& index, const DatasetInfo& info,
                         const CheckOptions& options) {
    DatasetCheck check{index.dataset,
                       index.root,
                       index.layout,
                       id_digest(index.samples),
                       count_categories(info, index.samples),
                       {}};
    for (const auto& note : index.notes) { check.findings.push_back({false, note}); }
    for (const auto& left_out : index.left_out) {
        check.findings.push_back({false, describe(left_out)});
    }
    if (options.read_files) {
        check_files(index.samples, options.threads, check);
        std::ranges::move(find_resized(info, check.categories), std::back_inserter(check.findings));
    }
    std::ranges::stable_partition(check.findings, &Finding::is_error);
    return check;
}

}  // namespace

DatasetCheck check_dataset(std::string_view name, const fs::path& data_root,
                           std::span<const std::string> categories, const CheckOptions& options) {
    const auto& entry = find(datasets(), "data set", name);
    try {
        return check_index(index_dataset(name, data_root, categories), entry.get().info(), options);
    } catch (const Error& error) {
        DatasetCheck check;
        check.dataset = name;
        check.findings.push_back({true, error.what()});
        return check;
    }
}

}  // namespace patchead
