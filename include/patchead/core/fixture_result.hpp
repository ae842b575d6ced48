#pragma once

#include <algorithm>
#include <string>
#include <vector>

/// \file
/// \brief What came of running a golden fixture: inputs and what a published implementation makes
/// of them.

namespace patchead {

/// One output, of this program and of the published implementation.
struct ComparedOutput {
    std::string name;
    double difference = 0;  ///< Largest absolute one; NaN if there is one.
    double tolerance = 0;
};

struct FixtureResult {
    std::string name;  ///< "folder/file", then what was run differently.
    std::vector<ComparedOutput> outputs{};
    std::vector<std::string> left_out{};  ///< Outputs that nothing here gives.
    std::string error{};                  ///< Why it could not be run; empty if it ran.
};

/// Not if there is NaN.
[[nodiscard]] inline bool passed(const ComparedOutput& output) {
    return output.difference <= output.tolerance;
}

[[nodiscard]] inline bool passed(const FixtureResult& result) {
    return result.error.empty() && !result.outputs.empty() &&
           std::ranges::all_of(result.outputs, [](const auto& output) { return passed(output); });
}

}  // namespace patchead
