#pragma once

#include <cstddef>
#include <string>
#include <tuple>

/// \file
/// \brief How long a query took, as a run measured it. Clocks are no part of results.

namespace patchead {

/// Of all points that differ in data set, category and seed only.
struct QueryTime {
    std::string backbone;
    std::string image_size;  ///< As results have it: "448" or "224+448-mean".
    std::string setting;     ///< As in ResultRow.
    int shots = 0;           ///< kAllShots of full-shot.
    std::string modules;
    std::string detector;
    double network_ms = 0;    ///< The network's part of a query.
    double scoring_ms = 0;    ///< From features to scores.
    std::size_t queries = 0;  ///< That were timed.
    std::string machine{};    ///< Processor or GPU, and threads.

    /// What points it is about.
    [[nodiscard]] auto points() const {
        return std::tie(backbone, image_size, setting, shots, modules, detector);
    }
};

}  // namespace patchead
