#pragma once

#include "parts/binary_map.hpp"
#include "published/inputs.hpp"

namespace patchead::inline detectors_detail {

/// The rule of a fixture's parameters.
[[nodiscard]] BinaryRule binary_rule(const nlohmann::json& parameters);

}  // namespace patchead::inline detectors_detail
