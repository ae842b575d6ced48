/// \file
/// \brief MuSc (docs/detectors.md): images of a batch score each other, in windows of several
/// sizes; image scores are smoothed over similar images.

#include <algorithm>
#include <utility>

#include "parts/lnamd.hpp"
#include "parts/musc_scores.hpp"
#include "parts/mutual.hpp"
#include "parts/option_values.hpp"
#include "parts/tensors.hpp"
#include "patchead/core/error.hpp"
#include "patchead/detectors/detector.hpp"

namespace patchead::inline detectors_detail {
namespace {

struct MuscOptions {
    std::string layers;
    bool final_norm;
    std::vector<int> r_list;
    double share;
    std::vector<int> k_list;
    bool unit_vectors;
};

class MuSc final : public Detector {
  public:
    explicit MuSc(MuscOptions options) : options_(std::move(options)) {}

    [[nodiscard]] DetectorNeeds needs(Setting) const override {
        return {.layers = options_.layers, .final_norm = options_.final_norm, .image_token = true};
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
        at::Tensor sum;  // Over layers. Shape: `[r, N, L]`.
        for (const auto& layer : batch.layers) {
            const auto scores =
                lnamd_scores(view_of(layer), layer.grid, grid, options_.r_list, count);
            sum = sum.defined() ? sum + scores : scores;
        }
        auto vectors = to_double({{images, -1}, batch.image_tokens});
        if (options_.unit_vectors) { vectors = unit_rows(vectors); }
        const auto mean = (sum / static_cast<double>(batch.layers.size())).mean(0);
        return musc_scores(batch, mean, vectors, options_.k_list);
    }

    /// Windows of each side, and the patches of all others in them.
    [[nodiscard]] double scoring_flops(const ScoringWork& work) const override {
        double flops = 0;
        for (const auto& layer : work.layers) {
            for (const int side : options_.r_list) { flops += layer.values() * side * side; }
            flops += mutual_flops(layer, work.others(), options_.r_list);
        }
        return flops;
    }

  private:
    MuscOptions options_;
};

}  // namespace

DetectorInfo musc_info() {
    return {
        .name = "musc",
        .title = "MuSc",
        .source = "Li et al. 2024, xrli-U/MuSc",
        .port =
            "batches of any size where the source splits test sets by their labels; in batches of "
            "up to 4 images a patch is scored by one other image, where the source has none",
        .network = "OpenAI CLIP ViT-L/14 at 518 px",
        .backbone = "openai_clip_vit_l14_336",
        .options =
            {{"layers", "0.25,0.5,0.75,1", "layers whose scores are averaged"},
             {"final_norm", "no", "whether they go through the final norm (DINO: yes): yes or no"},
             {"r_list", "1,3,5", "sides of the windows that features are averaged over; odd"},
             {"topmin_max", "0.3",
              "share of the other images, the nearest ones, that score a patch "
              "(0 to 1)"},
             {"k_list", "1,2,3", "numbers of similar images that image scores are averaged over"},
             {"unit_vectors", "yes", "whether image vectors are normalised (DINO: no): yes or no"}},
        .published = {{"mvtec", "k_list", "1,2,3"},
                      {"btad", "k_list", "1,2,3"},
                      {"visa", "k_list", "1,8,9"}},
        .make = [](const DetectorOptions& options) -> std::unique_ptr<const Detector> {
            return std::make_unique<MuSc>(
                MuscOptions{options.at("layers"), yes(options, "final_norm"),
                            window_sides(options, "r_list"), real(options, "topmin_max", 0, 1),
                            wholes(options, "k_list", 1), yes(options, "unit_vectors")});
        }};
}

}  // namespace patchead::inline detectors_detail
