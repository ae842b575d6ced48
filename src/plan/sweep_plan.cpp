#include "patchead/plan/sweep_plan.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "keys.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/registry.hpp"

namespace patchead {
namespace {

struct ModulesEntry {
    std::string_view name;
    Modules modules;
};
constexpr std::array<ModulesEntry, 4> kModules{{{"none", {false, false}},
                                                {"align", {true, false}},
                                                {"mask", {false, true}},
                                                {"align+mask", {true, true}}}};

/// The images of one category.
struct Category {
    std::string dataset;
    std::string name;
    std::vector<std::size_t> tests;  ///< Sorted by id.
};

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

int most_shots(const SweepSpec& spec) {
    return spec.shots.empty() ? 0 : *std::ranges::max_element(spec.shots);
}

std::vector<std::size_t> prompts_of(const SweepSpec& spec, const Category& category,
                                    std::uint64_t seed) {
    const auto count = static_cast<std::size_t>(most_shots(spec));
    if (count == 0) { return {}; }
    return spec.prompts.empty()
               ? sample_prompts(spec.samples, category.dataset, category.name, seed, count)
               : named_prompts(spec.samples, spec.prompts, category.dataset, category.name, count);
}

/// Numbers of `tests` of which heat maps are wanted: one of each defect type in turn.
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

/// Expands a spec, remembering which artifacts are planned already.
class Planner {
  public:
    explicit Planner(const SweepSpec& spec) : spec_(spec) {}

    SweepPlan run() {
        for (const auto& category : categories_of(spec_)) {
            for (std::size_t backbone = 0; backbone < spec_.backbones.size(); ++backbone) {
                for (const int side : sides_of(backbone)) { expand(category, backbone, side); }
            }
        }
        return std::move(plan_);
    }

  private:
    /// Without the sides that "default" repeats.
    [[nodiscard]] std::vector<int> sides_of(std::size_t backbone) const {
        std::vector<int> sides;
        for (const int side : spec_.sides_px) {
            const int actual = side > 0 ? side : spec_.backbones[backbone].image_px;
            if (std::ranges::count(sides, actual) == 0) { sides.push_back(actual); }
        }
        return sides;
    }

    void expand(const Category& category, std::size_t backbone, int side) {
        check(spec_.backbones[backbone], side);
        const auto tests = embed_tests(category, backbone, side);
        for (const auto seed : spec_.seeds) {
            const auto prompts = prompts_of(spec_, category, seed);
            std::vector<std::size_t> few_shot;
            if (!prompts.empty()) { few_shot = match_prompts(tests, prompts, backbone, side); }
            for (const int shots : spec_.shots) {
                const auto matches = shots > 0 ? few_shot : match_batches(category, tests, seed);
                for (const auto& modules : spec_.modules) {
                    EvaluateUnit unit{category.dataset,
                                      category.name,
                                      backbone,
                                      side,
                                      shots,
                                      seed,
                                      modules,
                                      {},
                                      {},
                                      category.tests,
                                      {},
                                      matches,
                                      tests,
                                      {},
                                      {}};
                    if (shots > 0) {
                        unit.prompts.assign(prompts.begin(), prompts.begin() + shots);
                    }
                    if (seed == spec_.seeds.front()) {
                        unit.pictures = choose_pictures(spec_, category);
                    }
                    add(std::move(unit));
                }
            }
        }
    }

    void add(EvaluateUnit unit) {
        unit.scoring = unit.shots > 0 ? spec_.few_shot : spec_.zero_shot;
        if (unit.modules.mask) { unit.scoring.masking = spec_.masking; }
        unit.metrics = spec_.metrics;
        if (unit.metrics.side_px == 0) { unit.metrics.side_px = unit.side_px; }
        unit.key = evaluate_key(spec_, unit, plan_.matches);
        plan_.evaluates.push_back(std::move(unit));
    }

