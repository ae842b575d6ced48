/// \file
/// \brief WinCLIP (docs/detectors.md): what sentences about normal and anomalous objects say of an
/// image and of its windows, and few-shot the distance of patches and windows to those of
/// references.

#include <algorithm>
#include <utility>

#include "parts/class_vectors.hpp"
#include "parts/layer_patches.hpp"
#include "parts/option_values.hpp"
#include "parts/partwise.hpp"
#include "parts/stored_view.hpp"
#include "parts/tensors.hpp"
#include "parts/unit_nearest.hpp"
#include "parts/winclip_windows.hpp"
#include "patchead/core/error.hpp"
#include "patchead/detectors/detector.hpp"

namespace patchead::inline detectors_detail {
namespace {

constexpr const char* kTextVectors = "text";
constexpr const char* kPatchRows = "patches";

std::string window_rows_name(int side) { return concat("windows.", side); }

struct WinClipOptions {
    std::vector<int> scales;
    double temperature = 0;
    std::string prompts;
    TextChoice texts;
    bool final_norm = true;
};

/// An image's embeddings: `whole[1, E]`, `patches[1, L, D]`, `windows[1, n, E]` of each side.
struct WinClipImage {
    at::Tensor whole;
    at::Tensor patches;
    std::vector<at::Tensor> windows;
    Grid grid;
};

/// What is to be said of an image: `map[h, w]`, double.
struct WinClipScores {
    at::Tensor map;
    double image = 0;
};

class WinClip final : public PartwiseDetector {
  public:
    explicit WinClip(WinClipOptions options) : options_(std::move(options)) {}

    [[nodiscard]] bool is_for(Setting) const override { return true; }

    [[nodiscard]] DetectorNeeds needs(Setting) const override {
        return {.layers = "last",
                .final_norm = options_.final_norm,
                .image_token = true,
                .windows = options_.scales,
                .prompts = options_.prompts};
    }

    [[nodiscard]] DetectorModel fit_parts(const ReferenceSource& references,
                                          std::uint64_t /*seed*/) const override {
        require_references(references);
        const auto images = static_cast<std::int64_t>(references.images());
        DetectorModel model;
        for_each_part(references, [&](const DetectorImages& part) {
            if (model.empty()) { model[kTextVectors] = to_plain(text_of(part)); }
            append_rows(layers_of(part).back().patches, images, model[kPatchRows]);
            for (std::size_t i = 0; i < options_.scales.size(); ++i) {
                append_rows(windows_of(part, i), images,
                            model[window_rows_name(options_.scales[i])]);
            }
        });
        return model;
    }

    [[nodiscard]] PatchScores score(const DetectorModel& model,
                                    const DetectorImages& queries) const override {
        const auto text = stored_view(model, kTextVectors, 2);
        return each(queries, [&](const WinClipImage& image) {
            auto scores = by_words(image, text);
            const auto distances = by_references(image, model);
            scores.map = scores.map + distances;
            scores.image = (scores.image + distances.max().item<double>()) / 2;
            return scores;
        });
    }

    /// Each by itself: in what company it comes has no part in its scores.
    [[nodiscard]] PatchScores score_batch(const DetectorImages& batch) const override {
        const auto text = text_of(batch).to(at::kFloat);  // As a model has it.
        return each(batch, [&](const WinClipImage& image) { return by_words(image, text); });
    }

    /// Cosines to both texts; few-shot to the rows of references, too.
    [[nodiscard]] double scoring_flops(const ScoringWork& work) const override {
        const auto& layer = work.layers.back();
        const bool is_fitted = !work.model.empty();
        const double texts = is_fitted ? work.values_of(kTextVectors) : 2.0 * layer.dim;
        double flops =
            2 * texts + (is_fitted ? lookup_flops(layer, work.values_of(kPatchRows)) : 0);
        for (const int side : options_.scales) {
            const double windows = window_grid(layer.grid, side).size();
            flops += 2 * windows * (texts + work.values_of(window_rows_name(side)));
        }
        return flops;
    }

  private:
    /// Vectors of the normal and the anomalous class. Shape: `[2, E]`, double.
    [[nodiscard]] at::Tensor text_of(const DetectorImages& images) const {
        return class_vectors(images.texts, options_.texts);
    }

    /// Appends rows of length 1 to those of all `images`. Shape: `embeddings[n, rows, D]`.
    static void append_rows(const at::Tensor& embeddings, std::int64_t images, PlainTensor& all) {
        const auto units = to_plain(unit_float_rows(embeddings));
        if (all.shape.empty()) {
            all.shape = {images * embeddings.size(1), embeddings.size(2)};
            all.values.reserve(static_cast<std::size_t>(all.shape[0] * all.shape[1]));
        }
        all.values.insert(all.values.end(), units.values.begin(), units.values.end());
    }

    /// Those of all images, of the side with this number. Shape: `[n, windows, E]`, a view.
    [[nodiscard]] at::Tensor windows_of(const DetectorImages& images, std::size_t number) const {
        const int side = options_.scales[number];
        const auto found = std::ranges::find(images.windows, side, &WindowTokens::side);
        require<DataError>(found != images.windows.end(),
                           "images have no embeddings of windows of ", side, " x ", side,
                           " patches; leave ", side, " out of option 'scales'");
        const auto grid = images.layers.back().grid;
        const auto count = static_cast<std::int64_t>(images.images());
        require<DataError>(found->grid == window_grid(grid, side) && found->grid.size() > 0,
                           "images of ", grid.rows, " x ", grid.cols, " patches have ",
                           found->grid.rows, " x ", found->grid.cols, " windows of ", side,
                           " patches; choose larger images, or smaller windows");
        // LibTorch has no view of constant memory; nothing writes to it.
        return at::from_blob(const_cast<float*>(found->values.data()),  // NOLINT
                             {count, found->grid.size(), found->dim}, at::kFloat);
    }

