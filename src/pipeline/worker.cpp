#include "patchead/pipeline/worker.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "align_pairs.hpp"
#include "category_truth.hpp"
#include "detect.hpp"
#include "embed.hpp"
#include "features.hpp"
#include "images_at_hand.hpp"
#include "object_masks.hpp"
#include "patchead/backbone/gpu.hpp"
#include "patchead/core/error.hpp"
#include "patchead/pipeline/embed_texts.hpp"
#include "patchead/pipeline/made_units.hpp"
#include "patchead/plan/estimate.hpp"
#include "patchead/plan/fusion.hpp"
#include "patchead/plan/input_shapes.hpp"
#include "patchead/plan/pass_tokens.hpp"
#include "patchead/scoring/match.hpp"
#include "patchead/scoring/screening.hpp"
#include "pictures.hpp"
#include "point_scores.hpp"
#include "unit_facts.hpp"
#include "warped_match.hpp"
#include "write_behind.hpp"

namespace patchead {

struct Worker::LoadedTruth {
    std::tuple<std::string, std::string, int> name;  ///< Data set, category, side.
    GroundTruth truth;
};

Worker::Worker(const SweepPlan& plan, const Store& store, std::vector<BackboneSource> sources,
               Provenance provenance, WorkerOptions options)
    : Worker(plan, store, std::make_shared<Networks>(std::move(sources)), std::move(provenance),
             options) {}

Worker::Worker(const SweepPlan& plan, const Store& store, std::shared_ptr<Networks> networks,
               Provenance provenance, WorkerOptions options)
    : plan_(plan),
      store_(store),
      networks_(std::move(networks)),
      facts_(std::make_unique<UnitFacts>(plan, store, std::move(provenance), networks_->sources())),
      options_(options),
      landmarks_(std::make_unique<KeptLandmarks>(plan.spec.samples, plan.spec.method.align,
                                                 options.landmarks)),
      images_(std::make_unique<ImagesAtHand>(options.image_memory)) {
    PATCHEAD_ASSERT(networks_->sources().size() == plan_.spec.backbones.size() &&
                    options_.images >= 0);
}

Worker::~Worker() = default;

int images_at_once(const WorkerOptions& options, const Backbone& network, MapSize size,
                   const TokenRequest& tokens) {
    if (options.images > 0) { return options.images; }
    return network.images_within(options.memory, size.height, size.width, tokens);
}

ForwardOptions Worker::forward_options(const Backbone& network, const EmbedUnit& unit,
                                       TokenRequest tokens) const {
    const auto& tiling = plan_.spec.method.features.tiling;
    const int patch_px = plan_.spec.backbones[unit.backbone].patch_px;
    const auto size = pass_size(unit.frame, patch_px, tiling);
    const int most = images_at_once(options_, network, size, tokens);
    return {unit.frame, static_cast<std::size_t>(most), tiling, std::move(tokens)};
}

void Worker::make(const UnitRef& unit) {
    // At the places of kUnitKinds; pictures are no artifacts.
    static constexpr std::array<void (Worker::*)(std::size_t), kUnitKinds.size()> kMakers{
        &Worker::align,  &Worker::embed,     &Worker::match,    &Worker::fit,
        &Worker::detect, &Worker::leave_out, &Worker::evaluate, nullptr};
    const auto maker = kMakers[place_of(unit.kind)];
    PATCHEAD_ASSERT(maker != nullptr);
    if (!is_made(store_, plan_, unit)) { (this->*maker)(unit.index); }
}

void Worker::align(std::size_t unit) {
    const auto& task = plan_.aligns[unit];
    const StageTimer timer(Stage::align);
    const auto facts = facts_->of({UnitKind::align, unit});
    store_.write(task.key, align_pairs(task.pairs, *landmarks_), facts);
}

void Worker::embed(std::size_t unit) {
    const auto& task = plan_.embeds[unit];
    const auto facts = facts_->of({UnitKind::embed, unit});
    if (!task.copies) { return embed_originals(task, facts); }
    const auto key = task.key.with(stored_tokens(plan_.spec, task));
    store_.write(key, embed_copies_of(task), plan_.spec.method.features.cache_type, facts);
}

/// Writes the features of one image while the network is at the next.
void Worker::embed_originals(const EmbedUnit& unit, const Provenance& facts) {
    std::vector<Sample> samples;
    std::vector<std::string> ids;
    InputOptions inputs{
        {}, plan_.spec.backbones[unit.backbone].preprocessing, options_.decode_threads};
    for (const auto i : unit.samples) {
        samples.push_back(plan_.spec.samples[i]);
        ids.push_back(samples.back().id);
        inputs.shapes.push_back(shape_of(plan_.spec, i, unit.backbone, unit.side_px));
    }
    count_forwards(forward_work(plan_.spec, unit));
    const auto& network = networks_->at(unit.backbone);
    const auto tokens = stored_tokens(plan_.spec, unit);
    WriteBehind file([&](const FeatureParts& next) {
        store_.write(unit.key.with(tokens), ids, next, plan_.spec.method.features.cache_type,
                     facts);
    });
    const auto take = [&](FeatureBlock part) {
        safe_point_();
        file.push(std::move(part));
    };
    const auto how = forward_options(network, unit, tokens);
    embed_images(network, samples, *images_, inputs, how, take);
    file.finish();
}

FeatureBlock Worker::embed_copies_of(const EmbedUnit& unit) {
    const auto& made = *unit.copies;
    const auto transforms = read_transforms(store_, plan_, made.transforms);
    std::vector<Copy> copies;
    for (std::size_t row = 0; row < unit.samples.size(); ++row) {
        Copy copy{&plan_.spec.samples[unit.samples[row]], made.versions[row], {}, {}};
        if (!transforms.empty()) { copy.transform = transforms[row]; }
        if (copy.version == Version::aligned && copy.transform == Transform{}) { copy.known = row; }
        copies.push_back(copy);
    }
    const auto shape = shape_of(plan_.spec, unit.samples.front(), unit.backbone, unit.side_px);
    CopyMaker maker(shape, plan_.spec.backbones[unit.backbone].preprocessing,
                    plan_.spec.method.align, *images_, safe_point_);
    const auto& network = networks_->at(unit.backbone);
    auto embedded =
        embed_copies(network, copies, read_with_tokens(store_, plan_, made.originals, unit.tokens),
                     maker, forward_options(network, unit, stored_tokens(plan_.spec, unit)));
    count_copies(embedded.forwards, unit, unit.samples.front());
    return std::move(embedded.features);
}

void Worker::match(std::size_t unit) {
    const auto& task = plan_.matches[unit];
    const StageTimer timer(Stage::match);
    const auto before = matrix_products_done();
    const auto facts = facts_->of({UnitKind::match, unit});
    store_.write(task.key, task.warped ? match_warped_prompt(task) : match_stored(task), facts);
    if (!has_said_screening_) {
        remark_(concat("screening of matches on a CPU: ", screening_text()));
    }
    has_said_screening_ = true;
    const auto& embed = plan_.embeds[task.references.front().embed];
    count_work(
        Stage::match,
        {0, static_cast<double>(matrix_products_done() - before) * product_flops(plan_.spec, embed),
         0});
}

MatchTensor Worker::match_stored(const MatchUnit& unit) {
    auto references = gather(unit.references);
    safe_point_();
    const auto engine = match_engine(unit);
    return unit.within_batch ? match_batch(std::move(references), unit.queries.size(),
                                           plan_.spec.method.matching.reduce, engine)
                             : match_references(gather(unit.queries), std::move(references),
                                                plan_.spec.method.matching.reduce, engine);
}

/// On the device of the network whose features are matched.
MatchEngine Worker::match_engine(const MatchUnit& unit) const {
    const auto backbone = plan_.embeds[unit.references.front().embed].backbone;
    const auto& device = networks_->sources()[backbone].options.device;
    return {Screening::fastest, device, gpu_cache(device)};
}

MatchTensor Worker::match_warped_prompt(const MatchUnit& unit) {
    const auto& embed = plan_.embeds[unit.references.front().embed];
    const PromptCopies prompt{&plan_.spec.samples[unit.warped->sample],
                              read_transforms(store_, plan_, unit.warped->transforms),
                              gather(unit.references)};
    const auto shape = shape_of(plan_.spec, unit.warped->sample, embed.backbone, embed.side_px);
    CopyMaker maker(shape, plan_.spec.backbones[embed.backbone].preprocessing,
                    plan_.spec.method.align, *images_, safe_point_);
    const auto& network = networks_->at(embed.backbone);
    const auto match = [&, engine = match_engine(unit)](FeatureBlock query, FeatureBlock copies) {
        return match_references(std::move(query), std::move(copies),
                                plan_.spec.method.matching.reduce, engine);
    };
    auto warped = match_warped(network, gather(unit.queries), prompt, maker,
                               forward_options(network, embed, {}), match);
    count_copies(warped.forwards, embed, unit.warped->sample);
    return std::move(warped.matches);
}

void Worker::fit(std::size_t unit) {
    const auto& task = plan_.fits[unit];
    const StageTimer timer(Stage::match);
    const auto facts = facts_->of({UnitKind::fit, unit});
    store_.write(task.key,
                 fit_model(store_, plan_, task, texts_by(store_, networks_->sources(), facts)),
                 facts);
}

void Worker::detect(std::size_t unit) {
    const auto& task = plan_.detects[unit];
    const StageTimer timer(Stage::match);
    const auto facts = facts_->of({UnitKind::detect, unit});
    store_.write(task.key,
                 detect_images(store_, plan_, task, texts_by(store_, networks_->sources(), facts)),
                 facts);
}

void Worker::evaluate(std::size_t unit) {
    const auto& task = plan_.evaluates[unit];
    const StageTimer timer(Stage::score);
    const auto facts = facts_->of({UnitKind::evaluate, unit});
    const auto point = score_point(store_, plan_, task, foreground_of(task));
    PointResult result;
    for (const auto i : task.tests) {
        result.ids.push_back(plan_.spec.samples[i].id);
        result.anomalous.push_back(plan_.spec.samples[i].anomalous ? 1 : 0);
    }
    for (const auto i : task.prompts) { result.references.push_back(plan_.spec.samples[i].id); }
    const StageTimer measuring(Stage::metrics);
    result.scores = point.images();
    const auto& truth = ground_truth(task);
    const auto request = request_for(plan_.spec.samples, task.tests, plan_.spec.metric_names);
    if (point.is_plain()) {
        const auto& scores = point.parts.front().tests.scores;
        result.metrics = measure(scores, result.anomalous, truth, task.metrics, request);
    } else {
        FusedMaps maps(point, task.metrics);
        result.metrics = measure(
            {{}, result.ids, {}, result.scores},
            [&](std::size_t image) { return maps.map(image, truth.images[image].map_size()); },
            result.anomalous, truth, task.metrics, request);
    }
    add_stored_metrics(task.key, result.metrics);
    store_.write(task.key, result, facts);
}

/// Metrics that another program, which knows them, has measured of the same point stay in it.
void Worker::add_stored_metrics(const ArtifactKey& key, MetricSet& metrics) const {
    if (!store_.contains(key)) { return; }
    auto stored = read_or_quarantine(store_, key, [&] { return store_.read_result(key); });
    for (auto& metric : stored.metrics) {
        const bool is_known = std::ranges::count(metrics, metric.name, &MetricValue::name) > 0;
        if (!is_known) { metrics.push_back(std::move(metric)); }
    }
}

/// What tells foreground from ground at a masked point.
ForegroundSource Worker::foreground_of(const EvaluateUnit& unit) {
    if (!unit.scoring.masking || unit.scoring.masking->needs_attention()) {
        return [this](std::span<const ImageRef> images) {
            return read_attention(store_, plan_, images);
        };
    }
    if (!objects_) { objects_ = std::make_unique<ObjectMasks>(plan_, store_); }
    return [this](std::span<const ImageRef> images) { return objects_->of(images); };
}

const GroundTruth& Worker::ground_truth(const EvaluateUnit& unit) {
    const auto name = std::tuple(unit.dataset, unit.category, unit.metrics.side_px);
    if (!truth_ || truth_->name != name) {
        const auto& spec = plan_.spec;
        truth_ = std::make_unique<LoadedTruth>(
            LoadedTruth{name, read_truth(spec.samples, unit.tests, unit.metrics,
                                         spec.method.features.resize, spec.metric_names)});
    }
    return truth_->truth;
}

FeatureBlock Worker::gather(const std::vector<ImageRef>& images) const {
    return read_features(store_, plan_, images);
}

void Worker::count_forwards(const ForwardWork& work) {
    forwards_ += work.passes;
    count_work(Stage::forward, {0, work.flops, 0});
}

void Worker::count_copies(std::size_t copies, const EmbedUnit& unit, std::size_t sample) {
    const auto shape = shape_of(plan_.spec, sample, unit.backbone, unit.side_px);
    count_forwards(forward_work(plan_.spec, unit.backbone, shape, copies));
}

WorkCount Worker::count() const { return {forwards_, matrix_products_done(), stage_tally()}; }

}  // namespace patchead
