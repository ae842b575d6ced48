#include "categories.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "patchead/core/error.hpp"

namespace patchead {
namespace {

int most_shots(const SweepSpec& spec) {
    return spec.shots.empty() ? 0 : *std::ranges::max_element(spec.shots);
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
    std::map<std::string, std::vector<std::size_t>> by_type;
    for (std::size_t i = 0; i < category.tests.size(); ++i) {
        const auto& sample = spec.samples[category.tests[i]];
        if (sample.anomalous) { by_type[sample.defect_type].push_back(i); }
    }
    const auto wanted = static_cast<std::size_t>(std::max(spec.heatmaps, 0));
    std::vector<std::size_t> chosen;
    for (std::size_t turn = 0; turn < category.tests.size() && chosen.size() < wanted; ++turn) {
        for (const auto& [type, images] : by_type) {
            if (turn < images.size() && chosen.size() < wanted) { chosen.push_back(images[turn]); }
        }
    }
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
