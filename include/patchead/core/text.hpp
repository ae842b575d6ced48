#pragma once

#include <algorithm>
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

/// Adds `item` unless it is there: what a list has twice counts once.
template <class Item>
void append_new(const Item& item, std::vector<Item>& items) {
    if (std::ranges::find(items, item) == items.end()) { items.push_back(item); }
}

}  // namespace patchead
