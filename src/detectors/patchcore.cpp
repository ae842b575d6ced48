/// \file
/// \brief PatchCore (docs/detectors.md): patches that know their neighbours, a greedy coreset of
/// them as memory, distances to the nearest rows of it.

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "parts/coreset.hpp"
#include "parts/memory_rows.hpp"
#include "parts/memory_scores.hpp"
#include "parts/option_values.hpp"
#include "parts/partwise.hpp"
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
    std::int64_t most_rows;  ///< 0: as many as `share` says.
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

class PatchCore final : public PartwiseDetector {
  public:
    explicit PatchCore(PatchCoreOptions options) : options_(std::move(options)) {}

    [[nodiscard]] DetectorNeeds needs(Setting) const override {
        return {.layers = options_.layers};
    }

    [[nodiscard]] MapRule map_rule() const override { return {Interpolation::bilinear, 4}; }

    [[nodiscard]] bool draws() const override {
        return options_.share < 1 || options_.most_rows > 0;
    }

    /// Patches are made twice: of all of them only the projections are held.
    [[nodiscard]] DetectorModel fit_parts(const ReferenceSource& references,
                                          std::uint64_t seed) const override {
        require_references(references);
        const auto rows = static_cast<std::int64_t>(references.images()) *
                          references.read(0, 1).layers.front().grid.size();
        const auto count = members_among(rows);
        if (count == rows) { return {{"memory", all_rows(references, rows)}}; }
        const auto starts = starts_among(rows, seed);
        auto chosen = coreset_around(all_reduced(references, rows, seed), starts, count);
        // Rows that are all equal are apart from nothing.
        if (chosen.empty()) { chosen.push_back(0); }
        return {{"memory", to_plain(rows_at(references, chosen))},
                {"coreset_indices", to_plain(at::tensor(chosen, at::kLong))},
                {"start_points", to_plain(at::tensor(starts, at::kLong))}};
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

    /// Calls `visit(rows)` with the patches of all references, `[n, D]`, few at a time.
    template <class Visit>
    void for_each_rows(const ReferenceSource& references, const Visit& visit) const {
        for_each_part(references, [&](const DetectorImages& part) {
            visit(embedded(layers_of(part)).flatten(0, 1));
        });
    }

    [[nodiscard]] std::int64_t members_among(std::int64_t rows) const {
        const auto count = options_.share < 1 ? share_of(rows, options_.share) : rows;
        return options_.most_rows > 0 ? std::min(count, options_.most_rows) : count;
    }

    [[nodiscard]] PlainTensor all_rows(const ReferenceSource& references, std::int64_t rows) const {
        MemoryRows memory(rows, 0, Random("patchcore", 0));
        for_each_rows(references, [&](const at::Tensor& part) { memory.add(part); });
        return memory.take();
    }

    /// Of all patches what the coreset is chosen by. Shape: `[rows, projection]`.
    [[nodiscard]] at::Tensor all_reduced(const ReferenceSource& references, std::int64_t rows,
                                         std::uint64_t seed) const {
        JoinedParts reduced(rows);
        at::Tensor matrix;
        for_each_rows(references, [&](const at::Tensor& part) {
            const auto width = part.size(1);
            if (width == options_.projection) { return reduced.add(part); }
            if (!matrix.defined()) { matrix = random_projection(options_.projection, width, seed); }
            reduced.add(projected(part, matrix));
        });
        return reduced.take();
    }

    /// The patches with these numbers, in their order.
    [[nodiscard]] at::Tensor rows_at(const ReferenceSource& references,
                                     const std::vector<std::int64_t>& wanted) const {
        std::vector<std::size_t> order(wanted.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::ranges::sort(order, {}, [&](std::size_t i) { return wanted[i]; });
        at::Tensor found;
        std::int64_t first = 0;
        auto next = order.begin();
        for_each_rows(references, [&](const at::Tensor& part) {
            if (!found.defined()) {
                found = at::empty({std::ssize(wanted), part.size(1)}, at::kFloat);
            }
            const auto last = first + part.size(0);
            for (; next != order.end() && wanted[*next] < last; ++next) {
                found[static_cast<std::int64_t>(*next)].copy_(part[wanted[*next] - first]);
            }
            first = last;
        });
        return found;
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
        .b = whole(options, "b", 1),
        .most_rows = whole(options, "max_memory_rows", 0)});
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
                    {"b", "9", "rows of memory that re-weight, from 1 (no weight) on"},
                    {"max_memory_rows", "0",
                     "rows of memory, at most; 0: as many as the share says", true}},
        .make = make_patchcore};
}

}  // namespace patchead::inline detectors_detail
