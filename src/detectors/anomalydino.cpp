/// \file
/// \brief AnomalyDINO (docs/detectors.md): the distance of each patch to the nearest of a memory of
/// turned references, or in batch zero-shot to the nearest of all other images.

#include <algorithm>
#include <utility>

#include "parts/foreground.hpp"
#include "parts/knn_scores.hpp"
#include "parts/masked.hpp"
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

constexpr const char* kRows = "memory";

struct AnomalyDinoOptions {
    std::int64_t k_neighbors = 1;
    PatchMetric metric = PatchMetric::cosine;
    bool rotates = true;
    bool masks = false;
    bool masks_references = false;
    ForegroundRule foreground{};
    std::int64_t most_rows = 0;  ///< 0: all.
    double quantile = 0.001;
    double top_share = 0.01;
};

class AnomalyDino final : public PartwiseDetector {
  public:
    explicit AnomalyDino(const AnomalyDinoOptions& options) : options_(options) {}

    [[nodiscard]] DetectorNeeds needs(Setting setting) const override {
        DetectorNeeds needs;
        if (setting == Setting::few_shot && options_.rotates) {
            needs.copies = ReferenceCopies::rot45;
        }
        return needs;
    }
    [[nodiscard]] bool is_for(Setting) const override { return true; }
    [[nodiscard]] MapRule map_rule() const override { return {Interpolation::bilinear, 4}; }

    [[nodiscard]] bool draws() const override { return options_.most_rows > 0; }

    [[nodiscard]] DetectorModel fit_parts(const ReferenceSource& references,
                                          std::uint64_t seed) const override {
        require<DataError>(references.images() > 0,
                           "anomalydino has no reference image; give it at least one shot");
        MemoryRows memory(count_rows(references), options_.most_rows, Random("anomalydino", seed));
        for_each_part(references, [&](const DetectorImages& part) {
            for (const auto& rows : rows_by_image(part)) {
                memory.add(rows_for(options_.metric, rows));
            }
        });
        return {{kRows, memory.take()}};
    }

    [[nodiscard]] PatchScores score(const DetectorModel& model,
                                    const DetectorImages& queries) const override {
        const auto memory = stored_view(model, kRows, 2);
        return scores_of(queries, [&](std::int64_t, const at::Tensor& rows) {
            return mean_knn_distance(rows_for(options_.metric, rows), memory, options_.k_neighbors,
                                     options_.metric);
        });
    }

    [[nodiscard]] PatchScores score_batch(const DetectorImages& batch) const override {
        const auto images = static_cast<std::int64_t>(batch.images());
        require<DataError>(images > 1, "anomalydino scores images against each other and has ",
                           images, "; give it a batch of at least 2");
        const auto tokens = view_of(batch.layers.front());
        const auto units = unit_images(tokens);
        return scores_of(batch, [&](std::int64_t image, const at::Tensor& rows) {
            return distance_to_others(unit_float_rows(rows), without_image(units, image));
        });
    }

  private:
    /// How many patches may be in the memory. Masks are made twice, to hold no reference.
    [[nodiscard]] std::int64_t count_rows(const ReferenceSource& references) const {
        if (!options_.masks_references) {
            return static_cast<std::int64_t>(references.images()) *
                   references.read(0, 1).layers.front().grid.size();
        }
        std::int64_t count = 0;
        for_each_part(references, [&](const DetectorImages& part) {
            for (const auto& rows : rows_by_image(part)) { count += rows.size(0); }
        });
        return count;
    }

    /// Of each image the patches that may be in the memory.
    [[nodiscard]] std::vector<at::Tensor> rows_by_image(const DetectorImages& references) const {
        const auto& layer = references.layers.front();
        const auto tokens = view_of(layer);
        std::vector<at::Tensor> rows;
        for (std::int64_t i = 0; i < tokens.size(0); ++i) {
            rows.push_back(options_.masks_references ? foreground_rows(tokens[i], layer.grid)
                                                     : tokens[i]);
        }
        return rows;
    }

    [[nodiscard]] at::Tensor mask_of(const at::Tensor& tokens, Grid grid) const {
        return foreground_of(first_component(tokens, ComponentSign::by_score), grid,
                             options_.foreground)
            .mask;
    }

    /// All rows if none is foreground.
    [[nodiscard]] at::Tensor foreground_rows(const at::Tensor& tokens, Grid grid) const {
        const auto places = mask_of(tokens, grid).nonzero().flatten();
        return places.numel() > 0 ? tokens.index_select(0, places) : tokens;
    }

