#include "patchead/pipeline/photo_scorer.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

#include "patchead/core/error.hpp"
#include "patchead/core/quantile.hpp"
#include "patchead/data/photos.hpp"
#include "patchead/pipeline/made_units.hpp"
#include "patchead/pipeline/worker.hpp"

namespace patchead {
namespace {

/// The plan of a point whose tests are `photos`.
SweepPlan plan_of(const SweepSpec& base, const std::vector<Sample>& photos) {
    auto spec = base;
    spec.prompts.clear();
    for (const auto& prompt : base.samples) {
        spec.prompts.push_back({prompt.dataset, prompt.category, prompt.id});
    }
    std::ranges::copy(photos, std::back_inserter(spec.samples));
    auto& grid = spec.grids.front();
    grid.shots = {static_cast<int>(spec.prompts.size())};
    auto plan = make_plan(std::move(spec));
    if (!plan.impossible.empty()) { throw ConfigError(plan.impossible.front().reason); }
    require<ConfigError>(
        !plan.evaluates.empty(),
        plan.notes.empty() ? std::string("there is nothing to score") : plan.notes.front(),
        "; choose another --detector, or give photos with --normal");
    return plan;
}

/// Makes what the point of `plan` needs, and scores of prompts that are left out.
void make_needed(const SweepPlan& plan, const Store& store, Worker& worker) {
    for (const auto& unit : make_graph(plan, state_of(plan, &store)).units) {
        if (is_stored(unit.kind) && unit.kind != UnitKind::evaluate) { worker.make(unit); }
    }
}

/// A prompt as if nobody knew what it is.
Sample as_query(const Sample& prompt) {
    auto query = prompt;
    query.split = "test";
    const auto name = std::filesystem::path(prompt.id).filename().string();
    query.id = photo_id(name, prompt.category, PhotoRole::query);
    return query;
}

/// Artifacts of prompts alone: what any query needs.
std::map<std::string, HeldFiles::Bytes> of_prompts(const SweepPlan& plan, const Store& store,
                                                   std::size_t prompts) {
    std::vector<ArtifactKey> keys;
    const auto& point = plan.evaluates.front();
    for (const auto detect : point.detects) {
        if (const auto& fit = plan.detects[detect].fit) { keys.push_back(plan.fits[*fit].key); }
    }
    const bool has_model = !keys.empty();  // Then nobody asks for the features again.
    for (const auto& unit : plan.embeds) {
        const bool is_of_prompts =
            std::ranges::all_of(unit.samples, [&](std::size_t sample) { return sample < prompts; });
        if (is_of_prompts && !has_model) { keys.push_back(unit.key); }
    }
    std::map<std::string, HeldFiles::Bytes> artifacts;
    for (const auto& key : keys) {
        const auto place = store.found_path(key).string();
        if (auto bytes = store.files()->find(place)) { artifacts[place] = std::move(bytes); }
    }
    return artifacts;
}

void add_scale(std::vector<float> patches, FittedPhotos& fitted) {
    std::ranges::sort(patches);
    const std::vector<double> sorted(patches.begin(), patches.end());
    const double low = quantile_of(sorted, 0.5);
    fitted.low = static_cast<float>(low);
    fitted.high = static_cast<float>(low + 2 * (quantile_of(sorted, 0.998) - low));
}

}  // namespace

PhotoScorer::PhotoScorer(SweepInputs inputs, std::map<std::string, HeldFiles::Bytes> artifacts,
                         const WorkerOptions& options)
    : inputs_(std::move(inputs)),
      artifacts_(std::move(artifacts)),
      networks_(std::make_shared<Networks>(inputs_.sources)),
      options_(options) {
    options_.image_memory = 0;  // A name may stand for another picture the next time.
    auto& units = inputs_.spec.method.units;
    units.heatmaps = 0;
    units.maps = 0;
    units.map_shots.clear();
    units.thresholds.clear();
}

ScoredImages PhotoScorer::score(const std::vector<Sample>& photos) {
    PATCHEAD_ASSERT(!photos.empty() && std::ranges::is_sorted(photos, {}, &Sample::id));
    const auto plan = plan_of(inputs_.spec, photos);
    const Store store(std::make_shared<HeldFiles>(artifacts_));
    Worker worker(plan, store, networks_, inputs_.provenance, options_);
    make_needed(plan, store, worker);
    return worker.scores(0);
}

FittedPhotos PhotoScorer::fit(bool leave_out) {
    auto spec = inputs_.spec;
    if (leave_out) { spec.method.units.thresholds = {"any"}; }
    const auto plan = plan_of(spec, {as_query(spec.samples.front())});
    const Store store(std::make_shared<HeldFiles>(artifacts_));
    Worker worker(plan, store, networks_, inputs_.provenance, options_);
    make_needed(plan, store, worker);
    artifacts_ = of_prompts(plan, store, spec.samples.size());
    FittedPhotos fitted{artifacts_, {}, 0, 0};
    const auto& point = plan.evaluates.front();
    if (point.leave_out) {
        auto scores = store.read_scores(plan.leave_outs[*point.leave_out].key);
        fitted.left_out = std::move(scores.images);
        add_scale(std::move(scores.patches), fitted);
    } else if (leave_out && spec.samples.size() > 1) {
        leave_each_out(fitted);
    }
    return fitted;
}

/// Of a point that sweeps have no such scores of: with alignment, where references are made for
/// each query.
void PhotoScorer::leave_each_out(FittedPhotos& fitted) {
    std::vector<float> patches;
    for (std::size_t i = 0; i < inputs_.spec.samples.size(); ++i) {
        auto others = inputs_;
        others.spec.samples.erase(others.spec.samples.begin() + static_cast<std::ptrdiff_t>(i));
        PhotoScorer scorer(std::move(others), artifacts_, options_);
        scorer.networks_ = networks_;
        const auto scored = scorer.score({as_query(inputs_.spec.samples[i])});
        fitted.left_out.push_back(scored.recorded.scores.front());
        std::ranges::copy(scored.recorded.patches, std::back_inserter(patches));
    }
    add_scale(std::move(patches), fitted);
}

}  // namespace patchead
