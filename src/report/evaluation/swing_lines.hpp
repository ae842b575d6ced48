#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "evaluation/method_name.hpp"

/// \file
/// \brief How far a convention moves a metric, and which methods change places. Private to the
/// report layer.

namespace patchead::inline report_detail {

/// One way to read the maps: the results that it gave.
struct MapReading {
    std::string value;
    const RunsByDataset* runs = nullptr;
    std::string metric{};  ///< Read in the place of AUPRO; empty: the metric itself.
};

/// Several ways that differ in one convention, the base's first.
struct Convention {
    std::string name;
    std::vector<MapReading> readings;
};

/// One method under each reading.
struct MethodCells {
    Configuration method;
    std::vector<Cell> cells;  ///< All have means.
};

/// Two methods that change places.
struct ChangedPair {
    std::size_t ahead;  ///< Places in `SwingLine::methods`: who is ahead in the base,
    std::size_t behind;
    std::size_t reading;   ///< and behind in this one.
    double base_lead = 0;  ///< Above 0.
    double lead = 0;       ///< Below 0.
    bool is_sure = false;  ///< Both leads are beyond `tolerance`.
};

/// A convention and a metric.
struct SwingLine {
    std::vector<MethodCells> methods;
    std::size_t left_out = 0;  ///< Methods of the base that lack a value.

    [[nodiscard]] bool moves() const;                        ///< Any value of any method.
    [[nodiscard]] std::vector<double> means() const;         ///< Over methods, by reading.
    [[nodiscard]] double base_spread() const;                ///< Mean std over seeds in the base.
    [[nodiscard]] bool has_spread() const;                   ///< Whether there are several seeds.
    [[nodiscard]] std::size_t pairs() const;                 ///< Of the same setting and shots.
    [[nodiscard]] std::vector<ChangedPair> changed() const;  ///< By reading, then pair.
};

/// The range of one method over the readings.
[[nodiscard]] double range_of(const MethodCells& method);

/// Methods that have `metric` in each of `datasets` under each reading.
[[nodiscard]] SwingLine swing_line(const Convention& convention,
                                   const std::vector<std::string>& datasets,
                                   const std::string& metric, Spread spread);

}  // namespace patchead::inline report_detail
