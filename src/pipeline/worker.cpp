#include "patchead/pipeline/worker.hpp"

#include <tuple>
#include <utility>

#include "embed.hpp"
#include "features.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/registry.hpp"
#include "patchead/data/image_io.hpp"
#include "patchead/data/preprocess.hpp"
#include "patchead/scoring/match.hpp"
#include "patchead/scoring/score.hpp"
#include "pictures.hpp"

namespace patchead {

struct Worker::LoadedBackbone {
    std::size_t index;
    std::unique_ptr<const Backbone> backbone;
};

struct Worker::LoadedTruth {
    std::tuple<std::string, std::string, int> name;  ///< Data set, category, side.
    GroundTruth truth;
};

Worker::Worker(const SweepSpec& spec, const SweepPlan& plan, const Store& store,
               std::vector<BackboneSource> sources, Provenance provenance,
               std::size_t forward_batch)
    : spec_(spec),
      plan_(plan),
      store_(store),
      sources_(std::move(sources)),
      provenance_(std::move(provenance)),
      forward_batch_(forward_batch) {
    PATCHEAD_ASSERT(sources_.size() == spec_.backbones.size() && forward_batch_ > 0);
}

Worker::~Worker() = default;

const Backbone& Worker::backbone(std::size_t index) {
    if (!loaded_ || loaded_->index != index) {
        loaded_.reset();  // The old network goes before the new one comes.
        const auto& source = sources_[index];
        loaded_ = std::make_unique<LoadedBackbone>(
            index, load_backbone(find(backbones(), "backbone", source.name), source.weights,
                                 source.options));
    }
    return *loaded_->backbone;
}

void Worker::embed(std::size_t unit) {
    const auto& task = plan_.embeds[unit];
    if (store_.contains(task.key)) { return; }
    std::vector<Sample> samples;
    for (const auto i : task.samples) { samples.push_back(spec_.samples[i]); }
    const auto features =
        embed_images(backbone(task.backbone), samples, task.side_px,
                     spec_.backbones[task.backbone].preprocessing, forward_batch_, safe_point_);
    forwards_ += samples.size();
    store_.write(task.key, features, spec_.cache_type, provenance_);
}

void Worker::match(std::size_t unit) {
    const auto& task = plan_.matches[unit];
    if (store_.contains(task.key)) { return; }
    auto references = gather(task.references);
    safe_point_();
    const auto matches =
        task.within_batch
            ? match_batch(std::move(references), task.queries.size(), spec_.reduce)
            : match_references(gather(task.queries), std::move(references), spec_.reduce);
    store_.write(task.key, matches, provenance_);
}

void Worker::evaluate(std::size_t unit) {
    const auto& task = plan_.evaluates[unit];
    if (store_.contains(task.key)) { return; }
    const auto scores = scores_of(task);
    PointResult result;
    for (const auto i : task.tests) {
        result.ids.push_back(spec_.samples[i].id);
        result.anomalous.push_back(spec_.samples[i].anomalous ? 1 : 0);
    }
    for (const auto i : task.prompts) { result.references.push_back(spec_.samples[i].id); }
    result.metrics = measure(scores, result.anomalous, ground_truth(task), task.metrics);
    result.scores = scores.images;
    store_.write(task.key, result, provenance_);
}

std::vector<AnomalyPicture> Worker::pictures(std::size_t unit) {
    const auto& task = plan_.evaluates[unit];
    return draw_pictures(spec_.samples, task, scores_of(task));
}

PatchScores Worker::scores_of(const EvaluateUnit& unit) const {
    ScoreMerger merger(spec_.samples, unit.tests);
    for (const auto match : unit.matches) {
        const auto& task = plan_.matches[match];
        const auto matches =
            read_or_set_aside(store_, task.key, [&] { return store_.read_matches(task.key); });
        const auto references =
            unit.shots > 0 ? static_cast<std::size_t>(unit.shots) : matches.reference_ids.size();
        std::vector<float> attention;
        if (unit.scoring.masking) { attention = read_attention(store_, plan_, task.queries); }
        merger.add(score(matches, references, attention, unit.scoring));
    }
    return merger.merged();
}

const GroundTruth& Worker::ground_truth(const EvaluateUnit& unit) {
    const auto name = std::tuple(unit.dataset, unit.category, unit.metrics.side_px);
    if (!truth_ || truth_->name != name) {
        std::vector<Mask> masks;
        std::vector<std::uint8_t> anomalous;
        for (const auto i : unit.tests) {
            const auto& sample = spec_.samples[i];
            const auto [height, width] = image_size(sample);
            masks.push_back(resize_mask(read_mask(sample, height, width), unit.metrics.side_px,
                                        unit.metrics.mask_resize));
            anomalous.push_back(sample.anomalous ? 1 : 0);
        }
        truth_ = std::make_unique<LoadedTruth>(
            name, find_regions(masks, anomalous, unit.metrics.connectivity));
    }
    return truth_->truth;
}

FeatureBlock Worker::gather(const std::vector<ImageRef>& images) const {
    return read_features(store_, plan_, images);
}

WorkCount Worker::count() const { return {forwards_, matrix_products_done()}; }

}  // namespace patchead
