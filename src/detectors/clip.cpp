/// \file
/// \brief Similarity of images and sentences and nothing else (docs/detectors.md): which of the two
/// kinds of sentences an image, its windows or its patches are nearer to, or how near to one kind.

#include <utility>

#include "parts/class_vectors.hpp"
#include "parts/layer_patches.hpp"
#include "parts/option_values.hpp"
#include "parts/tensors.hpp"
#include "parts/winclip_windows.hpp"
#include "patchead/core/error.hpp"
#include "patchead/detectors/detector.hpp"

namespace patchead::inline detectors_detail {
namespace {

struct ClipOptions {
    std::string of;    ///< image, windows or patches.
    std::string side;  ///< both, normal or anomalous.
    int window = 0;
    std::string prompts;
    TextChoice texts;
};

class Clip final : public Detector {
  public:
    explicit Clip(ClipOptions options) : options_(std::move(options)) {}

    [[nodiscard]] bool is_for(Setting setting) const override {
        return setting == Setting::zero_shot;
    }

    [[nodiscard]] DetectorNeeds needs(Setting) const override {
        return {.layers = "last",
                .image_token = options_.of == "image",
                .windows = options_.of == "windows" ? std::vector<int>{options_.window}
                                                    : std::vector<int>{},
                .prompts = options_.prompts,
                .projected = options_.of == "patches"};
    }

    /// Each by itself: in what company it comes has no part in its scores.
    [[nodiscard]] PatchScores score_batch(const DetectorImages& batch) const override {
        const auto layers = layers_of(batch);
        const auto texts = unit_rows(class_vectors(batch.texts, options_.texts));
        const auto embeddings = embeddings_of(batch, layers.back());
        PatchScores scores{layers.back().grid, batch.ids, {}, {}};
        for (std::int64_t i = 0; i < embeddings.size(0); ++i) {
            const auto found = anomaly_scores(embeddings[i], texts);
            const auto map = to_plain(on_patches(found, scores.grid)).values;
            scores.patches.insert(scores.patches.end(), map.begin(), map.end());
            scores.images.push_back(static_cast<float>(found.max().item<double>()));
        }
        return scores;
    }

    /// Cosines to both texts.
    [[nodiscard]] double scoring_flops(const ScoringWork& work) const override {
        const auto& layer = work.layers.back();
        double embeddings = 1;
        if (options_.of == "windows") {
            embeddings = window_grid(layer.grid, options_.window).size();
        } else if (options_.of == "patches") {
            embeddings = layer.grid.size();
        }
        return 2 * embeddings * 2 * layer.dim;
    }

  private:
    /// Of whole images, windows or patches. Shape: `[n, places, E]`, float32.
    [[nodiscard]] at::Tensor embeddings_of(const DetectorImages& images,
                                           const LayerPatches& last) const {
        const auto count = static_cast<std::int64_t>(images.images());
        if (options_.of == "patches") { return last.patches; }
        if (options_.of == "image") {
            require<DataError>(!images.image_tokens.empty(),
                               "images have no embedding of the whole (the network has none); "
                               "choose another network");
            return at::tensor(images.image_tokens).view({count, 1, -1});
        }
        const auto expected = window_grid(last.grid, options_.window);
        require<DataError>(
            images.windows.size() == 1 && images.windows[0].grid == expected && expected.size() > 0,
            "images of ", last.grid.rows, " x ", last.grid.cols, " patches have no windows of ",
            options_.window, " x ", options_.window,
            " patches; choose larger images, or smaller windows");
        return at::tensor(images.windows[0].values).view({count, expected.size(), -1});
    }

    /// Shapes: `embeddings[places, E]` and `texts[2, E]`, rows of length 1, to `[places]`, double.
    [[nodiscard]] at::Tensor anomaly_scores(const at::Tensor& embeddings,
                                            const at::Tensor& texts) const {
        require<DataError>(embeddings.size(-1) == texts.size(-1), "embeddings of images have ",
                           embeddings.size(-1), " channels, those of sentences ", texts.size(-1),
                           " (they share no space); choose another network");
        const auto cosines = unit_rows(embeddings.to(at::kDouble)).matmul(texts.t());
        const auto normal = cosines.select(-1, 0);
        const auto anomalous = cosines.select(-1, 1);
        if (options_.side == "normal") { return 1 - normal; }
        return options_.side == "anomalous" ? anomalous : anomalous - normal;
    }

    /// Of each patch its own score, the image's, or the mean over the windows that cover it.
    /// Shape: `[places]` to `[L]`.
    [[nodiscard]] at::Tensor on_patches(const at::Tensor& scores, Grid grid) const {
        if (options_.of == "patches") { return scores; }
        if (options_.of == "image") { return scores.expand({grid.size()}); }
        const auto patches = window_patches(grid, options_.window);
        auto sum = at::zeros({grid.size()}, at::kDouble);
        auto windows = at::zeros({grid.size()}, at::kDouble);
        for (std::int64_t place = 0; place < patches.size(0); ++place) {
            sum.index_add_(0, patches[place], scores);
            windows.index_add_(0, patches[place], at::ones_like(scores));
        }
        return sum / windows;
    }

    ClipOptions options_;
};

}  // namespace

DetectorInfo clip_info() {
    return {
        .name = "clip",
        .title = "CLIP similarity",
        .source = "Radford et al., ICML 2021; sentences as Jeong et al., CVPR 2023",
        .port =
            "batch zero-shot stands for its zero-shot: an image's scores do not depend on the "
            "batch",
        .network = "CLIP ViT-B/16+ (OpenCLIP, LAION-400M) at 240 px",
        .backbone = "openclip_vitb16_plus_240",
        .options = {{"of", "image",
                     "whose embeddings are compared with sentences: image, windows or patches (the "
                     "image's score is that of the most anomalous)"},
                    {"side", "both",
                     "both (similarity to anomalous less that to normal sentences), normal (1 less "
                     "the similarity to normal ones) or anomalous (the similarity to anomalous "
                     "ones)"},
                    {"window", "2", "side of windows, in patches, 1 or more"},
                    {"prompts", "winclip",
                     "prompt set: a name in configs/prompts, or a file of your own"},
                    text_mean_option(),
                    paraphrase_option()},
        .draws = false,
        .make = [](const DetectorOptions& options) -> std::unique_ptr<const Detector> {
            require<ConfigError>(!options.at("prompts").empty(),
                                 "detector option 'prompts' is empty; name a prompt set");
            return std::make_unique<Clip>(ClipOptions{
                word(options, "of", {"image", "windows", "patches"}),
                word(options, "side", {"both", "normal", "anomalous"}), whole(options, "window", 1),
                options.at("prompts"), text_choice(options)});
        }};
}

}  // namespace patchead::inline detectors_detail
