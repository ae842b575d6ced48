#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "patchead/core/options.hpp"
#include "patchead/core/types.hpp"

/// \file
/// \brief Which images are prompts, and which images make a batch. Functions of names and seeds.

namespace patchead {

/// A line of `--prompts FILE`.
struct ExplicitPrompt {
    std::string dataset;
    std::string category;
    std::string image;  ///< Path relative to the category's folder or the data set's, '/' between.
};

/// Lines `dataset<TAB>category<TAB>relative image path`; empty lines and `#` comments are skipped.
/// Throws ConfigError with `file` and the line number if a line is not of that form.
[[nodiscard]] std::vector<ExplicitPrompt> parse_prompts(std::string_view text,
                                                        const std::string& file);

/// Prompts of one category: numbers of `samples`, in the order in which shots take them.
///
/// Candidates are the normal training images sorted by id; Fisher-Yates keyed by data set, category
/// and seed picks `count` without replacement, so that N shots are the first N of more shots.
/// Of objects seen in several views (`Sample::group`) it picks objects, and takes the views of each
/// in the order of their ids; one of which a view is tested is none of the candidates.
/// Throws DataError if there are fewer candidates than `count`.
[[nodiscard]] std::vector<std::size_t> sample_prompts(std::span<const Sample> samples,
                                                      const std::string& dataset,
                                                      const std::string& category,
                                                      std::uint64_t seed, std::size_t count);

/// The candidates of one category, sorted by id: the prompts of `--shots all`.
/// Throws DataError if there are none.
[[nodiscard]] std::vector<std::size_t> training_set(std::span<const Sample> samples,
                                                    const std::string& dataset,
                                                    const std::string& category);

/// The prompts that `prompts` names for one category, in its order, the first `count`.
/// Throws ConfigError if one is no image of that category, or if there are fewer than `count`.
[[nodiscard]] std::vector<std::size_t> named_prompts(std::span<const Sample> samples,
                                                     std::span<const ExplicitPrompt> prompts,
                                                     const std::string& dataset,
                                                     const std::string& category,
                                                     std::size_t count);

/// One batch of batch zero-shot: places in the list of test images.
struct Batch {
    std::vector<std::size_t> members;
    std::size_t owned =
        0;  ///< The first `owned` are scored here; the rest only serve as references.
};

/// Batches that score each of `count` images once, in label-blind seeded order (sorted order mixes
/// no defect types: folders are sorted by defect).
///
/// A size of 0, or one not below `count`, makes one batch of all.
///  * refill: a short last batch is filled up with already scored images as references
///  * short_last: it stays short
///  * balanced: sizes differ by at most one
[[nodiscard]] std::vector<Batch> make_batches(std::size_t count, const BatchOptions& options,
                                              const std::string& dataset,
                                              const std::string& category, std::uint64_t seed);

/// The versions of each prompt that `copies` names, in the order in which they are references.
[[nodiscard]] std::vector<Version> fixed_versions(ReferenceCopies copies);

}  // namespace patchead
