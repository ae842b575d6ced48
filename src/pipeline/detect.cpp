#include "detect.hpp"

#include <utility>

#include "features.hpp"
#include "patchead/core/error.hpp"
#include "patchead/detectors/detector.hpp"
#include "patchead/plan/class_texts.hpp"
#include "patchead/plan/pass_tokens.hpp"

namespace patchead::inline pipeline_detail {
namespace {

/// A detector on the images of one category.
struct DetectorAtWork {
    std::string place;  ///< For messages.
    std::unique_ptr<const Detector> detector;
    TokenRequest tokens;
    ClassTexts texts;
};

ClassTexts texts_of(const SweepPlan& plan, const Sample& sample, std::size_t backbone,
                    const PlannedNeeds& needs, const TextEmbedder& embedder) {
    if (needs.prompts.empty()) { return {}; }
    const auto sentences = texts_for(plan.spec, backbone, sample.dataset, sample.category, needs);
    auto arrays = embedder(sentences, backbone);
    return {std::move(arrays["normal"]), std::move(arrays["anomalous"])};
}

DetectorAtWork start(const SweepPlan& plan, std::size_t number, Setting setting,
                     const ImageRef& image, const TextEmbedder& embedder) {
    const auto& planned = plan.spec.detectors[number];
    const auto& embed = plan.embeds[image.embed];
    const auto& sample = plan.spec.samples[embed.samples[image.row]];
    const auto& settings = planned.settings(sample.dataset, sample.category);
    const auto& needs = *settings.needs(setting);
    return {concat("detector ", planned.name, " on ", sample.dataset, "/", sample.category),
            make_detector(planned.method, settings.options),
            tokens_for(plan.spec, embed.backbone, needs),
            texts_of(plan, sample, embed.backbone, needs, embedder)};
}

/// What the detector sees of `images`.
DetectorImages read_images(const Store& store, const SweepPlan& plan, const TokenRequest& tokens,
                           std::span<const ImageRef> images) {
    DetectorImages seen;
    for (const auto& layer : tokens.layers) {
        auto block = read_layer(store, plan, images, layer);
        seen.ids = std::move(block.ids);
        seen.versions = std::move(block.versions);
        seen.layers.push_back(
            {layer.number, block.grid, block.dim, std::move(block.embeddings), {}, layer.form});
    }
    if (tokens.image) {
        auto whole = read_image_tokens(store, plan, images);
        seen.image_tokens = std::move(whole.feature.empty() ? whole.token : whole.feature);
    }
    for (const int side : tokens.windows) {
        seen.windows.push_back(read_windows(store, plan, images, side));
    }
    const auto& embed = plan.embeds[images.front().embed];
    const int patch_px = plan.spec.backbones[embed.backbone].patch_px;
    seen.input = {embed.frame.rows * patch_px, embed.frame.cols * patch_px};
    return seen;
}

/// References in the store, of which as many are read as are asked for.
class StoredReferences final : public ReferenceSource {
  public:
    /// Arguments must outlive the object.
    StoredReferences(const Store& store, const SweepPlan& plan, const DetectorAtWork& work,
                     std::span<const ImageRef> images)
        : store_(store), plan_(plan), work_(work), images_(images) {}

    [[nodiscard]] std::size_t images() const override { return images_.size(); }

    [[nodiscard]] DetectorImages read(std::size_t first, std::size_t count) const override {
        auto part = read_images(store_, plan_, work_.tokens, images_.subspan(first, count));
        part.texts = work_.texts;
        return part;
    }

    [[nodiscard]] DetectorImages read_layer(std::size_t layer, std::size_t first,
                                            std::size_t count) const override {
        const TokenRequest one{.layers = {work_.tokens.layers[layer]}};
        return read_images(store_, plan_, one, images_.subspan(first, count));
    }

  private:
    const Store& store_;
    const SweepPlan& plan_;
    const DetectorAtWork& work_;
    std::span<const ImageRef> images_;
};

/// Calls `work`; what is wrong with the images is told with the place.
template <class Work>
auto at_place(const std::string& place, Work work) {
    try {
        return work();
    } catch (const DataError& error) { throw DataError(concat(place, ": ", error.what())); }
}

NamedTensors no_texts(const PlannedTexts&, std::size_t) { return {}; }

/// The first `count` images.
PatchScores first_of(PatchScores scores, std::size_t count) {
    scores.ids.resize(count);
    scores.images.resize(count);
    scores.patches.resize(count * static_cast<std::size_t>(scores.grid.size()));
    return scores;
}

}  // namespace

NamedTensors fit_model(const Store& store, const SweepPlan& plan, const FitUnit& unit,
                       const TextEmbedder& embedder) {
    const auto work =
        start(plan, unit.detector, Setting::few_shot, unit.references.front(), embedder);
    const StoredReferences references(store, plan, work, unit.references);
    return at_place(work.place, [&] { return work.detector->fit_parts(references, unit.seed); });
}

PatchScores detect_images(const Store& store, const SweepPlan& plan, const DetectUnit& unit,
                          const TextEmbedder& embedder) {
    const auto setting = unit.fit ? Setting::few_shot : Setting::zero_shot;
    // What a model has of texts, fit saw.
    const auto work = start(plan, unit.detector, setting, unit.queries.front(),
                            unit.fit ? TextEmbedder(no_texts) : embedder);
    auto images = read_images(store, plan, work.tokens, unit.queries);
    if (!unit.fit) {
        images.texts = work.texts;
        return first_of(at_place(work.place, [&] { return work.detector->score_batch(images); }),
                        unit.owned);
    }
    const auto& key = plan.fits[*unit.fit].key;
    const auto model = read_or_quarantine(store, key, [&] { return store.read_model(key); });
    return at_place(work.place, [&] { return work.detector->score(model, images); });
}

}  // namespace patchead::inline pipeline_detail
