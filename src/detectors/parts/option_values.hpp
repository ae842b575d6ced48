#pragma once

#include <string>
#include <vector>

#include "patchead/detectors/detector.hpp"

/// \file
/// \brief Values of a detector's options. Private to the detectors layer.
///
/// Each throws ConfigError that names option, value and mend; `options` is complete.

namespace patchead::inline detectors_detail {

/// A whole number of at least `least`.
[[nodiscard]] int whole(const DetectorOptions& options, const std::string& name, int least);
/// A number from `least` to `most`.
[[nodiscard]] double real(const DetectorOptions& options, const std::string& name, double least,
                          double most);
/// Whole numbers joined by commas, each at least `least`, at least one.
[[nodiscard]] std::vector<int> wholes(const DetectorOptions& options, const std::string& name,
                                      int least);
/// yes or no.
[[nodiscard]] bool yes(const DetectorOptions& options, const std::string& name);
/// One of `words`.
[[nodiscard]] std::string word(const DetectorOptions& options, const std::string& name,
                               const std::vector<std::string>& words);

}  // namespace patchead::inline detectors_detail
