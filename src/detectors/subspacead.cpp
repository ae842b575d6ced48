/// \file
/// \brief SubspaceAD (docs/detectors.md): the squared distance of each patch from the principal
/// subspace of the references, of which layers are averaged.

#include <algorithm>
#include <utility>

#include "parts/maps.hpp"
#include "parts/masked.hpp"
#include "parts/option_values.hpp"
#include "parts/partwise.hpp"
#include "parts/subspace.hpp"
#include "parts/tensors.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/turns.hpp"
#include "patchead/detectors/detector.hpp"

namespace patchead::inline detectors_detail {
namespace {

constexpr double kBlurSigma = 4;
constexpr std::int64_t kBlurRadius = 1;  ///< A kernel of 3 x 3 pixels.
/// A Gaussian with the variance of that kernel, which is nearly a mean of 3 x 3 pixels.
constexpr double kSameVarianceSigma = 0.81;

struct SubspaceAdOptions {
    std::string layers;
    int rotations = 30;
    double explained_variance = 0.99;
    std::int64_t rank = 0;  ///< 0: by explained variance.
    std::int64_t dropped = 0;
    SubspaceScore score = SubspaceScore::reconstruction;
    double top_share = 0.01;
};

/// Mean of layers in the first one's grid and of the fewest channels. Shape: `[n, L, D]`, float32.
at::Tensor averaged_layers(const DetectorImages& images) {
    const auto grid = images.layers.front().grid;
    const auto channels = std::ranges::min(images.layers, {}, &LayerTokens::dim).dim;
    const auto count = static_cast<std::int64_t>(images.images());
    auto all = at::empty({count, grid.size(), channels}, at::kFloat);
    for (std::int64_t i = 0; i < count; ++i) {
        std::vector<at::Tensor> layers;
        for (const auto& layer : images.layers) {
            const auto tokens = tokens_on_grid(view_of(layer).narrow(0, i, 1), layer.grid, grid);
            layers.push_back(layer.dim == channels ? tokens
                                                   : at::adaptive_avg_pool1d(tokens, channels));
        }
        all.narrow(0, i, 1).copy_(mean_over_layers(at::stack(layers)));
    }
    return all;
}

class SubspaceAd final : public PartwiseDetector {
  public:
    explicit SubspaceAd(SubspaceAdOptions options) : options_(std::move(options)) {}

    [[nodiscard]] DetectorNeeds needs(Setting setting) const override {
        return {.layers = options_.layers,
                .final_norm = false,
                .turns = setting == Setting::few_shot ? options_.rotations : 0};
    }
    [[nodiscard]] bool is_for(Setting) const override { return true; }
    [[nodiscard]] MapRule map_rule() const override {
        return {Interpolation::bilinear, kSameVarianceSigma};
    }

    [[nodiscard]] DetectorModel fit_parts(const ReferenceSource& references,
                                          std::uint64_t) const override {
        require<DataError>(references.images() > 0,
                           "subspacead has no image; give it at least one");
        const auto components = principal_components([&](const auto& take) {
            for_each_part(references, [&](const DetectorImages& part) {
                take(averaged_layers(part).flatten(0, 1));
            });
        });
        const auto rank = options_.rank > 0
                              ? options_.rank
                              : rank_of(components.values, options_.explained_variance);
        const auto subspace = subspace_of(components, rank);
        return {{"mean", to_plain(subspace.mean)},
                {"components", to_plain(subspace.vectors)},
                {"eigenvalues", to_plain(subspace.values)}};
    }

