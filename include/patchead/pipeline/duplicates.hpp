#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "patchead/cache/store.hpp"
#include "patchead/plan/sweep_plan.hpp"
#include "patchead/scoring/match.hpp"

/// \file
/// \brief Images of a category that show nearly the same thing, told by their features.
///
/// The distance of two images is 1 - s, where s is the mean over the patches of one of the best
/// cosine similarity to any patch of the other, the lower one of both directions: 0 for the same
/// pixels, small for another copy or another shot of the same object. What is small is told by the
/// category itself: objects of one kind may look much alike.

namespace patchead {

struct DuplicateOptions {
    /// A pair is told if it is so many times as near as an image of the category and its nearest
    /// one usually are. In (0, 1].
    double ratio = 0.5;
    /// Of each image so many are looked at closely: those whose mean embeddings, or embeddings of
    /// images as a whole if these are stored, are nearest. At least 1.
    std::size_t neighbours = 5;
};

/// Numbers of samples, the first the lower one.
struct DuplicatePair {
    std::size_t one = 0;
    std::size_t other = 0;
    double distance = 0;
    double ratio = 0;        ///< Of `usual`.
    bool same_file = false;  ///< To the byte.
};

/// What was found in a category, nearest first.
struct CategoryDuplicates {
    std::string dataset;
    std::string category;
    std::size_t images = 0;
    /// The 75 % quantile of the distances of all images to their nearest ones. 0 where there are
    /// fewer than `kFewestToCompare` images: then only what has the same features is told.
    double usual = 0;
    std::vector<DuplicatePair> pairs;
};

inline constexpr std::size_t kFewestToCompare = 8;

/// Looks through all images of `plan`, which has features of one backbone at one size; they must be
/// in the store. A function of these features. Holds a few images at a time, and a vector of each.
/// Throws ConfigError if there are several backbones or sizes, as `Store::read_features`.
[[nodiscard]] std::vector<CategoryDuplicates> find_duplicates(const Store& store,
                                                              const SweepPlan& plan,
                                                              const DuplicateOptions& options,
                                                              const MatchEngine& engine = {});

}  // namespace patchead
