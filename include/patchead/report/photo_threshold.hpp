#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "patchead/results/photo_scores.hpp"

/// \file
/// \brief The threshold of scores of photos: a rule of threshold_rules.hpp, or a number.

namespace patchead {

/// The fewest normal photos that a threshold is made of, unless one is given as a number.
inline constexpr std::size_t kFewestForThreshold = 4;

/// Whether `word` is a number, "none" or one of the rules of report/threshold_rules.hpp, as
/// --threshold has it. Throws ConfigError that says what it could be.
void require_threshold_word(const std::string& word);

/// The scale that `word` makes of the scores of normal photos; its rule says why there is no
/// threshold, if there is none.
[[nodiscard]] PhotoScale photo_scale(const std::string& word, std::vector<float> normal_scores);

/// The number that `word` is, all of it and finite.
[[nodiscard]] std::optional<double> finite_number(const std::string& word);

}  // namespace patchead