    /// Scores of images one after the other: the same bits for any company.
    template <class Score>
    [[nodiscard]] PatchScores each(const DetectorImages& images, const Score& score) const {
        const auto layers = layers_of(images);
        const auto count = static_cast<std::int64_t>(images.images());
        require<DataError>(!images.image_tokens.empty(),
                           "images have no embedding of the whole (the network has none); choose "
                           "another network");
        const auto wholes = at::tensor(images.image_tokens).view({count, -1});
        std::vector<at::Tensor> windows;
        for (std::size_t i = 0; i < options_.scales.size(); ++i) {
            windows.push_back(windows_of(images, i));
        }
        PatchScores scores{layers.back().grid, images.ids, {}, {}};
        for (std::int64_t i = 0; i < count; ++i) {
            WinClipImage image{
                wholes.narrow(0, i, 1), layers.back().patches.narrow(0, i, 1), {}, scores.grid};
            for (const auto& all : windows) { image.windows.push_back(all.narrow(0, i, 1)); }
            const auto [map, whole] = score(image);
            const auto patches = to_plain(map).values;
            scores.patches.insert(scores.patches.end(), patches.begin(), patches.end());
            scores.images.push_back(static_cast<float>(whole));
        }
        return scores;
    }

    /// The harmonic mean of what is likely of the image and, at each patch, of its windows.
    [[nodiscard]] WinClipScores by_words(const WinClipImage& image, const at::Tensor& text) const {
        const auto likely = [&](const at::Tensor& embeddings) {
            return anomaly_probability(embeddings.to(at::kDouble), text.to(at::kDouble),
                                       options_.temperature);
        };
        const auto whole = likely(image.whole);
        auto inverses = whole.reciprocal().view({1, 1, 1});
        for (std::size_t i = 0; i < options_.scales.size(); ++i) {
            const auto places = window_patches(image.grid, options_.scales[i]);
            inverses =
                inverses + harmonic_map(likely(image.windows[i]), places, image.grid).reciprocal();
        }
        return {(parts() / inverses)[0], whole.item<double>()};
    }

    /// Half the distance to the nearest reference: of patches, and of the windows over each patch.
    /// Shape: `[h, w]`.
    [[nodiscard]] at::Tensor by_references(const WinClipImage& image,
                                           const DetectorModel& model) const {
        const auto near = [&](const at::Tensor& embeddings, const std::string& rows) {
            return nearest_unit_distance(unit_images(embeddings), stored_view(model, rows, 2)) / 2;
        };
        auto sum = near(image.patches, kPatchRows).view({image.grid.rows, image.grid.cols});
        for (std::size_t i = 0; i < options_.scales.size(); ++i) {
            const int side = options_.scales[i];
            const auto distances = near(image.windows[i], window_rows_name(side));
            sum = sum + harmonic_map(distances, window_patches(image.grid, side), image.grid)[0];
        }
        return sum / parts();
    }

    /// Scales and the image, or the patches, of which all means are.
    [[nodiscard]] double parts() const { return static_cast<double>(options_.scales.size() + 1); }

    WinClipOptions options_;
};

std::vector<int> scales_of(const DetectorOptions& options) {
    auto scales = wholes(options, "scales", 1);
    std::ranges::sort(scales);
    const auto doubles = std::ranges::unique(scales);
    scales.erase(doubles.begin(), doubles.end());
    return scales;
}

}  // namespace

DetectorInfo winclip_info() {
    return {
        .name = "winclip",
        .title = "WinCLIP",
        .source =
            "Jeong et al., CVPR 2023, open-edge-platform/anomalib and "
            "zqhang/Accurate-WinCLIP-pytorch",
        .port =
            "batch zero-shot stands for its zero-shot: an image's scores do not depend on the "
            "batch",
        .network = "CLIP ViT-B/16+ (OpenCLIP, LAION-400M) at 240 px",
        .backbone = "openclip_vitb16_plus_240",
        .options = {{"scales", "2,3", "sides of windows, in patches, 1 or more each"},
                    {"temperature", "0.07", "by which cosines to texts are divided, 0.0001 to 100"},
                    {"prompts", "winclip",
                     "prompt set: a name in configs/prompts, or a file of your own"},
                    text_mean_option(),
                    {"final_norm", "yes",
                     "whether patches that meet references had the final norm: yes or no (OpenCLIP "
                     "has changed it)"},
                    paraphrase_option()},
        .draws = false,
        .scores_alone = true,
        .make = [](const DetectorOptions& options) -> std::unique_ptr<const Detector> {
            require<ConfigError>(!options.at("prompts").empty(),
                                 "detector option 'prompts' is empty; name a prompt set");
            return std::make_unique<WinClip>(WinClipOptions{
                scales_of(options), real(options, "temperature", 0.0001, 100),
                options.at("prompts"), text_choice(options), yes(options, "final_norm")});
        }};
}

}  // namespace patchead::inline detectors_detail
