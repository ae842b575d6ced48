#pragma once

#include <nlohmann/json_fwd.hpp>

#include "families/named_options.hpp"

namespace patchead::inline backbone_detail {

/// Options of a family, from the names that the `config.json` of a fixture has for them. Those
/// that its family has not are left out. Throws nlohmann::json::exception if family, heads or depth
/// are missing, ConfigError for an unknown family.
[[nodiscard]] NamedOptions fixture_options(const nlohmann::json& config);

}  // namespace patchead::inline backbone_detail
