#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "patchead/core/plain_tensor.hpp"

/// \file
/// \brief What this program makes of the inputs of a golden fixture of a published method, with
/// every intermediate value that the fixture has.

namespace patchead {

/// A fixture's inputs. `parameters`: JSON text, the member of that name in its `config.json`.
struct PublishedCase {
    std::string method;
    std::string parameters;
    NamedTensors inputs;
};

/// Methods that can be run, as fixtures name them.
[[nodiscard]] std::vector<std::string_view> published_methods();

/// Outputs by the names that fixtures have for them.
/// Throws DataError for inputs or parameters that are missing or do not fit each other, ConfigError
/// for an unknown method.
[[nodiscard]] NamedTensors run_published(const PublishedCase& fixture);

}  // namespace patchead
