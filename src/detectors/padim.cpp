/// \file
/// \brief PaDiM (docs/detectors.md): a Gaussian of some random channels at each position, and the
/// Mahalanobis distance to it.

#include <algorithm>
#include <utility>

#include "parts/gaussians.hpp"
#include "parts/layer_patches.hpp"
#include "parts/option_values.hpp"
#include "parts/partwise.hpp"
#include "parts/smooth_map.hpp"
#include "parts/stored_view.hpp"
#include "parts/tensors.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/random.hpp"
#include "patchead/detectors/detector.hpp"

namespace patchead::inline detectors_detail {
namespace {

constexpr double kPadimSigma = 4;

class Padim final : public PartwiseDetector {
  public:
    Padim(std::string layers, int channels, double regulariser)
        : layers_(std::move(layers)), channels_(channels), regulariser_(regulariser) {}

    [[nodiscard]] DetectorNeeds needs(Setting) const override { return {.layers = layers_}; }

    [[nodiscard]] MapRule map_rule() const override {
        return {Interpolation::bilinear, kPadimSigma};
    }

    [[nodiscard]] bool draws() const override { return true; }

    [[nodiscard]] DetectorModel fit_parts(const ReferenceSource& references,
                                          std::uint64_t seed) const override {
        require_references(references);
        std::vector<std::int64_t> chosen;
        JoinedParts embedding(static_cast<std::int64_t>(references.images()));
        for_each_part(references, [&](const DetectorImages& part) {
            const auto layers = layers_of(part);
            if (chosen.empty()) { chosen = random_channels(channels_of(layers), seed); }
            embedding.add(side_by_side(layers, chosen));
        });
        const auto gaussians = fit_gaussians(embedding.take(), regulariser_);
        return {{"channels", to_plain(at::tensor(chosen, at::kLong))},
                {"mean", to_plain(gaussians.mean)},
                {"basis", to_plain(gaussians.basis)},
                {"whitening", to_plain(gaussians.whitening)}};
    }

    [[nodiscard]] PatchScores score(const DetectorModel& model,
                                    const DetectorImages& queries) const override {
        const auto layers = layers_of(queries);
        const auto& channels = array_of(model, "channels", 1).values;
        const auto embedding =
            side_by_side(layers, std::vector<std::int64_t>(channels.begin(), channels.end()));
        const PositionGaussians gaussians{regulariser_, stored_view(model, "mean", 2),
                                          stored_view(model, "basis", 3),
                                          stored_view(model, "whitening", 3)};
        const auto grid = layers.front().grid;
        require<DataError>(gaussians.mean.size(0) == grid.size(), "queries have ", grid.rows, "x",
                           grid.cols, " patches, the model ", gaussians.mean.size(0),
                           " positions (they come from different image sizes); fit again");
        PatchScores scores{grid, queries.ids, {}, {}};
        for (const auto& image : mahalanobis(gaussians, embedding).unbind(0)) {
            const auto values = to_plain(image).values;
            scores.patches.insert(scores.patches.end(), values.begin(), values.end());
            const auto map =
                smooth_map(image.view({grid.rows, grid.cols}), queries.input, kPadimSigma);
            scores.images.push_back(static_cast<float>(map.max().item<double>()));
        }
        return scores;
    }

    /// Each position with its own basis, there and back, and what whitens there.
    [[nodiscard]] double scoring_flops(const ScoringWork& work) const override {
        return 3 * work.values_of("mean") + 4 * work.values_of("basis") +
               2 * work.values_of("whitening");
    }

  private:
    [[nodiscard]] std::vector<std::int64_t> random_channels(std::int64_t all,
                                                            std::uint64_t seed) const {
        const auto order = shuffled(static_cast<std::size_t>(all), Random("padim/channels", seed));
        const auto count = std::min(static_cast<std::ptrdiff_t>(channels_), std::ssize(order));
        std::vector<std::int64_t> chosen(order.begin(), order.begin() + count);
        std::ranges::sort(chosen);
        return chosen;
    }

    std::string layers_;
    int channels_;
    double regulariser_;
};

}  // namespace

DetectorInfo padim_info() {
    return {
        .name = "padim",
        .title = "PaDiM",
        .source = "Defard et al. 2021, xiahaifeng1995/PaDiM-Anomaly-Detection-Localization-master",
        .port =
            "of a ViT: layers at a quarter, half and three quarters of the depth, with the final "
            "norm",
        .network = "WideResNet-50 or ResNet-18 at 224 px",
        .options = {{"layers", "0.25,0.5,0.75", "layers whose patches are joined"},
                    {"d", "550", "random channels of all layers, or as many as there are"},
                    {"regulariser", "0.01", "added to the diagonal of covariances, 1e-6 to 1e6"}},
        .make = [](const DetectorOptions& options) -> std::unique_ptr<const Detector> {
            return std::make_unique<Padim>(options.at("layers"), whole(options, "d", 1),
                                           real(options, "regulariser", 1e-6, 1e6));
        }};
}

}  // namespace patchead::inline detectors_detail
