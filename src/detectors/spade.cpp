/// \file
/// \brief SPADE (docs/detectors.md): the references that are nearest as a whole, and the distance
/// of each patch to the nearest one of theirs, layer by layer.

#include <algorithm>
#include <utility>

#include "parts/layer_patches.hpp"
#include "parts/maps.hpp"
#include "parts/memory_rows.hpp"
#include "parts/near_images.hpp"
#include "parts/option_values.hpp"
#include "parts/partwise.hpp"
#include "parts/stored_view.hpp"
#include "parts/tensors.hpp"
#include "patchead/core/error.hpp"
#include "patchead/detectors/detector.hpp"

namespace patchead::inline detectors_detail {
namespace {

constexpr const char* kGalleryStem = "features.";

std::string gallery_name(std::size_t layer) { return concat(kGalleryStem, layer); }

class Spade final : public PartwiseDetector {
  public:
    Spade(std::string layers, int top_k, bool is_token, int most_rows)
        : layers_(std::move(layers)), top_k_(top_k), is_token_(is_token), most_rows_(most_rows) {}

    [[nodiscard]] DetectorNeeds needs(Setting) const override {
        return {.layers = layers_, .image_token = is_token_};
    }

    [[nodiscard]] MapRule map_rule() const override { return {Interpolation::bilinear, 4}; }

    [[nodiscard]] bool draws() const override { return most_rows_ > 0; }

    /// A smaller gallery has fewer patches of each image: any of them may be a nearest one.
    [[nodiscard]] DetectorModel fit_parts(const ReferenceSource& references,
                                          std::uint64_t seed) const override {
        require_references(references);
        const auto images = static_cast<std::int64_t>(references.images());
        MemoryRows whole(images, 0, Random("spade", seed));
        std::vector<PlainTensor> galleries;
        std::uint64_t image = 0;
        for_each_part(references, [&](const DetectorImages& part) {
            const auto layers = layers_of(part);
            whole.add(pooled(part));
            galleries.resize(layers.size());
            for (std::int64_t i = 0; i < std::ssize(part.ids); ++i, ++image) {
                const Random random(concat("spade/", image), seed);
                for (std::size_t l = 0; l < layers.size(); ++l) {
                    add_patches(layers[l].patches[i], images, random, galleries[l]);
                }
            }
        });
        DetectorModel model{{"pooled", whole.take()}};
        for (std::size_t l = 0; l < galleries.size(); ++l) {
            model[gallery_name(l)] = std::move(galleries[l]);
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
    /// Adds those of an image, `patches[L, C]`, to the gallery of `images`.
    void add_patches(const at::Tensor& patches, std::int64_t images, const Random& random,
                     PlainTensor& gallery) const {
        const auto all = patches.size(0);
        const auto most = most_rows_ > 0 ? std::max<std::int64_t>(1, most_rows_ / images) : all;
        const auto places = at::tensor(some_rows(all, most, random), at::kLong);
        gallery.shape = {images, places.size(0), patches.size(1)};
        const auto values = to_plain(patches.index_select(0, places)).values;
        gallery.values.insert(gallery.values.end(), values.begin(), values.end());
    }

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
    int most_rows_;
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
                     "what finds them: token of the image, or mean of the last layer's patches"},
                    {"max_memory_rows", "0",
                     "patches of a layer's gallery, of each reference as many, drawn if there are "
                     "more; 0: all",
                     true}},
        .make = [](const DetectorOptions& options) -> std::unique_ptr<const Detector> {
            return std::make_unique<Spade>(options.at("layers"), whole(options, "top_k", 1),
                                           word(options, "pooled", {"token", "mean"}) == "token",
                                           whole(options, "max_memory_rows", 0));
        }};
}

}  // namespace patchead::inline detectors_detail
