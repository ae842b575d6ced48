#include "categories.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "patchead/core/error.hpp"
#include "patchead/core/splits.hpp"
#include "points.hpp"

namespace patchead::inline plan_detail {
namespace {

/// What grids take from categories of a data set.
struct WantedPrompts {
    std::map<std::uint64_t, int> most;  ///< By seed.
    bool has_training = false;
};

WantedPrompts wanted_prompts(const SweepSpec& spec, const std::string& dataset) {
    WantedPrompts wanted;
    for (std::size_t backbone = 0; backbone < spec.backbones.size(); ++backbone) {
        for (const auto& side : points_of(spec, dataset, backbone).sides) {
            for (const auto& asked : side.seeds) {
                auto& most = wanted.most[asked.seed];
                most = std::max(most, asked.most_shots());
                wanted.has_training |= asked.has_training();
            }
        }
    }
    return wanted;
}

bool is_asked_for(const SweepSpec& spec, const Sample& sample) {
    const auto& wanted = spec.method.unmeasured;
    return has_label(sample) ? sample.split == kValidation && wanted.validation : wanted.unlabelled;
}

/// Ids are sorted by split, so an image belongs to the last pool or begins a new one.
void add_unmeasured_sample(const SweepSpec& spec, std::size_t sample, Category& category) {
    const auto& split = spec.samples[sample].split;
    if (!is_asked_for(spec, spec.samples[sample])) { return; }
    auto& pools = category.unmeasured;
    if (pools.empty() || pools.back().split != split) { pools.push_back({split, {}}); }
    pools.back().samples.push_back(sample);
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
        add_unmeasured_sample(spec, i, categories.back());
    }
    for (const auto& category : categories) {
        require<DataError>(!category.tests.empty(), category.dataset, "/", category.name,
                           " has no test images (its test folder is empty); complete the data set");
    }
    return categories;
}

std::vector<std::size_t> prompts_of(const SweepSpec& spec, const Category& category,
                                    std::uint64_t seed, int count) {
    if (count == 0) { return {}; }
    const auto wanted = static_cast<std::size_t>(count);
    return spec.prompts.empty()
               ? sample_prompts(spec.samples, category.dataset, category.name, seed, wanted)
               : named_prompts(spec.samples, spec.prompts, category.dataset, category.name, wanted);
}

std::vector<std::size_t> choose_pictures(const SweepSpec& spec, const Category& category) {
    auto chosen = anomalous_in_turn(spec, category);
    chosen.resize(std::min(chosen.size(), spec.method.units.heatmaps));
    return chosen;
}

std::vector<std::size_t> choose_recorded(const SweepSpec& spec, const Category& category) {
    const auto normal = normal_ones(spec, category);
    const auto anomalous = anomalous_in_turn(spec, category);
    const auto wanted = std::min(spec.method.units.maps, category.tests.size());
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

}  // namespace patchead::inline plan_detail

namespace patchead {

std::vector<std::size_t> needed_samples(const SweepSpec& spec) {
    std::set<std::size_t> needed;
    for (const auto& category : categories_of(spec)) {
        needed.insert(category.tests.begin(), category.tests.end());
        for (const auto& pool : category.unmeasured) {
            needed.insert(pool.samples.begin(), pool.samples.end());
        }
        const auto wanted = wanted_prompts(spec, category.dataset);
        for (const auto& [seed, count] : wanted.most) {
            const auto prompts = prompts_of(spec, category, seed, count);
            needed.insert(prompts.begin(), prompts.end());
        }
        if (!wanted.has_training) { continue; }
        const auto all = training_set(spec.samples, category.dataset, category.name);
        needed.insert(all.begin(), all.end());
    }
    return {needed.begin(), needed.end()};
}

}  // namespace patchead
