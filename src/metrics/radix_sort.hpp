#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

/// \file
/// \brief Sorting by a 32-bit key in linear time.

namespace patchead::inline metrics_detail {

/// Sorts `items` by `key(item)`, ascending; equal keys keep their order. `scratch` is overwritten.
/// Source: Knuth, The Art of Computer Programming 3, 5.2.5 (least significant digit first).
template <class Item, class Key>
void radix_sort(std::vector<Item>& items, std::vector<Item>& scratch, Key key) {
    constexpr std::size_t kDigits = 3;
    constexpr std::size_t kBits = 11;  // Of a digit: its counts stay in the first-level cache.
    constexpr std::size_t kBase = std::size_t{1} << kBits;
    const auto digit = [&](const Item& item, std::size_t place) {
        return (std::size_t{key(item)} >> (kBits * place)) % kBase;
    };
    std::array<std::array<std::uint32_t, kBase>, kDigits> counts{};
    for (const auto& item : items) {
        for (std::size_t place = 0; place < kDigits; ++place) {
            ++counts[place][digit(item, place)];
        }
    }
    scratch.resize(items.size());
    for (std::size_t place = 0; place < kDigits; ++place) {
        // From here on where the next item with a digit goes.
        std::exclusive_scan(counts[place].begin(), counts[place].end(), counts[place].begin(), 0U);
        for (const auto& item : items) { scratch[counts[place][digit(item, place)]++] = item; }
        items.swap(scratch);
    }
}

}  // namespace patchead::inline metrics_detail
