#pragma once

#include <map>
#include <string>
#include <vector>

#include "patchead/data/dataset.hpp"
#include "patchead/data/file_findings.hpp"
#include "patchead/setup/sweep_request.hpp"

/// \file
/// \brief The samples of a sweep: indexed, from a manifest, or from a user's own folders. Private
/// to the setup layer.

namespace patchead::inline setup_detail {

struct SweepData {
    std::vector<Sample> samples;                    ///< Data set by data set, sorted by id.
    std::map<std::string, std::string> id_digests;  ///< By data set.
    std::vector<std::string> notes;                 ///< For the user.
};

/// The categories of `dataset` that are asked for: "screw" is meant for every data set,
/// "mvtec/screw" for one. Empty: all.
[[nodiscard]] std::vector<std::string> categories_of(const DataRequest& request,
                                                     const std::string& dataset);

/// Throws ConfigError or DataError that names what is missing or wrong.
[[nodiscard]] SweepData find_data(const DataRequest& request);

/// Digests the files of `needed` samples, on `threads` threads. Throws DataError if one is not the
/// file that a manifest froze.
void digest_needed(std::vector<Sample>& samples, const std::vector<std::size_t>& needed,
                   int threads);

/// Fills in the sizes of the images of `needed` samples. Throws DataError that names a file that
/// cannot be read.
void size_needed(std::vector<Sample>& samples, const std::vector<std::size_t>& needed, int threads);

/// What is odd inside the files of `needed` samples, of which a few are read.
[[nodiscard]] std::vector<std::string> look_at_needed(const std::vector<Sample>& samples,
                                                      const std::vector<std::size_t>& needed,
                                                      const LookOptions& options);

}  // namespace patchead::inline setup_detail
