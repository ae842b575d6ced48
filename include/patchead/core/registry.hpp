#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "patchead/core/error.hpp"

/// \file
/// \brief Look-up of things by the name that configs and tables use.
///
/// A registry is a constant table, filled from a `.def` file with one line per entry.
/// Nothing registers itself before main: a linker drops such objects from a static library.

namespace patchead {

/// The word of `known` nearest to `word` by edit distance; empty if none is near enough to be
/// what was meant.
[[nodiscard]] std::string nearest_name(std::string_view word,
                                       std::span<const std::string_view> known);

/// "unknown <kind> '<name>' (did you mean '<nearest>'?); one of: a, b, c".
[[nodiscard]] std::string unknown_name(std::string_view kind, std::string_view name,
                                       std::span<const std::string_view> known);

/// The entry of `table` whose member `name` is `name`.
/// Throws ConfigError that names the nearest and lists the valid names.
template <class Entry>
[[nodiscard]] const Entry& find(std::span<const Entry> table, std::string_view kind,
                                std::string_view name) {
    std::vector<std::string_view> known;
    for (const auto& entry : table) {
        if (entry.name == name) { return entry; }
        known.emplace_back(entry.name);
    }
    throw ConfigError(unknown_name(kind, name, known));
}

}  // namespace patchead
