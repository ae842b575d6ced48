#include "patchead/core/random.hpp"

#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

#include "patchead/core/digest.hpp"
#include "patchead/core/error.hpp"

namespace patchead {
namespace {
constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15;
}

Random::Random(std::string_view key, std::uint64_t seed) : state_(fnv1a(key) ^ (seed * kGolden)) {}

std::uint64_t Random::bits() {
    std::uint64_t z = state_ + ++count_ * kGolden;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
}

std::uint64_t Random::below(std::uint64_t bound) {
    PATCHEAD_ASSERT(bound > 0);
    const std::uint64_t rejected = -bound % bound;  // 2^64 mod bound
    for (;;) {
        const auto value = bits();
        if (value >= rejected) { return value % bound; }
    }
}

double Random::uniform() { return static_cast<double>(bits() >> 11) * 0x1.0p-53; }

double Random::uniform(double low, double high) { return low + (high - low) * uniform(); }

double Random::normal() {
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    return radius * std::cos(2 * std::numbers::pi * uniform());
}

std::vector<std::size_t> shuffled(std::size_t n, Random random) {
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = 0; i + 1 < n; ++i) {
        std::swap(order[i], order[i + static_cast<std::size_t>(random.below(n - i))]);
    }
    return order;
}

}  // namespace patchead
