/// \file
/// \brief SuperADD (docs/detectors.md): per layer the L2 distance to the nearest row of a thinned
/// memory, by channels, averaged over layers.

#include <utility>

#include "parts/binary_map.hpp"
#include "parts/layer_distances.hpp"
#include "parts/maps.hpp"
#include "parts/masked.hpp"
#include "parts/option_values.hpp"
#include "parts/partwise.hpp"
#include "parts/stored_view.hpp"
#include "parts/tensors.hpp"
#include "parts/thinning.hpp"
#include "patchead/core/error.hpp"
#include "patchead/detectors/detector.hpp"

namespace patchead::inline detectors_detail {
namespace {

constexpr double kMostNumberedRow = 16777216;  ///< Beyond it float32 leaves numbers out.
constexpr double kBlurCut = 4;                 ///< In sigmas.

struct SuperAddOptions {
    std::string layers;
    Thinning thinning{};
    std::size_t threshold_fraction = 8;
    double threshold_percentile = 95;
    double threshold_factor = 1.421;
    int evaluation_downscale = 4;
    double top_share = 0.001;
    double sigma = 0;
};

std::string layer_array(const char* what, std::size_t layer) { return concat(what, ".", layer); }

/// Some of the images, by their rows.
at::Tensor images_at(const LayerTokens& layer, const RowNumbers& rows) {
    return view_of(layer).index_select(0, at::tensor(rows, at::kLong));
}

class SuperAdd final : public PartwiseDetector {
  public:
    explicit SuperAdd(SuperAddOptions options) : options_(std::move(options)) {}

    [[nodiscard]] DetectorNeeds needs(Setting) const override {
        return {.layers = options_.layers, .final_norm = false};
    }
    [[nodiscard]] MapRule map_rule() const override {
        return {Interpolation::bilinear, options_.sigma};
    }

    [[nodiscard]] bool draws() const override { return true; }

    /// One layer after the other: thinning wants all of its patches.
    [[nodiscard]] DetectorModel fit_parts(const ReferenceSource& references,
                                          std::uint64_t seed) const override {
        require<DataError>(references.images() > 0,
                           "superadd has no reference image; give it at least one shot");
        const auto parts = divided(references.images());
        const auto layers = references.read(0, 1).layers.size();
        DetectorModel model;
        for (std::size_t l = 0; l < layers; ++l) {
            add_memory(rows_of(references, l, parts.memory), l, seed, model);
        }
        if (!parts.held_out.empty()) {
            model["threshold"] = {{1}, {threshold_from(model, references, parts.held_out)}};
        }
        return model;
    }

    [[nodiscard]] PatchScores score(const DetectorModel& model,
                                    const DetectorImages& queries) const override {
        const auto grid = queries.layers.front().grid;
        PatchScores scores{grid, queries.ids, {}, {}};
        const auto memories = memories_of(model, queries.layers.size());
        for (std::int64_t i = 0; i < static_cast<std::int64_t>(queries.images()); ++i) {
            const auto layers = layer_distances(memories, queries, i);
            const auto patches = to_plain(mean_map(layers, {grid.rows, grid.cols})).values;
            scores.patches.insert(scores.patches.end(), patches.begin(), patches.end());
            scores.images.push_back(static_cast<float>(
                top_share_score(smoothed(mean_map(layers, queries.input)), options_.top_share)));
        }
        return scores;
    }

    [[nodiscard]] double scoring_flops(const ScoringWork& work) const override {
        return lookups_by_layer(work, "memory.");
    }

  private:
    /// Rows of images for the memory and for the threshold.
    struct Division {
        std::vector<std::size_t> memory;
        std::vector<std::size_t> held_out;
    };

    /// Every `threshold_fraction`-th image is held out, the first among them; none of so few that
    /// the memory would miss it.
    [[nodiscard]] Division divided(std::size_t images) const {
        Division division;
        for (std::size_t i = 0; i < images; ++i) {
            const bool is_held_out = images >= options_.threshold_fraction &&
                                     i % options_.threshold_fraction == 0 && images > 1;
            (is_held_out ? division.held_out : division.memory).push_back(i);
        }
        return division;
    }

    /// The patches of a layer of some references.
    [[nodiscard]] static at::Tensor rows_of(const ReferenceSource& references, std::size_t layer,
                                            const std::vector<std::size_t>& images) {
        JoinedParts patches(std::ssize(images));
        for (const auto image : images) {
            const auto part = references.read_layer(layer, image, 1);
            patches.add(view_of(part.layers.front()));
        }
        return patches.take().flatten(0, 1);
    }

    void add_memory(const at::Tensor& rows, std::size_t layer, std::uint64_t seed,
                    DetectorModel& model) const {
        require<DataError>(static_cast<double>(rows.size(0)) < kMostNumberedRow, "superadd has ",
                           rows.size(0), " reference patches and numbers at most ",
                           kMostNumberedRow, "; give it fewer references or a smaller image size");
        RandomDraws draws(Random(concat("superadd/", layer), seed));
        const auto kept = at::tensor(thinned_rows(rows, options_.thinning, draws), at::kLong);
        model[layer_array("memory", layer)] = to_plain(rows.index_select(0, kept));
        model[layer_array("kept", layer)] = to_plain(kept);
    }

