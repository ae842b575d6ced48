/// \file
/// \brief VisionAD (docs/detectors.md): features averaged over the middle layers, references
/// turned and flipped, the cosine distance to the nearest patch of all.

#include <utility>

#include "parts/layer_mean.hpp"
#include "parts/maps.hpp"
#include "parts/memory_rows.hpp"
#include "parts/option_values.hpp"
#include "parts/partwise.hpp"
#include "parts/stored_view.hpp"
#include "parts/tensors.hpp"
#include "parts/top_share.hpp"
#include "parts/unit_nearest.hpp"
#include "patchead/core/error.hpp"
#include "patchead/detectors/detector.hpp"

namespace patchead::inline detectors_detail {
namespace {

constexpr const char* kSupports = "supports";

class VisionAd final : public PartwiseDetector {
  public:
    VisionAd(std::string layers, int map_size, int most_rows)
        : layers_(std::move(layers)), map_size_(map_size), most_rows_(most_rows) {}

    [[nodiscard]] DetectorNeeds needs(Setting) const override {
        return {.layers = layers_, .final_norm = false, .copies = ReferenceCopies::rot90_flips};
    }

    [[nodiscard]] bool draws() const override { return most_rows_ > 0; }

    [[nodiscard]] DetectorModel fit_parts(const ReferenceSource& references,
                                          std::uint64_t seed) const override {
        require_references(references);
        const auto images = static_cast<std::int64_t>(references.images());
        const auto patches = references.read(0, 1).layers.front().grid.size();
        MemoryRows memory(images * patches, most_rows_, Random("visionad", seed));
        for_each_part(references, [&](const DetectorImages& part) {
            memory.add(unit_float_rows(mean_of_layers(part)));
        });
        return {{kSupports, memory.take()}};
    }

    [[nodiscard]] PatchScores score(const DetectorModel& model,
                                    const DetectorImages& queries) const override {
        const auto grid = queries.layers.front().grid;
        const auto memory = stored_view(model, kSupports, 2);
        const auto rows = unit_images(mean_of_layers(queries));
        require<DataError>(memory.size(1) == rows.size(2), "references have ", memory.size(1),
                           " channels, queries ", rows.size(2),
                           "; embed both with the same options");
        const auto distance = nearest_unit_distance(rows, memory);
        const auto maps = resize_maps(distance.view({-1, grid.rows, grid.cols}),
                                      scaled_map(queries.input, map_size_));
        return {grid, queries.ids, to_plain(distance).values,
                to_plain(mean_of_top_share(maps, 0.01)).values};
    }

    /// The mean over layers, and the search.
    [[nodiscard]] double scoring_flops(const ScoringWork& work) const override {
        return work.values() + plain_lookups(work);
    }

  private:
    std::string layers_;
    int map_size_;
    int most_rows_;
};

}  // namespace

DetectorInfo visionad_info() {
    return {
        .name = "visionad",
        .title = "VisionAD",
        .source = "VisionAD (arXiv 2504.11895), Qiqigeww/VisionAD",
        .port =
            "the original view of queries alone, where the source adds the maps of two more "
            "(flipped; pixels clamped)",
        .network = "DINOv2 ViT-L/14 with registers, 448 px cut to 392",
        .backbone = "dinov2_vitl14_reg",
        .options = {{"layers",
                     "0.21,0.25,0.29,0.33,0.38,0.42,0.46,0.5,0.54,0.58,0.63,0.67,0.71,0.75,0.79",
                     "layers whose features are averaged (blocks 5 to 19 of 24)"},
                    {"map_size", "256",
                     "longer side, px, of the map whose highest 1 % are the "
                     "image score; at least 1"},
                    {"max_memory_rows", "0",
                     "rows of the memory, drawn from all if they are more; 0: all", true}},
        .make = [](const DetectorOptions& options) -> std::unique_ptr<const Detector> {
            return std::make_unique<VisionAd>(options.at("layers"), whole(options, "map_size", 1),
                                              whole(options, "max_memory_rows", 0));
        }};
}

}  // namespace patchead::inline detectors_detail