    [[nodiscard]] PatchScores score(const DetectorModel& model,
                                    const DetectorImages& queries) const override {
        Subspace subspace{to_double(array_of(model, "mean", 1)),
                          to_double(array_of(model, "components", 2)),
                          to_double(array_of(model, "eigenvalues", 1)), options_.dropped};
        const auto grid = queries.layers.front().grid;
        PatchScores scores{grid, queries.ids, {}, {}};
        const auto tokens = averaged_layers(queries);
        for (std::int64_t i = 0; i < tokens.size(0); ++i) {
            const auto patches = subspace_scores(tokens[i], subspace, options_.score);
            const auto plain = to_plain(patches).values;
            scores.patches.insert(scores.patches.end(), plain.begin(), plain.end());
            const auto map = blur(resize_maps(patches.view({grid.rows, grid.cols}), queries.input),
                                  gauss_kernel(kBlurSigma, kBlurRadius), BlurBorder::mirror);
            scores.images.push_back(static_cast<float>(top_share_score(map, options_.top_share)));
        }
        return scores;
    }

    [[nodiscard]] PatchScores score_batch(const DetectorImages& batch) const override {
        return score(fit(batch, 0), batch);
    }

    /// The mean over layers, and each patch along each component, for all but `mahalanobis` there
    /// and back. In a batch its covariance, too, and as many components as there are channels.
    [[nodiscard]] double scoring_flops(const ScoringWork& work) const override {
        const auto& layer = work.layers.front();
        const double square = double{1} * layer.dim * layer.dim;
        const double components = work.batch > 0 ? square : work.values_of("components");
        const double ways = options_.score == SubspaceScore::mahalanobis ? 1 : 2;
        return work.values() + ways * lookup_flops(layer, components) +
               (work.batch > 0 ? lookup_flops(layer, square) : 0);
    }

  private:
    SubspaceAdOptions options_;
};

SubspaceScore subspace_score_named(const std::string& name) {
    if (name == "mahalanobis") { return SubspaceScore::mahalanobis; }
    return name == "cosine" ? SubspaceScore::cosine : SubspaceScore::reconstruction;
}

std::unique_ptr<const Detector> make_subspacead(const DetectorOptions& options) {
    SubspaceAdOptions chosen;
    chosen.layers = options.at("layers");
    chosen.rotations = whole(options, "rotations", 0);
    require<ConfigError>(chosen.rotations <= kMostTurns, "option 'rotations' is ", chosen.rotations,
                         " (turns nearer to each other are the same); give at most ", kMostTurns);
    chosen.explained_variance = real(options, "explained_variance", 0, 1);
    chosen.rank = whole(options, "k", 0);
    chosen.dropped = whole(options, "drop_k", 0);
    chosen.score =
        subspace_score_named(word(options, "score", {"reconstruction", "mahalanobis", "cosine"}));
    chosen.top_share = real(options, "top_share", 0, 1);
    return std::make_unique<SubspaceAd>(std::move(chosen));
}

}  // namespace

DetectorInfo subspacead_info() {
    return {
        .name = "subspacead",
        .title = "SubspaceAD",
        .source = "Lendering et al., CVPR 2026, CLendering/SubspaceAD",
        .port =
            "30 evenly spaced turns of each reference where the source has random ones; blocks at "
            "the same depths as 23 to 29 of 40",
        .network = "DINOv2 ViT-g/14 with registers at 672 px",
        .backbone = "dinov2_vitg14_reg",
        .options = {{"layers", "0.575,0.6,0.625,0.65,0.675,0.7,0.725", "layers that are averaged"},
                    {"rotations", "30",
                     "evenly spaced turns of each reference that are references, too, 0 to 119; 7: "
                     "by multiples of 45 degrees"},
                    {"explained_variance", "0.99", "share that the subspace holds, 0 to 1"},
                    {"k", "0", "components of the subspace; 0: by explained variance"},
                    {"drop_k", "0", "first components that are left out, from 0"},
                    {"score", "reconstruction", "reconstruction, mahalanobis or cosine"},
                    {"top_share", "0.01",
                     "share of the highest pixels that an image score is the mean of, 0 to 1"}},
        .published = {{"mvtec/transistor", "rotations", "0"}},
        .draws = false,
        .make = make_subspacead};
}

}  // namespace patchead::inline detectors_detail
