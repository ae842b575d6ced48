#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

/// \file
/// \brief Randomness that is a function of names and seeds, never of rank, time or order.

namespace patchead {

/// SplitMix64 in counter mode: value i depends on the key and on i alone.
///
/// `state = fnv1a(key) xor (seed * 0x9E3779B97F4A7C15)`, then Steele, Lea and Flood's mixing of
/// `state + (i + 1) * 0x9E3779B97F4A7C15`. The same on every machine and library.
class Random {
  public:
    Random(std::string_view key, std::uint64_t seed);

    /// The next 64 random bits.
    std::uint64_t bits();

    /// Uniform in [0, bound) without bias, by rejection. Requires `bound > 0`.
    std::uint64_t below(std::uint64_t bound);

    /// Uniform in [0, 1), a multiple of 2^-53.
    double uniform();

    /// Uniform in [low, high).
    double uniform(double low, double high);

    /// Standard normal, by Box and Muller's method.
    double normal();

  private:
    std::uint64_t state_;
    std::uint64_t count_ = 0;
};

/// The numbers 0 .. n-1 in random order: Fisher-Yates from the front, so that the first k of the
/// result are a uniform sample without replacement and samples of growing k are nested.
[[nodiscard]] std::vector<std::size_t> shuffled(std::size_t n, Random random);

}  // namespace patchead
