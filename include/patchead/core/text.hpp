#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// \file
/// \brief Small texts that several layers write and read.

namespace patchead {

/// A time span on the clock: "00:41", "02:05:09". Negative ones count as none.
[[nodiscard]] std::string clock_text(double seconds);

/// The parts of `text` between commas, empty ones too; of an empty text one empty part.
[[nodiscard]] std::vector<std::string> split_at_commas(std::string_view text);

/// Whether lists and objects of the JSON `text` lie in each other more than `levels` deep. What
/// copies or prints JSON calls itself for each level, so a text of brackets could end the program.
[[nodiscard]] bool is_deeper_than(std::size_t levels, std::string_view text);

/// No JSON that is read here has more levels.
inline constexpr std::size_t kMostJsonLevels = 16;

/// Adds `item` unless it is there: what a list has twice counts once.
template <class Item>
void append_new(const Item& item, std::vector<Item>& items) {
    if (std::ranges::find(items, item) == items.end()) { items.push_back(item); }
}

}  // namespace patchead
