#include "categories.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "patchead/core/error.hpp"

namespace patchead {
namespace {

int most_shots(const SweepSpec& spec) {
    return spec.shots.empty() ? 0 : *std::ranges::max_element(spec.shots);
}

std::vector<std::size_t> normal_ones(const SweepSpec& spec, const Category& category) {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < category.tests.size(); ++i) {
        if (!spec.samples[category.tests[i]].anomalous) { places.push_back(i); }
    }
    return places;
}

/// Places of the anomalous test images: one of each defect type, then the next of each.
std::vector<std::size_t> anomalous_in_turn(const SweepSpec& spec, const Category& category) {
    std::map<std::string, std::vector<std::size_t>> by_type;
    std::size_t count = 0;
    for (std::size_t i = 0; i < category.tests.size(); ++i) {
        const auto& sample = spec.samples[category.tests[i]];
        if (!sample.anomalous) { continue; }
        by_type[sample.defect_type].push_back(i);
        ++count;
    }
    std::vector<std::size_t> places;
    for (std::size_t turn = 0; places.size() < count; ++turn) {
        for (const auto& [type, images] : by_type) {
            if (turn < images.size()) { places.push_back(images[turn]); }
        }
    }
    return places;
}

}  // namespace

std::vector<Category> categories_of(const SweepSpec& spec) {
    std::vector<Category> categories;
    for (std::size_t i = 0; i < spec.samples.size(); ++i) {
        const auto& sample = spec.samples[i];
        if (categories.empty() || categories.back().dataset != sample.dataset ||
            categories.back().name != sample.category) {
            categories.push_back({sample.dataset, sample.category, {}});
        }
        if (sample.split == "test") { categories.back().tests.push_back(i); }
    }
    for (const auto& category : categories) {
        require<DataError>(!category.tests.empty(), category.dataset, "/", category.name,
                           " has no test images (its test folder is empty); complete the data set");
    }
    return categories;
}

std::vector<std::size_t> prompts_of(const SweepSpec& spec, const Category& category,
                                    std::uint64_t seed) {
    const auto count = static_cast<std::size_t>(most_shots(spec));
    if (count == 0) { return {}; }
    return spec.prompts.empty()
               ? sample_prompts(spec.samples, category.dataset, category.name, seed, count)
               : named_prompts(spec.samples, spec.prompts, category.dataset, category.name, count);
}

std::vector<std::size_t> choose_pictures(const SweepSpec& spec, const Category& category) {
    auto chosen = anomalous_in_turn(spec, category);
    chosen.resize(std::min(chosen.size(), static_cast<std::size_t>(std::max(spec.heatmaps, 0))));
    return chosen;
}

std::vector<std::size_t> choose_recorded(const SweepSpec& spec, const Category& category) {
    const auto normal = normal_ones(spec, category);
    const auto anomalous = anomalous_in_turn(spec, category);
    const auto wanted = std::min(spec.maps, category.tests.size());
    std::vector<std::size_t> chosen;
    for (std::size_t turn = 0; chosen.size() < wanted; ++turn) {
        for (const auto* images : std::array{&anomalous, &normal}) {
            if (turn < images->size() && chosen.size() < wanted) {
                chosen.push_back((*images)[turn]);
            }
        }
    }
    std::ranges::sort(chosen);
    return chosen;
}

std::vector<std::size_t> needed_samples(const SweepSpec& spec) {
    std::set<std::size_t> needed;
    for (const auto& category : categories_of(spec)) {
        needed.insert(category.tests.begin(), category.tests.end());
        for (const auto seed : spec.seeds) {
            for (const auto prompt : prompts_of(spec, category, seed)) { needed.insert(prompt); }
        }
    }
    return {needed.begin(), needed.end()};
}

}  // namespace patchead
