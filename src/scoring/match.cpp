#include "patchead/scoring/match.hpp"

#include <omp.h>

#include <atomic>
#include <exception>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "device_match.hpp"
#include "normalise.hpp"
#include "pair_product.hpp"
#include "patchead/core/error.hpp"

namespace patchead {
namespace {

std::atomic<std::uint64_t> products_done{0};  // A tally; nothing is computed from it.

/// Works through `pairs`, each on one thread: inside a parallel region a product uses that only.
void run_on_cpu(const std::vector<Pair>& pairs, std::size_t patches, std::size_t dim, Reduce reduce,
                Screening screening) {
    screening = choose_screening(screening, patches, dim);
    std::vector<PairProduct> of_thread;
    const auto threads = omp_get_max_threads();
    of_thread.reserve(static_cast<std::size_t>(threads));
    for (int thread = 0; thread < threads; ++thread) {
        of_thread.emplace_back(patches, dim, reduce, screening);
    }
    std::exception_ptr failure;
    const auto count = static_cast<std::int64_t>(pairs.size());
#pragma omp parallel for schedule(dynamic)
    for (std::int64_t i = 0; i < count; ++i) {
        const auto& pair = pairs[static_cast<std::size_t>(i)];
        auto& product = of_thread[static_cast<std::size_t>(omp_get_thread_num())];
        try {
            product.run(pair.left, pair.right, pair.by_row, pair.by_col);
        } catch (...) {  // An exception must not leave the region.
#pragma omp critical
            failure = std::current_exception();
        }
    }
    if (failure) { std::rethrow_exception(failure); }
}

/// Tiles that stay in the device's cache, where each product is looked at three times.
DeviceTiles tiles_of(const MatchEngine& engine) {
    DeviceTiles tiles{engine.device};
    if (engine.device_cache > 0) {
        tiles.products = engine.device_cache / 2 / static_cast<std::int64_t>(sizeof(float));
    }
    return tiles;
}

/// On the device, or, where its memory does not suffice, on the CPU: the bits are the same.
void run(const std::vector<Pair>& pairs, const FeatureBlock& like, Reduce reduce,
         const MatchEngine& engine) {
    const auto patches = static_cast<std::size_t>(like.grid.size());
    const auto dim = static_cast<std::size_t>(like.dim);
    if (engine.device == "cpu" || !match_on_device(pairs, patches, dim, reduce, tiles_of(engine))) {
        run_on_cpu(pairs, patches, dim, reduce, engine.screening);
    }
    products_done += pairs.size();
}

/// A tensor of NaN: what an image and itself keep.
MatchTensor unmatched(const FeatureBlock& queries, std::size_t count,
                      const FeatureBlock& references) {
    const auto first = [count](const auto& values) {
        return std::vector(values.begin(), values.begin() + std::ptrdiff_t(count));
    };
    const auto size =
        count * references.images() * static_cast<std::size_t>(references.grid.size());
    return {references.grid,
            first(queries.ids),
            references.ids,
            std::vector<float>(size, std::numeric_limits<float>::quiet_NaN()),
            queries.versions.empty() ? queries.versions : first(queries.versions),
            references.versions};
}

/// The writable row of `query` and `reference`. Shape: `[L]`.
std::span<float> row_of(MatchTensor& matches, std::size_t query, std::size_t reference) {
    const auto patches = static_cast<std::size_t>(matches.grid.size());
    return std::span(matches.similarity)
        .subspan((query * matches.reference_ids.size() + reference) * patches, patches);
}

void require_alike(const FeatureBlock& queries, const FeatureBlock& references) {
    require<DataError>(
        queries.grid == references.grid && queries.dim == references.dim, "queries have ",
        queries.grid.rows, "x", queries.grid.cols, " patches of ", queries.dim,
        " channels, references ", references.grid.rows, "x", references.grid.cols, " of ",
        references.dim,
        " (they come from different backbones or image sizes); embed both with the same options");
}

}  // namespace

MatchTensor match_references(FeatureBlock queries, FeatureBlock references, Reduce reduce,
                             const MatchEngine& engine) {
    require_alike(queries, references);
    normalise(queries);
    normalise(references);
    auto matches = unmatched(queries, queries.images(), references);
    std::vector<Pair> pairs;
    const auto add = [&](std::size_t q, std::size_t r) {
        if (queries.ids[q] == references.ids[r]) { return; }
        pairs.push_back({queries.embedding(q), references.embedding(r), row_of(matches, q, r), {}});
    };
    for (std::size_t q = 0; q < queries.images(); ++q) {
        for (std::size_t r = 0; r < references.images(); ++r) { add(q, r); }
    }
    run(pairs, queries, reduce, engine);
    return matches;
}

MatchTensor match_batch(FeatureBlock batch, std::size_t owned, Reduce reduce,
                        const MatchEngine& engine) {
    PATCHEAD_ASSERT(owned <= batch.images());
    normalise(batch);
    auto matches = unmatched(batch, owned, batch);
    std::vector<Pair> pairs;
    const auto add = [&](std::size_t i, std::size_t j) {
        if (batch.ids[i] == batch.ids[j]) { return; }
        const auto reverse = j < owned ? row_of(matches, j, i) : std::span<float>{};
        pairs.push_back({batch.embedding(i), batch.embedding(j), row_of(matches, i, j), reverse});
    };
    for (std::size_t i = 0; i < owned; ++i) {
        for (std::size_t j = i + 1; j < batch.images(); ++j) { add(i, j); }
    }
    run(pairs, batch, reduce, engine);
    return matches;
}

std::uint64_t matrix_products_done() { return products_done; }

}  // namespace patchead
