#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "patchead/plan/sweep_spec.hpp"

/// \file
/// \brief The images of a sweep, category by category. Private to the plan layer.

namespace patchead::inline plan_detail {

/// Images of one split that are scored and not measured.
struct UnmeasuredPool {
    std::string split;
    std::vector<std::size_t> samples;  ///< Sorted by id.
};

/// The images of one category.
struct Category {
    std::string dataset;
    std::string name;
    std::vector<std::size_t> tests;            ///< Sorted by id.
    std::vector<UnmeasuredPool> unmeasured{};  ///< That are asked for, by name.
};

/// Throws DataError if a category has no test images.
[[nodiscard]] std::vector<Category> categories_of(const SweepSpec& spec);

/// The first `count` prompts of a seed: fewer shots are the first ones of more.
/// Throws DataError or ConfigError if there are too few.
[[nodiscard]] std::vector<std::size_t> prompts_of(const SweepSpec& spec, const Category& category,
                                                  std::uint64_t seed, int count);

/// Numbers of `tests` of which heat maps are wanted: one of each defect type in turn.
[[nodiscard]] std::vector<std::size_t> choose_pictures(const SweepSpec& spec,
                                                       const Category& category);

/// Numbers of `tests` whose maps are recorded, ascending: normal and anomalous ones by turns, and
/// of these one of each defect type in turn. The same at all points, so that they can be compared.
[[nodiscard]] std::vector<std::size_t> choose_recorded(const SweepSpec& spec,
                                                       const Category& category);

}  // namespace patchead::inline plan_detail
