#include "bound_counter.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <numeric>
#include <utility>

#include <omp.h>

#include "float_key.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/vectorised.hpp"

namespace patchead::inline metrics_detail {
namespace {

constexpr std::size_t kBins = std::size_t{1} << 14;
constexpr std::size_t kParts = 256;  // Few enough that dividing writes to lines in the cache.
constexpr std::size_t kFewBounds = std::size_t{1} << 18;  // Their slots and counts are near.
constexpr std::size_t kFewKeys = std::size_t{1} << 16;
constexpr std::size_t kManyKeys = std::size_t{1} << 22;  // 16 MB.

PATCHEAD_VECTORISED void keys_of(std::span<const float> scores, std::uint32_t* keys) {
    for (std::size_t i = 0; i < scores.size(); ++i) { keys[i] = descending_key(scores[i]); }
}

}  // namespace

BoundCounter::BoundCounter(std::vector<std::uint32_t> bounds)
    : bounds_(std::move(bounds)),
      workers_(static_cast<std::size_t>(omp_get_max_threads())),
      totals_(2 * bounds_.size() + 2) {
    for (auto& worker : workers_) { worker.counts.resize(totals_.size()); }
    constexpr auto kAboveAll = std::numeric_limits<std::uint32_t>::max();
    PATCHEAD_ASSERT(bounds_.empty() || bounds_.back() < kAboveAll);
    if (!bounds_.empty()) {
        low_ = bounds_.front();
        high_ = bounds_.back();
    }
    // So many that walking through all bounds once costs little.
    at_once_ = std::clamp(8 * bounds_.size(), kFewKeys, kManyKeys);
    bounds_.push_back(kAboveAll);
    divide_bounds();
}

void BoundCounter::divide_bounds() {
    while (((high_ - low_) >> bin_shift_) >= kBins) { ++bin_shift_; }
    const std::uint32_t bins = ((high_ - low_) >> bin_shift_) + 1;
    const auto end_of = [&](std::uint32_t bin) {
        return std::uint64_t{low_} + ((std::uint64_t{bin} + 1) << bin_shift_);
    };
    const auto all = bounds().size();
    const auto in_part = all / kParts + 1;
    part_of_bin_.reserve(bins);
    std::uint64_t low = low_;
    std::size_t first = 0;
    std::size_t last = 0;
    for (std::uint32_t bin = 0; bin < bins; ++bin) {
        part_of_bin_.push_back(static_cast<std::uint16_t>(parts_.size()));
        while (last < all && bounds_[last] < end_of(bin)) { ++last; }
        if (last - first >= in_part || bin + 1 == bins) {
            add_part(low, end_of(bin), static_cast<std::uint32_t>(first),
                     static_cast<std::uint32_t>(last));
            low = end_of(bin);
            first = last;
        }
    }
}

/// Keys in [low, end), among which bounds `first` to before `last` are.
void BoundCounter::add_part(std::uint64_t low, std::uint64_t end, std::uint32_t first,
                            std::uint32_t last) {
    std::uint32_t shift = 0;
    const auto wanted = std::bit_ceil(2 * std::uint64_t{last - first} + 1);
    while (((end - low - 1) >> shift) >= wanted) { ++shift; }
    parts_.push_back(
        {static_cast<std::uint32_t>(low), shift, static_cast<std::uint32_t>(slots_.size())});
    auto bound = first;
    for (auto start = low; start < end; start += std::uint64_t{1} << shift) {
        while (bounds_[bound] < start) { ++bound; }
        slots_.push_back(bound);
    }
}

const BoundCounter::Part& BoundCounter::part_of(std::uint32_t key) const {
    return parts_[part_of_bin_[(std::clamp(key, low_, high_) - low_) >> bin_shift_]];
}

/// In the counts.
std::size_t BoundCounter::place_of(const Part& part, std::uint32_t key) const {
    const auto slot = (std::clamp(key, low_, high_) - part.low) >> part.shift;
    std::size_t bound = slots_[part.first_slot + slot];
    bound += bounds_[bound] < key ? 1 : 0;  // As often as not: no jump, which would be guessed.
    while (bounds_[bound] < key) { ++bound; }
    return 2 * bound + (bounds_[bound] == key ? 1 : 0);
}

void BoundCounter::add(std::span<const float> scores) {
    if (keys_.capacity() == 0) { keys_.reserve(at_once_); }
    while (!scores.empty()) {
        const auto size = keys_.size();
        const auto some = scores.first(std::min(scores.size(), at_once_ - size));
        keys_.resize(size + some.size());
        keys_of(some, keys_.data() + size);
        scores = scores.subspan(some.size());
        if (keys_.size() == at_once_) { count_collected(); }
    }
}

void BoundCounter::count_collected() {
    if (counted_ + keys_.size() > std::numeric_limits<std::uint32_t>::max()) { add_up(); }
    counted_ += keys_.size();
    const std::span<const std::uint32_t> keys(keys_);
    const auto share = keys.size() / workers_.size() + 1;
#pragma omp parallel for num_threads(static_cast <int>(workers_.size())) schedule(static)
    for (std::size_t i = 0; i < workers_.size(); ++i) {
        const auto first = std::min(i * share, keys.size());
        const auto some = keys.subspan(first, std::min(share, keys.size() - first));
        if (bounds_.size() > kFewBounds) {
            count_by_part(some, workers_[i]);
        } else {
            count_each(some, workers_[i]);
        }
    }
    keys_.clear();
}

void BoundCounter::count_each(std::span<const std::uint32_t> keys, Worker& worker) const {
    for (const auto key : keys) { ++worker.counts[place_of(part_of(key), key)]; }
}

void BoundCounter::count_by_part(std::span<const std::uint32_t> keys, Worker& worker) const {
    std::vector<std::size_t> ends(parts_.size() + 1);
    const auto number_of = [&](std::uint32_t key) {
        return static_cast<std::size_t>(&part_of(key) - parts_.data());
    };
    for (const auto key : keys) { ++ends[number_of(key) + 1]; }
    std::partial_sum(ends.begin(), ends.end(), ends.begin());
    worker.divided.resize(keys.size());
    for (const auto key : keys) { worker.divided[ends[number_of(key)]++] = key; }
    std::size_t first = 0;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        const auto part = parts_[i];
        for (; first < ends[i]; ++first) { ++worker.counts[place_of(part, worker.divided[first])]; }
    }
}

void BoundCounter::add_up() {
    for (auto& [counts, divided] : workers_) {
        for (std::size_t i = 0; i < counts.size(); ++i) { totals_[i] += counts[i]; }
        std::ranges::fill(counts, 0U);
    }
    counted_ = 0;
}

BoundCounter::Counts BoundCounter::take() {
    count_collected();
    add_up();
    const auto size = bounds().size();
    Counts counts{std::vector<std::int64_t>(size), std::vector<std::int64_t>(size)};
    for (std::size_t i = 0; i < size; ++i) {
        counts.all += totals_[2 * i];
        counts.below[i] = counts.all;
        counts.equal[i] = totals_[2 * i + 1];
        counts.all += counts.equal[i];
    }
    counts.all += totals_[2 * size];
    std::ranges::fill(totals_, 0);
    return counts;
}

}  // namespace patchead::inline metrics_detail
