#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

/// \file
/// \brief Sorting by a 32-bit key in linear time.

namespace patchead::inline metrics_detail {

/// Sorts `items` by `key(item)`, ascending; equal keys keep their order. `scratch` is overwritten.
/// Source: Knuth, The Art of Computer Programming 3, 5.2.5 (least significant digit first).
template <class Item, class Key>
void radix_sort(std::vector<Item>& items, std::vector<Item>& scratch, Key key) {
    constexpr std::size_t kDigits = 4;
    const auto digit = [&](const Item& item, std::size_t place) {
        return static_cast<std::uint8_t>(key(item) >> (8 * place));
    };
    std::array<std::array<std::size_t, 256>, kDigits> counts{};
    for (const auto& item : items) {
        for (std::size_t place = 0; place < kDigits; ++place) {
            ++counts[place][digit(item, place)];
        }
    }
    scratch.resize(items.size());
    for (std::size_t place = 0; place < kDigits; ++place) {
        std::array<std::size_t, 256> next{};  // Where the next item with this digit goes.
        for (std::size_t d = 1; d < next.size(); ++d) {
            next[d] = next[d - 1] + counts[place][d - 1];
        }
        for (const auto& item : items) { scratch[next[digit(item, place)]++] = item; }
        items.swap(scratch);
    }
}

}  // namespace patchead::inline metrics_detail
