#include "patchead/scoring/score.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <utility>

#include "patchead/core/error.hpp"

namespace patchead {
namespace {

// Patches taken out of the match tensor at a time: neighbours share a cache line there.
constexpr std::size_t kPatchesAtOnce = 64;

/// D = 1 - cosine, in [0, 2] whatever the rounding of the cosine; sqrt(2 D) if that is asked for.
double distance(float similarity, Distance kind) {
    const double cosine_distance = std::clamp(1.0 - static_cast<double>(similarity), 0.0, 2.0);
    return kind == Distance::euclidean ? std::sqrt(2 * cosine_distance) : cosine_distance;
}

/// Mean distance to the `count` references selected; reorders `similarities`.
/// A distance falls as its similarity rises, so the selection is made on similarities.
double mean_of_selected(std::span<float> similarities, std::size_t count,
                        const ScoringOptions& options) {
    const auto chosen = similarities.first(count);
    const auto last = chosen.end();
    if (options.select == Select::closest) {
        std::nth_element(similarities.begin(), last - 1, similarities.end(), std::greater{});
    } else {
        std::nth_element(similarities.begin(), last - 1, similarities.end(), std::less{});
    }
    std::ranges::sort(chosen, std::greater{});  // Ascending distances.
    double sum = 0;
    for (const float s : chosen) { sum += distance(s, options.distance); }
    return sum / static_cast<double>(count);
}

/// The references that query `query` is compared with: the first `references`, less itself.
std::vector<std::size_t> references_of(const MatchTensor& matches, std::size_t query,
                                       std::size_t references) {
    std::vector<std::size_t> others;
    for (std::size_t r = 0; r < references; ++r) {
        if (matches.reference_ids[r] != matches.query_ids[query]) { others.push_back(r); }
    }
    return others;
}

/// Similarities of patches `[first, last)` of one query, reference by reference in each patch.
/// Shape: `out[last - first, others]`.
void gather(const MatchTensor& matches, std::size_t query, std::span<const std::size_t> others,
            std::size_t first, std::size_t last, std::span<float> out) {
    for (std::size_t r = 0; r < others.size(); ++r) {
        const auto row = matches.row(query, others[r]);
        for (std::size_t patch = first; patch < last; ++patch) {
            require<DataError>(!std::isnan(row[patch]), "the similarity of '",
                               matches.query_ids[query], "' and '",
                               matches.reference_ids[others[r]],
                               "' is not a number (the match tensor is damaged); match again");
            out[(patch - first) * others.size() + r] = row[patch];
        }
    }
}

/// m of one query. Shape: `patches[L]`.
void score_patches(const MatchTensor& matches, std::size_t query,
                   std::span<const std::size_t> others, const ScoringOptions& options,
                   std::span<float> patches) {
    require<DataError>(!others.empty(), "'", matches.query_ids[query],
                       "' has no reference but itself (of ", matches.reference_ids.size(),
                       " references); give at least one other image");
    const auto count =
        selected_count(options.reference_fraction, others.size(), options.reference_rounding);
    std::vector<float> similarities(kPatchesAtOnce * others.size());
    for (std::size_t first = 0; first < patches.size(); first += kPatchesAtOnce) {
        const auto last = std::min(first + kPatchesAtOnce, patches.size());
        gather(matches, query, others, first, last, similarities);
        for (std::size_t patch = first; patch < last; ++patch) {
            const auto of_patch =
                std::span(similarities).subspan((patch - first) * others.size(), others.size());
            patches[patch] = static_cast<float>(mean_of_selected(of_patch, count, options));
        }
    }
}

/// S: mean of the `count` largest patch scores.
float mean_of_largest(std::span<const float> patches, std::size_t count) {
    std::vector<float> sorted(count);
    std::ranges::partial_sort_copy(patches, sorted, std::greater{});
    double sum = 0;
    for (const float m : sorted) { sum += m; }
    return static_cast<float>(sum / static_cast<double>(count));
}

/// The upper left `part` of `patches`, row by row.
std::vector<float> own_patches(std::span<const float> patches, Grid grid, Grid part) {
    std::vector<float> own;
    own.reserve(static_cast<std::size_t>(part.size()));
    for (int row = 0; row < part.rows; ++row) {
        const auto begin = static_cast<std::size_t>(row) * static_cast<std::size_t>(grid.cols);
        const auto of_row = patches.subspan(begin, static_cast<std::size_t>(part.cols));
        own.insert(own.end(), of_row.begin(), of_row.end());
    }
    return own;
}

/// S of an image that has only the upper left `part` of the patches.
float image_score(std::span<const float> patches, Grid grid, Grid part, double fraction) {
    const auto count =
        selected_count(fraction, static_cast<std::size_t>(part.size()), Rounding::floor);
    return part == grid ? mean_of_largest(patches, count)
                        : mean_of_largest(own_patches(patches, grid, part), count);
}

void weight_patches(std::span<float> patches, std::span<const float> attention,
                    const Masking& masking) {
    const auto weights = mask_weights(attention, masking);
    for (std::size_t i = 0; i < patches.size(); ++i) { patches[i] *= weights[i]; }
}

}  // namespace

std::vector<float> mask_weights(std::span<const float> attention, const Masking& masking) {
    std::vector<float> weights(attention.size(), 1.0F);
    if (attention.empty()) { return weights; }
    const auto [low, high] = std::ranges::minmax(attention);
    const double range = static_cast<double>(high) - low;
    if (range == 0) { return weights; }
    for (std::size_t i = 0; i < attention.size(); ++i) {
        const double normalised = (static_cast<double>(attention[i]) - low) / range;
        if (!(normalised > masking.threshold)) { weights[i] = static_cast<float>(masking.weight); }
    }
    return weights;
}

std::size_t selected_count(double fraction, std::size_t count, Rounding rounding) {
    require<ConfigError>(fraction >= 0 && fraction <= 1, "a fraction of ", fraction,
                         " (it must lie in [0, 1]); give e.g. 0.3 for 30 %");
    const double product = fraction * static_cast<double>(count);
    // 0.07 * 100 is 7.000000000000001 in binary: what is meant is within this of it.
    const double guard = 1e-9 * std::max(1.0, product);
    const double rounded = rounding == Rounding::ceil    ? std::ceil(product - guard)
                           : rounding == Rounding::round ? std::floor(product + 0.5 + guard)
                                                         : std::floor(product + guard);
    return std::max(std::size_t{1}, static_cast<std::size_t>(rounded));
}

PatchScores score(const MatchTensor& matches, std::size_t references,
                  std::span<const float> attention, const ScoringOptions& options,
                  std::vector<InputShape> shapes) {
    require<DataError>(references <= matches.reference_ids.size(), references,
                       " references asked for, but only ", matches.reference_ids.size(),
                       " were matched (more shots than prompts); match more of them");
    ReferenceLists lists;
    for (std::size_t q = 0; q < matches.query_ids.size(); ++q) {
        lists.push_back(references_of(matches, q, references));
    }
    return score(matches, lists, attention, options, std::move(shapes));
}

PatchScores score(const MatchTensor& matches, const ReferenceLists& references,
                  std::span<const float> attention, const ScoringOptions& options,
                  std::vector<InputShape> shapes) {
    const auto patches = static_cast<std::size_t>(matches.grid.size());
    const auto queries = matches.query_ids.size();
    PATCHEAD_ASSERT(references.size() == queries);
    require<DataError>(!options.masking || attention.size() == queries * patches,
                       "masking needs one attention value for each of ", queries * patches,
                       " patches, not ", attention.size(),
                       " (this backbone may give none); run without masking");
    PatchScores scores{matches.grid, matches.query_ids, std::vector<float>(queries * patches),
                       std::vector<float>(queries), std::move(shapes)};
    PATCHEAD_ASSERT(scores.shapes.empty() || scores.shapes.size() == queries);
    for (std::size_t q = 0; q < queries; ++q) {
        const auto of_query = std::span(scores.patches).subspan(q * patches, patches);
        score_patches(matches, q, references[q], options, of_query);
        if (options.masking) {
            weight_patches(of_query, attention.subspan(q * patches, patches), *options.masking);
        }
        const auto own = scores.shapes.empty() ? scores.grid : scores.shapes[q].grid;
        scores.images[q] = image_score(of_query, scores.grid, own, options.patch_fraction);
    }
    return scores;
}

}  // namespace patchead
