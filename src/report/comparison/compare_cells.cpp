#include "comparison/compare_cells.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "text/tolerance.hpp"

namespace patchead::inline report_detail {
namespace {

/// Removes the seeds of `means` that `others` lacks.
void keep_seeds_of(const SeedMeans& others, SeedMeans& means) {
    const auto is_alone = [&](const auto& entry) { return !others.values.contains(entry.first); };
    std::erase_if(means.values, is_alone);
    std::erase_if(means.resamples, is_alone);
}

/// The resamples of both are of the same images, one by one.
void add_interval(const SeedMeans& one, const SeedMeans& other, Comparison& comparison) {
    const auto subtrahends = resampled_means(one);
    auto differences = resampled_means(other);
    if (differences.empty() || differences.size() != subtrahends.size()) { return; }
    for (std::size_t i = 0; i < differences.size(); ++i) { differences[i] -= subtrahends[i]; }
    comparison.p = significance(differences);
    comparison.interval = percentile_interval(std::move(differences));
}

}  // namespace

Comparison compare_cells(const RunPair& runs, const std::set<std::string>& categories,
                         const std::string& metric, std::vector<std::string> labels,
                         Spread spread) {
    auto one = seed_means(runs.one, categories, metric);
    auto other = seed_means(runs.other, categories, metric);
    keep_seeds_of(other, one);
    keep_seeds_of(one, other);
    Comparison comparison;
    comparison.labels = std::move(labels);
    comparison.metric = metric;
    comparison.one = make_cell(one, spread);
    comparison.other = make_cell(other, spread);
    if (!comparison.one.mean || !comparison.other.mean) {
        comparison.note = one.note.empty() ? other.note : one.note;
        if (comparison.note.empty()) { comparison.note = "no seed in common"; }
        return comparison;
    }
    if (one.categories != other.categories || one.note != other.note) {
        comparison.note =
            fmt::format("not over the same values: {}", one.note.empty() ? other.note : one.note);
        return comparison;
    }
    comparison.note = one.note;
    comparison.difference = *comparison.other.mean - *comparison.one.mean;
    add_interval(one, other, comparison);
    return comparison;
}

bool is_sure(const Comparison& comparison) {
    if (!comparison.difference || !comparison.note.empty()) { return false; }
    if (std::min(comparison.one.seeds, comparison.other.seeds) < 2 && !comparison.p) {
        return false;
    }
    return std::abs(*comparison.difference) > tolerance(comparison.one.std, comparison.other.std) &&
           (!comparison.p || *comparison.p < 0.05);
}

std::vector<std::string> comparison_footnotes(const std::optional<BootstrapOptions>& options) {
    if (!options) { return {}; }
    return {fmt::format(
        "Interval: 95 % of the difference over the test images, which are resampled together ({} "
        "resamples, seed {}); p: two-sided. Neither is corrected for the number of comparisons.",
        options->resamples, options->seed)};
}

}  // namespace patchead::inline report_detail
