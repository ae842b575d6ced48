#pragma once

#include <map>
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

/// Texts, or lists of them, by the names that fixtures have for them.
using NamedTexts = std::map<std::string, std::vector<std::string>>;

/// Methods that can be run, as fixtures name them.
[[nodiscard]] std::vector<std::string_view> published_methods();

/// Outputs by the names that fixtures have for them.
/// Throws DataError for inputs or parameters that are missing or do not fit each other, ConfigError
/// for an unknown method.
[[nodiscard]] NamedTensors run_published(const PublishedCase& fixture);

/// The prompts of a method that has a text for a class of objects; none of another. Needs no
/// inputs. Throws DataError for parameters that are missing.
[[nodiscard]] NamedTexts published_texts(const PublishedCase& fixture);

}  // namespace patchead
