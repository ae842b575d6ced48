/// \file
/// \brief MuSc-V2 for pictures (docs/detectors.md): as MuSc, with features averaged over similar
/// neighbours, and image scores smoothed over images whose most salient patches are similar.

#include <algorithm>
#include <utility>

#include "parts/musc_scores.hpp"
#include "parts/mutual.hpp"
#include "parts/neighbourhood.hpp"
#include "parts/option_values.hpp"
#include "parts/snamd.hpp"
#include "parts/tensors.hpp"
#include "patchead/core/error.hpp"
#include "patchead/detectors/detector.hpp"

namespace patchead::inline detectors_detail {
namespace {

struct Musc2Options {
    std::string layers;
    bool final_norm;
    std::vector<int> r_list;
    double share;
    std::vector<int> k_list;
};

class MuSc2 final : public Detector {
  public:
    explicit MuSc2(Musc2Options options) : options_(std::move(options)) {}

    [[nodiscard]] DetectorNeeds needs(Setting) const override {
        return {.layers = options_.layers, .final_norm = options_.final_norm};
    }
    [[nodiscard]] bool is_for(Setting setting) const override {
        return setting == Setting::zero_shot;
    }
    [[nodiscard]] MapRule map_rule() const override {
        return {Interpolation::bilinear_align_corners, 0};
    }

    [[nodiscard]] PatchScores score_batch(const DetectorImages& batch) const override {
        require_batch(batch);
        const auto images = static_cast<std::int64_t>(batch.images());
        const auto count = std::max<std::int64_t>(1, mutual_count(images, options_.share));
        const auto grid = batch.layers.front().grid;
        const auto salient = salient_layer(batch.layers.size());
        at::Tensor sum;  // Over layers. Shape: `[N, L]`.
        at::Tensor features;
        for (std::size_t l = 0; l < batch.layers.size(); ++l) {
            const auto rows = snamd_rows(batch.layers[l], grid, options_.r_list);
            const auto scores = mutual_scores(rows, grid, {1}, count)[0];
            sum = sum.defined() ? sum + scores : scores;
            if (l == salient) { features = rows; }
        }
        const auto mean = sum / static_cast<double>(batch.layers.size());
        return musc_scores(batch, mean, salient_rows(features, mean), options_.k_list);
    }

    /// Each neighbour's distance and its share in a mean, and the patches of all others.
    [[nodiscard]] double scoring_flops(const ScoringWork& work) const override {
        double flops = 0;
        for (const auto& layer : work.layers) {
            for (const int side : options_.r_list) { flops += 5 * layer.values() * side * side; }
            flops += mutual_flops(layer, work.others(), {1});
        }
        return flops;
    }

  private:
    Musc2Options options_;
};

}  // namespace

DetectorInfo musc2_info() {
    return {
        .name = "musc2",
        .title = "MuSc-V2",
        .source = "MuSc-V2 (TPAMI 2026), HUST-SLOW/MuSc-V2",
        .port =
            "pictures only; features in float32 where the source rounds to float16; in batches of "
            "up to 4 images a patch is scored by one other image, where the source has none",
        .network = "DINO ViT-B/8 at 224 px",
        .options = {{"layers", "0.33,0.67,1", "layers whose scores are averaged"},
                    {"final_norm", "yes", "whether they go through the final norm: yes or no"},
                    {"r_list", "1,3,5",
                     "sides of the windows that features are averaged over; odd"},
                    {"topmin_max", "0.3",
                     "share of the other images, the nearest ones, that score a patch "
                     "(0 to 1)"},
                    {"k_list", "1,7",
                     "numbers of similar images that image scores are averaged over"}},
        .make = [](const DetectorOptions& options) -> std::unique_ptr<const Detector> {
            return std::make_unique<MuSc2>(Musc2Options{
                options.at("layers"), yes(options, "final_norm"), window_sides(options, "r_list"),
                real(options, "topmin_max", 0, 1), wholes(options, "k_list", 1)});
        }};
}

}  // namespace patchead::inline detectors_detail
