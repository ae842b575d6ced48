/// \file
/// \brief PatchCore (docs/detectors.md): patches that know their neighbours, a greedy coreset of
/// them as memory, distances to the nearest rows of it.

#include <algorithm>
#include <cmath>
#include <utility>

#include "parts/coreset.hpp"
#include "parts/memory_scores.hpp"
#include "parts/option_values.hpp"
#include "parts/pooled_windows.hpp"
#include "parts/stored_view.hpp"
#include "parts/tensors.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/random.hpp"
#include "patchead/detectors/detector.hpp"

namespace patchead::inline detectors_detail {
namespace {

struct PatchCoreOptions {
    std::string layers;
    int patchsize;
    double share;
    int starts;
    int projection;
    int k;
    bool is_reweighted;
    int b;
};

/// As PyTorch makes weights of a layer without bias: uniform within 1 / sqrt(D).
at::Tensor random_projection(std::int64_t to, std::int64_t from, std::uint64_t seed) {
    Random random("patchcore/projection", seed);
    auto matrix = at::empty({to, from}, at::kFloat);
    const double bound = 1 / std::sqrt(static_cast<double>(from));
    for (std::int64_t i = 0; i < matrix.numel(); ++i) {
        matrix.data_ptr<float>()[i] = static_cast<float>(random.uniform(-bound, bound));
    }
    return matrix;
}

class PatchCore final : public Detector {
  public:
    explicit PatchCore(PatchCoreOptions options) : options_(std::move(options)) {}

    [[nodiscard]] DetectorNeeds needs(Setting) const override {
        return {.layers = options_.layers};
    }

    [[nodiscard]] MapRule map_rule() const override { return {Interpolation::bilinear, 4}; }

    [[nodiscard]] DetectorModel fit(const DetectorImages& references,
                                    std::uint64_t seed) const override {
        const auto patches = embedded(layers_of(references));
        const auto rows = patches.view({-1, patches.size(2)});
        DetectorModel model;
        if (options_.share >= 1) {
            model["memory"] = to_plain(rows);
            return model;
        }
        auto starts = starts_among(rows.size(0), seed);
        const auto chosen =
            coreset_around(reduced(rows, seed), starts, share_of(rows.size(0), options_.share));
        // Rows that are all equal are apart from nothing.
        const auto kept = at::tensor(chosen.empty() ? std::vector<std::int64_t>{0} : chosen,
                                     at::TensorOptions(at::kLong));
        model["memory"] = to_plain(rows.index_select(0, kept));
        model["coreset_indices"] = to_plain(kept);
        model["start_points"] = to_plain(at::tensor(starts, at::kLong));
        return model;
    }

    [[nodiscard]] PatchScores score(const DetectorModel& model,
                                    const DetectorImages& queries) const override {
        const auto memory = stored_view(model, "memory", 2);
        const auto layers = layers_of(queries);
        PatchScores scores{layers.front().grid, queries.ids, {}, {}};
        for (std::int64_t i = 0; i < std::ssize(queries.ids); ++i) {
            const auto patches = embedded(image_of(layers, i))[0];
            require<DataError>(memory.size(1) == patches.size(1), "queries have ", patches.size(1),
                               " values a patch, the memory ", memory.size(1),
                               " (they come from different networks or options); fit again");
            add_scores(patches, memory, scores);
        }
        return scores;
    }

    /// Windows of all layers, and the search in the memory.
    [[nodiscard]] double scoring_flops(const ScoringWork& work) const override {
        return work.values() * options_.patchsize * options_.patchsize +
               lookup_flops(work.layers.front(), work.values_of("memory"));
    }

  private:
    /// Pooled to the widest layer's channels, so that a network of one width keeps it.
    [[nodiscard]] at::Tensor embedded(const std::vector<LayerPatches>& layers) const {
        std::int64_t widest = 0;
        for (const auto& layer : layers) { widest = std::max(widest, layer.patches.size(2)); }
        return neighbourhood_patches(layers, options_.patchsize, widest, widest);
    }

    [[nodiscard]] at::Tensor reduced(const at::Tensor& rows, std::uint64_t seed) const {
        if (rows.size(1) == options_.projection) { return rows; }
        return projected(rows, random_projection(options_.projection, rows.size(1), seed));
    }

    [[nodiscard]] std::vector<std::int64_t> starts_among(std::int64_t rows,
                                                         std::uint64_t seed) const {
        const auto order =
            shuffled(static_cast<std::size_t>(rows), Random("patchcore/starts", seed));
        const auto count =
            std::min(static_cast<std::ptrdiff_t>(options_.starts), std::ssize(order));
        return {order.begin(), order.begin() + count};
    }

    void add_scores(const at::Tensor& patches, const at::Tensor& memory,
                    PatchScores& scores) const {
        const auto found =
            nearest(patches, memory, std::min<std::int64_t>(options_.k, memory.size(0)));
        const auto values = to_plain(mean_of_nearest(found, options_.k)).values;
        scores.patches.insert(scores.patches.end(), values.begin(), values.end());
        if (!options_.is_reweighted) {
            scores.images.push_back(std::ranges::max(values));
            return;
        }
        // With one row around there is nothing to weigh with.
        const bool is_plain = std::min<std::int64_t>(options_.b, memory.size(0)) == 1;
        const double distance = is_plain
                                    ? std::sqrt(found.squared.select(1, 0).max().item<double>())
                                    : reweighted_score(patches, found, memory, options_.b);
        scores.images.push_back(static_cast<float>(distance));
    }

    PatchCoreOptions options_;
};

std::unique_ptr<const Detector> make_patchcore(const DetectorOptions& options) {
    const int patchsize = whole(options, "patchsize", 1);
    require<ConfigError>(patchsize % 2 == 1, "option 'patchsize' is ", patchsize,
                         " (a window has a centre); give an odd number");
    return std::make_unique<PatchCore>(PatchCoreOptions{
        .layers = options.at("layers"),
        .patchsize = patchsize,
        .share = real(options, "coreset", 1e-6, 1),
        .starts = whole(options, "starts", 1),
        .projection = whole(options, "projection", 1),
        .k = whole(options, "k", 1),
        .is_reweighted = word(options, "image_score", {"max", "reweighted"}) == "reweighted",
        .b = whole(options, "b", 1)});
}

}  // namespace

DetectorInfo patchcore_info() {
    return {
        .name = "patchcore",
        .title = "PatchCore",
        .source = "Roth et al. 2022, amazon-science/patchcore-inspection",
        .port =
            "of a ViT: layers at half and three quarters of the depth, with the final norm, pooled "
            "to its width",
        .network = "WideResNet-50 at 224 px",
        .options = {{"layers", "0.5,0.75", "layers whose patches are joined"},
                    {"patchsize", "3", "side of the neighbourhood, in patches, odd"},
                    {"coreset", "0.1", "share of patches kept as memory, at most 1 (all)"},
                    {"starts", "10", "random patches from which the coreset starts, from 1 on"},
                    {"projection", "128", "dimensions in which the coreset is chosen, from 1 on"},
                    {"k", "1", "nearest rows of memory whose squared distances are averaged"},
                    {"image_score", "max",
                     "max: of the patches' scores; reweighted: Eq. 7 of the paper"},
                    {"b", "9", "rows of memory that re-weight, from 1 (no weight) on"}},
        .make = make_patchcore};
}

}  // namespace patchead::inline detectors_detail
