#include "h5/half.hpp"

#include <algorithm>
#include <bit>

#include "patchead/core/error.hpp"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

namespace patchead::inline cache_detail {
namespace {

constexpr std::uint32_t kMagnitude = 0x7FFFFFFF;

/// Bits of a finite float within the range of half.
std::uint16_t half_bits(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const auto magnitude = bits & kMagnitude;
    // Normal: drop 13 bits of the mantissa, half of the last kept place and the evenness of the
    // rest added before, and move the exponent's bias from 127 to 15.
    const auto normal = (magnitude + 0xFFF + ((magnitude >> 13) & 1) - 0x38000000) >> 13;
    // Subnormal (below 2^-14): the last place of 0.5 is 2^-24, the half's own; the sum rounds.
    const auto subnormal = std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude) + 0.5F) -
                           std::bit_cast<std::uint32_t>(0.5F);
    const auto rounded = magnitude < 0x38800000 ? subnormal : normal;
    return static_cast<std::uint16_t>(((bits >> 16) & 0x8000) | rounded);
}

float float_of(std::uint16_t half) {
    const std::uint32_t magnitude = (half & 0x7FFFU) << 13;
    // 2^112 moves the bias back, and makes subnormal halves normal floats; exact.
    const auto scaled = std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude) * 0x1p112F);
    const auto value = magnitude >= 0x0F800000 ? magnitude | 0x7F800000 : scaled;
    return std::bit_cast<float>(value | (half & 0x8000U) << 16);
}

#if defined(__x86_64__)
constexpr std::size_t kLanes = 8;

__attribute__((target("avx,f16c"))) std::size_t to_half_f16c(std::span<const float> from,
                                                             std::span<Half> to) {
    std::size_t at = 0;
    for (; at + kLanes <= from.size(); at += kLanes) {
        _mm_storeu_si128(
            reinterpret_cast<__m128i*>(to.data() + at),
            _mm256_cvtps_ph(_mm256_loadu_ps(from.data() + at), _MM_FROUND_TO_NEAREST_INT));
    }
    return at;
}

__attribute__((target("avx,f16c"))) std::size_t to_float_f16c(std::span<const Half> from,
                                                              std::span<float> to) {
    std::size_t at = 0;
    for (; at + kLanes <= from.size(); at += kLanes) {
        const auto halves = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from.data() + at));
        _mm256_storeu_ps(to.data() + at, _mm256_cvtph_ps(halves));
    }
    return at;
}

/// By CPUID for F16C, which Clang's __builtin_cpu_supports does not know; AVX includes the question
/// whether the system saves the wide registers.
bool find_f16c() {
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    return __builtin_cpu_supports("avx") != 0 && __get_cpuid(1, &a, &b, &c, &d) != 0 &&
           (c & bit_F16C) != 0;
}

bool has_f16c() {
    static const bool found = find_f16c();  // CPUID is slow in virtual machines.
    return found;
}
#else
std::size_t to_half_f16c(std::span<const float>, std::span<Half>) { return 0; }
std::size_t to_float_f16c(std::span<const Half>, std::span<float>) { return 0; }
bool has_f16c() { return false; }
#endif

}  // namespace

namespace portable {

void to_half(std::span<const float> from, std::span<Half> to) {
    PATCHEAD_ASSERT(from.size() == to.size());
    for (std::size_t i = 0; i < from.size(); ++i) { to[i] = Half{half_bits(from[i])}; }
}

void to_float(std::span<const Half> from, std::span<float> to) {
    PATCHEAD_ASSERT(from.size() == to.size());
    for (std::size_t i = 0; i < from.size(); ++i) {
        to[i] = float_of(static_cast<std::uint16_t>(from[i]));
    }
}

}  // namespace portable

void to_half(std::span<const float> from, std::span<Half> to) {
    const auto done = has_f16c() ? to_half_f16c(from, to) : 0;
    portable::to_half(from.subspan(done), to.subspan(done));
}

void to_float(std::span<const Half> from, std::span<float> to) {
    const auto done = has_f16c() ? to_float_f16c(from, to) : 0;
    portable::to_float(from.subspan(done), to.subspan(done));
}

std::size_t first_beyond(std::span<const float> values, float largest) {
    // As integers magnitudes keep their order, and infinity and NaN come after every number.
    const auto magnitude = [](float value) {
        return static_cast<std::int32_t>(std::bit_cast<std::uint32_t>(value) & kMagnitude);
    };
    std::int32_t most = 0;
    for (const float value : values) { most = std::max(most, magnitude(value)); }
    if (most <= magnitude(largest)) { return values.size(); }
    const auto beyond = [&](float value) { return magnitude(value) > magnitude(largest); };
    return static_cast<std::size_t>(std::ranges::find_if(values, beyond) - values.begin());
}

}  // namespace patchead::inline cache_detail