    /// As published the mean is over what lies strictly below a rank, which a small pool has not:
    /// there it is over the nearest, and over equal ones if all up to that rank are.
    [[nodiscard]] at::Tensor distance_to_others(const at::Tensor& rows,
                                                const at::Tensor& pool) const {
        const auto all = pool.size(0);
        const auto rank = static_cast<std::int64_t>(options_.quantile * static_cast<double>(all));
        const auto kth = std::min(std::max<std::int64_t>(rank, 2), all);
        const auto below = mean_below_kth(rows, pool, kth);
        if (!below.isnan().any().item<bool>()) { return below; }
        return at::where(below.isnan(), mean_knn_distance(rows, pool, kth, PatchMetric::cosine),
                         below);
    }

    template <class Distance>
    [[nodiscard]] PatchScores scores_of(const DetectorImages& queries,
                                        const Distance& distance) const {
        const auto& layer = queries.layers.front();
        const auto tokens = view_of(layer);
        PatchScores scores{layer.grid, queries.ids, {}, {}};
        for (std::int64_t i = 0; i < tokens.size(0); ++i) {
            const auto mask = options_.masks ? mask_of(tokens[i], layer.grid)
                                             : at::ones({tokens.size(1)}, at::kBool);
            const auto patches = scores_inside(
                tokens[i], mask, [&](const at::Tensor& rows) { return distance(i, rows); });
            const auto plain = to_plain(patches).values;
            scores.patches.insert(scores.patches.end(), plain.begin(), plain.end());
            scores.images.push_back(
                static_cast<float>(top_share_score(patches, options_.top_share)));
        }
        return scores;
    }

    AnomalyDinoOptions options_;
};

std::unique_ptr<const Detector> make_anomalydino(const DetectorOptions& options) {
    AnomalyDinoOptions chosen;
    chosen.k_neighbors = whole(options, "k_neighbors", 1);
    chosen.metric = word(options, "knn_metric", {"L2_normalized", "L2"}) == "L2"
                        ? PatchMetric::l2
                        : PatchMetric::cosine;
    chosen.rotates = yes(options, "rotation");
    chosen.masks = yes(options, "masking");
    chosen.masks_references = yes(options, "mask_ref_images");
    chosen.foreground.threshold = real(options, "mask_threshold", -1e6, 1e6);
    chosen.most_rows = whole(options, "max_memory_rows", 0);
    chosen.quantile = real(options, "quantile", 0, 1);
    chosen.top_share = real(options, "top_share", 0, 1);
    return std::make_unique<AnomalyDino>(chosen);
}

}  // namespace

DetectorInfo anomalydino_info() {
    return {.name = "anomalydino",
            .title = "AnomalyDINO",
            .source = "Damm et al., WACV 2025, dammsi/AnomalyDINO",
            .port =
                "the aspect of images is kept only with --resize shorter; references are those of "
                "the row, not consecutive files",
            .network =
                "DINOv2 ViT-S/14, the shorter side 448 px (672 px in batches) and the aspect kept",
            .backbone = "dinov2_vits14",
            .options =
                {{"k_neighbors", "1", "nearest patches that a score is the mean of, from 1"},
                 {"knn_metric", "L2_normalized", "L2_normalized (cosine) or L2"},
                 {"rotation", "yes",
                  "yes or no: references turned by multiples of 45 degrees are references, too"},
                 {"masking", "no", "yes or no: patches off the object score 0"},
                 {"mask_ref_images", "no", "yes or no: nor are they references"},
                 {"mask_threshold", "10",
                  "of the first principal component, in units of the tokens (DINOv2's final norm)"},
                 {"max_memory_rows", "0",
                  "rows of the memory, drawn from all if they are more; 0: all, as published"},
                 {"quantile", "0.001", "batch zero-shot: share of nearest patches, 0 to 1"},
                 {"top_share", "0.01",
                  "share of the highest patches that an image score is the mean of, 0 to 1"}},
            .published = {{"visa", "masking", "yes"},
                          {"mvtec/capsule", "masking", "yes"},
                          {"mvtec/hazelnut", "masking", "yes"},
                          {"mvtec/pill", "masking", "yes"},
                          {"mvtec/screw", "masking", "yes"},
                          {"mvtec/toothbrush", "masking", "yes"}},
            .make = make_anomalydino};
}

}  // namespace patchead::inline detectors_detail
