#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// \file
/// \brief Counts of many keys at and between a few, without sorting the many.

namespace patchead::inline metrics_detail {

/// Counts keys at and between bounds, in linear time whatever the order.
///
/// The bounds' range is divided into parts that have about as many bounds each, and a part evenly
/// into slots, twice as many as it has bounds, so that a key is mostly compared with one bound or
/// two. Where bounds are many, keys are divided by parts before, for what a part needs to stay in
/// the cache. Works on as many threads as OpenMP has.
class BoundCounter {
  public:
    /// `bounds`: ascending, distinct and below 2^32 - 1.
    explicit BoundCounter(std::vector<std::uint32_t> bounds);

    /// Counts the `descending_key`s of `scores`, of which none is NaN.
    void add(std::span<const float> scores);

    /// Of all keys since the last call.
    struct Counts {
        std::vector<std::int64_t> below;  ///< Of each bound: keys that are smaller.
        std::vector<std::int64_t> equal;  ///< Of each bound.
        std::int64_t all = 0;
    };
    [[nodiscard]] Counts take();

    /// Ascending.
    [[nodiscard]] std::span<const std::uint32_t> bounds() const {
        return std::span(bounds_).first(bounds_.size() - 1);
    }

  private:
    /// Some bounds, and the slots that keys near them have.
    struct Part {
        std::uint32_t low;         ///< The smallest key.
        std::uint32_t shift;       ///< A slot has 2^shift keys.
        std::uint32_t first_slot;  ///< In `slots_`.
    };

    void divide_bounds();
    /// Of a thread.
    struct Worker {
        /// Of bound i: keys between the one before and it at 2 i, those equal to it at 2 i + 1.
        /// Small, for the cache's sake: of `counted_` keys at most.
        std::vector<std::uint32_t> counts;
        std::vector<std::uint32_t> divided;  ///< Keys by part.
    };

    void add_part(std::uint64_t low, std::uint64_t end, std::uint32_t first, std::uint32_t last);
    void count_collected();
    void count_each(std::span<const std::uint32_t> keys, Worker& worker) const;
    void count_by_part(std::span<const std::uint32_t> keys, Worker& worker) const;
    void add_up();
    [[nodiscard]] const Part& part_of(std::uint32_t key) const;
    [[nodiscard]] std::size_t place_of(const Part& part, std::uint32_t key) const;

    std::vector<std::uint32_t> bounds_;  ///< And one that is larger than any key.
    std::uint32_t low_ = 0;              ///< The first bound,
    std::uint32_t high_ = 0;             ///< and the last.
    std::uint32_t bin_shift_ = 0;
    std::vector<std::uint16_t> part_of_bin_;  ///< Bins have 2^bin_shift_ keys, from `low_` on.
    std::vector<Part> parts_;
    std::vector<std::uint32_t> slots_;  ///< Of each slot: the first bound that is not below it.
    std::vector<Worker> workers_;       ///< Counts do not depend on their number.
    std::vector<std::int64_t> totals_;  ///< Of all that is in no worker's counts any more.
    std::size_t counted_ = 0;
    std::size_t at_once_ = 0;          ///< Keys that are collected.
    std::vector<std::uint32_t> keys_;  ///< Collected, not counted.
};

}  // namespace patchead::inline metrics_detail
