/// \file
/// \brief SPADE (docs/detectors.md): the references that are nearest as a whole, and the distance
/// of each patch to the nearest one of theirs, layer by layer.

#include <algorithm>
#include <utility>

#include "parts/layer_patches.hpp"
#include "parts/maps.hpp"
#include "parts/near_images.hpp"
#include "parts/option_values.hpp"
#include "parts/stored_view.hpp"
#include "parts/tensors.hpp"
#include "patchead/core/error.hpp"
#include "patchead/detectors/detector.hpp"

namespace patchead::inline detectors_detail {
namespace {

constexpr const char* kGalleryStem = "features.";

std::string gallery_name(std::size_t layer) { return concat(kGalleryStem, layer); }

class Spade final : public Detector {
  public:
    Spade(std::string layers, int top_k, bool is_token)
        : layers_(std::move(layers)), top_k_(top_k), is_token_(is_token) {}

    [[nodiscard]] DetectorNeeds needs(Setting) const override {
        return {.layers = layers_, .image_token = is_token_};
    }

    [[nodiscard]] MapRule map_rule() const override { return {Interpolation::bilinear, 4}; }

    [[nodiscard]] DetectorModel fit(const DetectorImages& references,
                                    std::uint64_t) const override {
        const auto layers = layers_of(references);
        DetectorModel model{{"pooled", to_plain(pooled(references))}};
        for (std::size_t l = 0; l < layers.size(); ++l) {
            model[gallery_name(l)] = to_plain(layers[l].patches);
        }
        return model;
    }

    [[nodiscard]] PatchScores score(const DetectorModel& model,
                                    const DetectorImages& queries) const override {
        const auto layers = layers_of(queries);
        const auto near = near_images(pooled(queries), stored_view(model, "pooled", 2), top_k_);
        PatchScores scores{
            layers.front().grid, queries.ids, {}, to_plain(near.mean_distance()).values};
        for (std::int64_t q = 0; q < near.rows.size(0); ++q) {
            const auto patches = to_plain(distances(model, layers, q, near.rows[q])).values;
            scores.patches.insert(scores.patches.end(), patches.begin(), patches.end());
        }
        return scores;
    }

    /// The references as wholes, and the patches of the nearest of them.
    [[nodiscard]] double scoring_flops(const ScoringWork& work) const override {
        const double images = work.rows_of("pooled");
        const double searched = images > 0 ? std::min<double>(top_k_, images) / images : 0;
        return 3 * work.values_of("pooled") + searched * lookups_by_layer(work, kGalleryStem);
    }

  private:
    /// What an image is as a whole. Shape: `[n, E]`, float32.
    [[nodiscard]] at::Tensor pooled(const DetectorImages& images) const {
        if (!is_token_) {
            return view_of(images.layers.back()).to(at::kDouble).mean(1).to(at::kFloat);
        }
        const auto count = static_cast<std::int64_t>(images.images());
        require<DataError>(!images.image_tokens.empty(),
                           "images have no token of the whole (the network has none); set option "
                           "'pooled' to mean");
        return at::tensor(images.image_tokens).view({count, -1});
    }

    /// The mean over layers on the grid of the first.
    [[nodiscard]] static at::Tensor distances(const DetectorModel& model,
                                              const std::vector<LayerPatches>& layers,
                                              std::int64_t query, const at::Tensor& near) {
        const auto grid = layers.front().grid;
        auto sum = at::zeros({grid.rows, grid.cols}, at::kDouble);
        for (std::size_t l = 0; l < layers.size(); ++l) {
            const auto gallery = stored_view(model, gallery_name(l), 3).index_select(0, near);
            const auto distance = gallery_distance(layers[l].patches[query], gallery.flatten(0, 1))
                                      .view({layers[l].grid.rows, layers[l].grid.cols});
            sum +=
                layers[l].grid == grid ? distance : resize_maps(distance, {grid.rows, grid.cols});
        }
        return sum / static_cast<double>(layers.size());
    }

    std::string layers_;
    int top_k_;
    bool is_token_;
};

}  // namespace

DetectorInfo spade_info() {
    return {
        .name = "spade",
        .title = "SPADE",
        .source = "Cohen and Hoshen 2020, byungjae89/SPADE-pytorch",
        .port =
            "of a ViT: layers at a quarter, half and three quarters of the depth, with the final "
            "norm; the token of the image for the pooled features",
        .network = "WideResNet-50 at 224 px",
        .options = {{"layers", "0.25,0.5,0.75", "layers whose distances are averaged"},
                    {"top_k", "5", "nearest references, or as many as there are"},
                    {"pooled", "token",
                     "what finds them: token of the image, or mean of the last layer's patches"}},
        .make = [](const DetectorOptions& options) -> std::unique_ptr<const Detector> {
            return std::make_unique<Spade>(options.at("layers"), whole(options, "top_k", 1),
                                           word(options, "pooled", {"token", "mean"}) == "token");
        }};
}

}  // namespace patchead::inline detectors_detail
