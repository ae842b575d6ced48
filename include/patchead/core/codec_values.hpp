#pragma once

#include <bit>
#include <charconv>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <typeinfo>
#include <vector>

#include "patchead/core/codec_parts.hpp"

/// \file
/// \brief Codecs of values whose text has no parts. Every `decode` throws std::logic_error about
/// what its counterpart did not write.

namespace patchead {

/// As it is: any bytes.
template <>
struct Codec<std::string> {
    [[nodiscard]] static std::string encode(const std::string& value) { return value; }
    [[nodiscard]] static std::string decode(std::string_view text) { return std::string(text); }
};

/// As the bytes by which the system knows it.
template <>
struct Codec<std::filesystem::path> {
    [[nodiscard]] static std::string encode(const std::filesystem::path& value) {
        return value.native();
    }
    [[nodiscard]] static std::filesystem::path decode(std::string_view text) { return text; }
};

/// "1" or "0".
template <>
struct Codec<bool> {
    [[nodiscard]] static std::string encode(bool value) { return value ? "1" : "0"; }
    [[nodiscard]] static bool decode(std::string_view text) {
        if (text != "0" && text != "1") { codec_detail::refuse(typeid(bool), text, "not 0 or 1"); }
        return text == "1";
    }
};

/// One character a flag, since there may be one for each artifact of a sweep.
template <>
struct Codec<std::vector<bool>> {
    [[nodiscard]] static std::string encode(const std::vector<bool>& flags) {
        std::string text;
        for (const bool flag : flags) { text += Codec<bool>::encode(flag); }
        return text;
    }
    [[nodiscard]] static std::vector<bool> decode(std::string_view text) {
        std::vector<bool> flags;
        for (const char& flag : text) { flags.push_back(Codec<bool>::decode({&flag, 1})); }
        return flags;
    }
};

/// In decimal.
template <std::integral T>
struct Codec<T> {
    [[nodiscard]] static std::string encode(T value) { return std::to_string(value); }
    [[nodiscard]] static T decode(std::string_view text) {
        T value{};
        const auto error = std::from_chars(text.data(), text.data() + text.size(), value).ec;
        // Comparing with what would be written also finds trailing bytes, signs and leading zeros.
        if (error != std::errc() || encode(value) != text) {
            codec_detail::refuse(typeid(T), text, "not a number in its range");
        }
        return value;
    }
};

/// As the number that its bits are, since that is exact for every value: a NaN keeps its payload.
template <std::floating_point T>
struct Codec<T> {
    using Bits =
        std::conditional_t<sizeof(T) == sizeof(std::uint32_t), std::uint32_t, std::uint64_t>;

    [[nodiscard]] static std::string encode(T value) {
        return Codec<Bits>::encode(std::bit_cast<Bits>(value));
    }
    [[nodiscard]] static T decode(std::string_view text) {
        return std::bit_cast<T>(Codec<Bits>::decode(text));
    }
};

/// As its number. That it is the number of an enumerator is not checked.
template <class T>
requires std::is_enum_v<T>
struct Codec<T> {
    using Number = std::underlying_type_t<T>;

    [[nodiscard]] static std::string encode(T value) {
        return Codec<Number>::encode(static_cast<Number>(value));
    }
    [[nodiscard]] static T decode(std::string_view text) {
        return static_cast<T>(Codec<Number>::decode(text));
    }
};

}  // namespace patchead
