/// \file
/// \brief The training-free memory branch of APRIL-GAN (docs/detectors.md): per layer the cosine
/// distance to the nearest reference patch, summed over four layers.

#include <utility>

#include "parts/maps.hpp"
#include "parts/memory_rows.hpp"
#include "parts/option_values.hpp"
#include "parts/partwise.hpp"
#include "parts/stored_view.hpp"
#include "parts/tensors.hpp"
#include "parts/unit_nearest.hpp"
#include "patchead/core/error.hpp"
#include "patchead/detectors/detector.hpp"

namespace patchead::inline detectors_detail {
namespace {

constexpr const char* kMemoryStem = "memory.";

std::string memory_name(std::size_t layer) { return concat(kMemoryStem, layer); }

class AprilGan final : public PartwiseDetector {
  public:
    AprilGan(std::string layers, int most_rows)
        : layers_(std::move(layers)), most_rows_(most_rows) {}

    [[nodiscard]] DetectorNeeds needs(Setting) const override {
        return {.layers = layers_, .final_norm = false};
    }

    [[nodiscard]] MapRule map_rule() const override {
        return {Interpolation::bilinear_align_corners, 0};
    }

    [[nodiscard]] bool draws() const override { return most_rows_ > 0; }

    [[nodiscard]] DetectorModel fit_parts(const ReferenceSource& references,
                                          std::uint64_t seed) const override {
        require_references(references);
        const auto images = static_cast<std::int64_t>(references.images());
        std::vector<MemoryRows> memories;
        for (const auto& layer : references.read(0, 1).layers) {
            // Layers of one grid keep the same patches.
            memories.emplace_back(images * layer.grid.size(), most_rows_, Random("aprilgan", seed));
        }
        for_each_part(references, [&](const DetectorImages& part) {
            for (std::size_t l = 0; l < memories.size(); ++l) {
                memories[l].add(view_of(part.layers[l]).flatten(0, 1));
            }
        });
        DetectorModel model;
        for (std::size_t l = 0; l < memories.size(); ++l) {
            model[memory_name(l)] = memories[l].take();
        }
        return model;
    }

    [[nodiscard]] PatchScores score(const DetectorModel& model,
                                    const DetectorImages& queries) const override {
        at::Tensor sum;
        for (std::size_t l = 0; l < queries.layers.size(); ++l) {
            const auto memory = stored_view(model, memory_name(l), 2);
            const auto distance = nearest_cosine_distance(view_of(queries.layers[l]), memory);
            sum = sum.defined() ? sum + distance : distance;
        }
        const auto grid = queries.layers.front().grid;
        const auto maps = resize_maps(sum.view({-1, grid.rows, grid.cols}), queries.input,
                                      Interpolation::bilinear_align_corners);
        return {grid, queries.ids, to_plain(sum).values, to_plain(maps.flatten(1).amax(1)).values};
    }

    [[nodiscard]] double scoring_flops(const ScoringWork& work) const override {
        return lookups_by_layer(work, kMemoryStem);
    }

  private:
    std::string layers_;
    int most_rows_;
};

}  // namespace

DetectorInfo aprilgan_info() {
    return {.name = "aprilgan",
            .title = "APRIL-GAN (memory)",
            .source = "Chen et al. 2023, ByChelsea/VAND-APRIL-GAN",
            .port = "the memory branch alone: the text branch has trained layers",
            .network = "OpenAI CLIP ViT-L/14 at 518 px",
            .backbone = "openai_clip_vit_l14_336",
            .options = {{"layers", "0.25,0.5,0.75,1", "layers whose distances are summed"},
                        {"max_memory_rows", "0",
                         "rows of the memory of a layer, drawn from all if they are more; 0: all",
                         true}},
            .draws = false,
            .make = [](const DetectorOptions& options) -> std::unique_ptr<const Detector> {
                return std::make_unique<AprilGan>(options.at("layers"),
                                                  whole(options, "max_memory_rows", 0));
            }};
}

}  // namespace patchead::inline detectors_detail
