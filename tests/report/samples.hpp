#pragma once

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string>
#include <utility>

#include "patchead/results/results.hpp"

namespace patchead {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// A point of data set "d" with backbone "net" at 224 px, few-shot with one shot.
inline ResultRow point(std::string category, std::int64_t seed) {
    ResultRow row;
    row.dataset = "d";
    row.category = std::move(category);
    row.backbone = "net";
    row.image_size = 224;
    row.setting = "few-shot";
    row.shots = 1;
    row.seed = seed;
    row.modules = "none";
    return row;
}

/// The same with one value of metric "M".
inline ResultRow measured(std::string category, std::int64_t seed, double value,
                          std::string reason = {}) {
    auto row = point(std::move(category), seed);
    row.metrics = {{"M", value, std::move(reason)}};
    return row;
}

/// Results of metric "M".
inline Results results_of(std::vector<ResultRow> rows, std::vector<MissingRow> missing = {}) {
    return {.provenance = {},
            .rows = std::move(rows),
            .missing = std::move(missing),
            .metric_names = {"M"}};
}

}  // namespace patchead
