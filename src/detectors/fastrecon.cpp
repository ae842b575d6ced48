/// \file
/// \brief FastRecon (docs/detectors.md): patches are made of a small coreset of reference patches,
/// and what cannot be made is anomalous.

#include <algorithm>
#include <utility>

#include "parts/coreset.hpp"
#include "parts/memory_rows.hpp"
#include "parts/option_values.hpp"
#include "parts/partwise.hpp"
#include "parts/pooled_windows.hpp"
#include "parts/reconstruction.hpp"
#include "parts/stored_view.hpp"
#include "parts/tensors.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/random.hpp"
#include "patchead/detectors/detector.hpp"

namespace patchead::inline detectors_detail {
namespace {

/// Means of 3x3 patches of each layer, side by side. Shape: `[n, L, D]`.
at::Tensor pooled_side_by_side(std::vector<LayerPatches> layers) {
    for (auto& layer : layers) {
        const auto channels = layer.patches.size(2);
        layer.patches = neighbourhood_patches({layer}, 3, channels, channels);
    }
    return side_by_side(layers);
}

class FastRecon final : public PartwiseDetector {
  public:
    FastRecon(std::string layers, double share, double lambda, int most_rows)
        : layers_(std::move(layers)), share_(share), lambda_(lambda), most_rows_(most_rows) {}

    [[nodiscard]] DetectorNeeds needs(Setting) const override { return {.layers = layers_}; }

    [[nodiscard]] MapRule map_rule() const override { return {Interpolation::bilinear, 4}; }

    [[nodiscard]] bool draws() const override { return true; }

    [[nodiscard]] DetectorModel fit_parts(const ReferenceSource& references,
                                          std::uint64_t seed) const override {
        require_references(references);
        const auto images = static_cast<std::int64_t>(references.images());
        MemoryRows some(images * references.read(0, 1).layers.front().grid.size(), most_rows_,
                        Random("fastrecon/rows", seed));
        at::Tensor sum;
        for_each_part(references, [&](const DetectorImages& part) {
            const auto patches = pooled_side_by_side(layers_of(part));
            for (const auto& image : patches.unbind(0)) {
                const auto wide = image.to(at::kDouble);
                sum = sum.defined() ? sum.add_(wide) : wide;
            }
            some.add(patches.flatten(0, 1));
        });
        const DetectorModel pool{{"rows", some.take()}};
        const auto rows = stored_view(pool, "rows", 2);
        Random random("fastrecon/start", seed);
        const auto start = random.below(static_cast<std::uint64_t>(rows.size(0)));
        const auto chosen = at::tensor(
            coreset_from(rows, static_cast<std::int64_t>(start), share_of(rows.size(0), share_)),
            at::kLong);
        return {{"coreset", to_plain(rows.index_select(0, chosen))},
                // Of all patches of all references; the first is the draw.
                {"coreset_indices", to_plain(at::tensor(some.chosen()).index_select(0, chosen))},
                {"mu", to_plain(sum / static_cast<double>(images))}};
    }

    [[nodiscard]] PatchScores score(const DetectorModel& model,
                                    const DetectorImages& queries) const override {
        const auto layers = layers_of(queries);
        const auto mean = to_double(array_of(model, "mu", 2));
        const auto grid = layers.front().grid;
        require<DataError>(mean.size(0) == grid.size() && mean.size(1) == channels_of(layers),
                           "queries have ", grid.size(), " patches of ", channels_of(layers),
                           " values, the model ", mean.size(0), " of ", mean.size(1),
                           " (they come from different networks or image sizes); fit again");
        const Reconstruction made(mean, to_double(array_of(model, "coreset", 2)), lambda_);
        PatchScores scores{grid, queries.ids, {}, {}};
        for (std::int64_t i = 0; i < std::ssize(queries.ids); ++i) {
            const auto image = pooled_side_by_side(image_of(layers, i));
            const auto apart = image - made.of(image);
            const auto values = to_plain(apart.square().sum(-1).sqrt()).values;
            scores.patches.insert(scores.patches.end(), values.begin(), values.end());
            scores.images.push_back(std::ranges::max(values));
        }
        return scores;
    }

    /// Windows of 3 x 3 patches, and what each patch has along each row of an orthonormal basis:
    /// a product, and its part taken away.
    [[nodiscard]] double scoring_flops(const ScoringWork& work) const override {
        return 9 * work.values() +
               2 * lookup_flops(work.layers.front(), work.values_of("coreset")) +
               4 * work.values_of("mu");
    }

  private:
    std::string layers_;
    double share_;
    double lambda_;
    int most_rows_;
};

}  // namespace

DetectorInfo fastrecon_info() {
    return {
        .name = "fastrecon",
        .title = "FastRecon",
        .source = "Fang et al. 2023, FzJun26th/FastRecon",
        .port = "of a ViT: layers at half and three quarters of the depth, with the final norm",
        .network = "WideResNet-50",
        .options = {{"layers", "0.5,0.75", "layers whose patches are joined"},
                    {"coreset", "0.01", "share of patches that others are made of, at most 1"},
                    {"lambda", "2", "weight of the references' mean at the position, 0 to 1e6"},
                    {"max_memory_rows", "0",
                     "patches of which the coreset is chosen, drawn from all if they are more; 0: "
                     "all",
                     true}},
        .make = [](const DetectorOptions& options) -> std::unique_ptr<const Detector> {
            return std::make_unique<FastRecon>(
                options.at("layers"), real(options, "coreset", 1e-6, 1),
                real(options, "lambda", 0, 1e6), whole(options, "max_memory_rows", 0));
        }};
}

}  // namespace patchead::inline detectors_detail