    [[nodiscard]] static std::vector<at::Tensor> memories_of(const DetectorModel& model,
                                                             std::size_t layers) {
        std::vector<at::Tensor> memories;
        for (std::size_t l = 0; l < layers; ++l) {
            memories.push_back(stored_view(model, layer_array("memory", l), 2));
        }
        return memories;
    }

    /// Of an image, in the grid of each layer.
    [[nodiscard]] static std::vector<at::Tensor> layer_distances(
        const std::vector<at::Tensor>& memories, const DetectorImages& images, std::int64_t row) {
        std::vector<at::Tensor> layers;
        for (std::size_t l = 0; l < memories.size(); ++l) {
            const auto& layer = images.layers[l];
            layers.push_back(distance_by_channels(images_at(layer, {row}), memories[l])
                                 .view({layer.grid.rows, layer.grid.cols}));
        }
        return layers;
    }

    [[nodiscard]] static at::Tensor mean_map(const std::vector<at::Tensor>& layers, MapSize size) {
        std::vector<at::Tensor> maps;
        maps.reserve(layers.size());
        for (const auto& layer : layers) { maps.push_back(resize_maps(layer, size)); }
        return at::stack(maps).mean(0);
    }

    [[nodiscard]] at::Tensor smoothed(const at::Tensor& map) const {
        if (options_.sigma <= 0) { return map; }
        const auto radius = static_cast<std::int64_t>(kBlurCut * options_.sigma + 0.5);
        return blur(map, gauss_kernel(options_.sigma, radius), BlurBorder::edge);
    }

    /// From the maps of normal images that are not in the memory.
    [[nodiscard]] float threshold_from(const DetectorModel& model,
                                       const ReferenceSource& references,
                                       const std::vector<std::size_t>& held_out) const {
        std::vector<at::Tensor> maps;
        for (const auto image : held_out) {
            const auto part = references.read(image, 1);
            const MapSize size{std::max(part.input.height / options_.evaluation_downscale, 1),
                               std::max(part.input.width / options_.evaluation_downscale, 1)};
            const auto memories = memories_of(model, part.layers.size());
            maps.push_back(mean_map(layer_distances(memories, part, 0), size));
        }
        return static_cast<float>(normal_threshold(at::stack(maps), options_.threshold_percentile,
                                                   options_.threshold_factor));
    }

    SuperAddOptions options_;
};

std::unique_ptr<const Detector> make_superadd(const DetectorOptions& options) {
    SuperAddOptions chosen;
    chosen.layers = options.at("layers");
    chosen.thinning = {.target = whole(options, "max_database_size", 1),
                       .iterations = whole(options, "subsampling_iterations", 1),
                       .neighbours = whole(options, "knn_neighbors", 1)};
    chosen.threshold_fraction = static_cast<std::size_t>(whole(options, "threshold_fraction", 2));
    chosen.threshold_percentile = real(options, "threshold_percentile", 0, 100);
    chosen.threshold_factor = real(options, "threshold_factor", 0, 1e6);
    chosen.evaluation_downscale = whole(options, "evaluation_downscale", 1);
    chosen.top_share = real(options, "top_share", 0, 1);
    chosen.sigma = real(options, "sigma", 0, 100);
    return std::make_unique<SuperAdd>(std::move(chosen));
}

}  // namespace

DetectorInfo superadd_info() {
    return {
        .name = "superadd",
        .title = "SuperADD",
        .source =
            "SuperADD, VAND 4.0 at CVPR 2026, LukasRoom/SuperADD; the image score is "
            "anomalib's",
        .port =
            "tiles only with --tile 640:256; references as they are where the source gives them "
            "random brightness",
        .network = "DINOv3 ViT-H+/16 on tiles of 640 px of the image at 0.625 of its size",
        .backbone = "dinov3_vith16plus",
        .options =
            {{"layers", "0.25,0.5,0.75,1", "layers whose distances are averaged"},
             {"max_database_size", "100000", "rows of the memory of a layer, from 1"},
             {"subsampling_iterations", "100", "subsets that thin a larger memory, from 1"},
             {"knn_neighbors", "100", "neighbours that thinning looks at, from 1"},
             {"threshold_fraction", "8",
              "every so many-th reference is held out for the threshold, from 2; none of fewer"},
             {"threshold_percentile", "95", "of pixels of held-out references, 0 to 100"},
             {"threshold_factor", "1.421", "times that percentile is the threshold"},
             {"evaluation_downscale", "4", "of maps of held-out references, from 1"},
             {"top_share", "0.001",
              "share of the highest pixels that an image score is the mean of, 0 to 1"},
             {"sigma", "0", "px, of the map: 0 as published, 4 in anomalib"}},
        .make = make_superadd};
}

}  // namespace patchead::inline detectors_detail
