#pragma once

#include <cstddef>
#include <string_view>

/// \file
/// \brief How deep JSON may be.

namespace patchead {

/// Whether lists and objects of the JSON `text` lie in each other more than `levels` deep. What
/// copies or prints JSON calls itself for each level, so a text of brackets could end the program.
[[nodiscard]] bool is_deeper_than(std::size_t levels, std::string_view text);

/// No JSON that is read here has more levels.
inline constexpr std::size_t kMostJsonLevels = 16;

}  // namespace patchead