    void check(const PlannedBackbone& backbone, int side) const {
        require<ConfigError>(side > 0 && side % backbone.patch_px == 0, "image size ", side,
                             " does not fit backbone '", backbone.name, "' (its patches are ",
                             backbone.patch_px, " px wide); use a multiple of ", backbone.patch_px,
                             ", e.g. ", std::max(1, side / backbone.patch_px) * backbone.patch_px);
        require<ConfigError>(!backbone.fixed_size || side == backbone.image_px, "image size ", side,
                             " does not fit backbone '", backbone.name, "' (it takes ",
                             backbone.image_px, " px only); leave --image-size out, or export ",
                             "the network for several sizes");
        for (const auto& modules : spec_.modules) {
            require<ConfigError>(!modules.mask || backbone.has_attention, "backbone '",
                                 backbone.name, "' gives no class-token attention (masking needs ",
                                 "it); leave 'mask' out of --modules");
            require<ConfigError>(!modules.align, "alignment is not part of this version (asked ",
                                 "for by --modules ", name_of(modules), "); use none or mask");
        }
    }

    /// Test images in blocks of fixed size, so that a block does not depend on other options.
    std::vector<ImageRef> embed_tests(const Category& category, std::size_t backbone, int side) {
        std::vector<ImageRef> places;
        const auto& tests = category.tests;
        for (std::size_t at = 0; at < tests.size(); at += spec_.block_images) {
            const auto end = std::min(at + spec_.block_images, tests.size());
            const auto embed = plan_embed(
                {backbone,
                 side,
                 {tests.begin() + std::ptrdiff_t(at), tests.begin() + std::ptrdiff_t(end)},
                 {}});
            for (std::size_t row = 0; row < end - at; ++row) { places.push_back({embed, row}); }
        }
        return places;
    }

    /// Every prompt is a block of its own: seeds and shot counts share them freely.
    std::vector<std::size_t> match_prompts(const std::vector<ImageRef>& tests,
                                           const std::vector<std::size_t>& prompts,
                                           std::size_t backbone, int side) {
        std::vector<ImageRef> references;
        for (const auto prompt : prompts) {
            references.push_back({plan_embed({backbone, side, {prompt}, {}}), 0});
        }
        std::vector<std::size_t> matches;
        for (std::size_t at = 0; at < tests.size();) {
            auto end = at;
            while (end < tests.size() && tests[end].embed == tests[at].embed) { ++end; }
            matches.push_back(plan_match(
                {false,
                 {tests.begin() + std::ptrdiff_t(at), tests.begin() + std::ptrdiff_t(end)},
                 references,
                 {}}));
            at = end;
        }
        return matches;
    }

    std::vector<std::size_t> match_batches(const Category& category,
                                           const std::vector<ImageRef>& tests, std::uint64_t seed) {
        std::vector<std::size_t> matches;
        for (const auto& batch :
             make_batches(tests.size(), spec_.batch, category.dataset, category.name, seed)) {
            MatchUnit unit{true, {}, {}, {}};
            for (const auto member : batch.members) { unit.references.push_back(tests[member]); }
            unit.queries.assign(unit.references.begin(),
                                unit.references.begin() + std::ptrdiff_t(batch.owned));
            matches.push_back(plan_match(std::move(unit)));
        }
        return matches;
    }

    std::size_t plan_embed(EmbedUnit unit) {
        unit.key = embed_key(spec_, unit);
        const auto [place, is_new] = embeds_.emplace(unit.key.digest(), plan_.embeds.size());
        if (is_new) { plan_.embeds.push_back(std::move(unit)); }
        return place->second;
    }

    std::size_t plan_match(MatchUnit unit) {
        unit.key = match_key(spec_, unit, plan_.embeds);
        const auto [place, is_new] = matches_.emplace(unit.key.digest(), plan_.matches.size());
        if (is_new) { plan_.matches.push_back(std::move(unit)); }
        return place->second;
    }

    const SweepSpec& spec_;
    SweepPlan plan_;
    std::map<std::string, std::size_t> embeds_;
    std::map<std::string, std::size_t> matches_;
};

}  // namespace

Modules parse_modules(const std::string& word) {
    return find(std::span<const ModulesEntry>(kModules), "modules", word).modules;
}

std::string name_of(const Modules& modules) {
    for (const auto& entry : kModules) {
        if (entry.modules.align == modules.align && entry.modules.mask == modules.mask) {
            return std::string(entry.name);
        }
    }
    throw std::logic_error("modules without a name");
}

SweepPlan make_plan(const SweepSpec& spec) { return Planner(spec).run(); }

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
