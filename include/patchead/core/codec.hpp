#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <variant>
#include <vector>

#include "patchead/core/codec_parts.hpp"
#include "patchead/core/codec_values.hpp"

/// \file
/// \brief Values as text between ranks and back, checked.
///
/// `Codec<T>` has `static std::string encode(const T&)` and `static T decode(std::string_view)`.
/// A text that the counterpart did not write makes `decode` throw std::logic_error with the name of
/// the type: all ranks run the same program, so only a fault of it brings such a text. A value of
/// several parts is the texts of these, each with its length before it ("3:abc"), so that a text
/// may hold any bytes.

namespace patchead {

/// Codec of a struct by the one list of its members, in any order:
///
///     template <>
///     struct Codec<Grid> : RecordCodec<Grid, &Grid::rows, &Grid::cols> {};
///
/// An aggregate of which a member is not listed does not compile. `T` needs a default constructor.
template <class T, auto... Members>
struct RecordCodec {
    static_assert(!std::is_aggregate_v<T> || codec_detail::field_count<T>() == sizeof...(Members),
                  "list each member once: one that is left out would be lost between ranks");

    [[nodiscard]] static std::string encode(const T& value) {
        std::string text;
        (codec_detail::append(text, value.*Members), ...);
        return text;
    }
    /// Throws std::logic_error.
    [[nodiscard]] static T decode(std::string_view text) {
        codec_detail::Parts parts(text, typeid(T));
        T value{};
        (parts.read(value.*Members), ...);
        parts.require_end();
        return value;
    }
};

template <class A, class B>
struct Codec<std::pair<A, B>>
    : RecordCodec<std::pair<A, B>, &std::pair<A, B>::first, &std::pair<A, B>::second> {};

/// The value of work that has none.
template <>
struct Codec<std::monostate> : RecordCodec<std::monostate> {};

/// No part or one.
template <class T>
struct Codec<std::optional<T>> {
    [[nodiscard]] static std::string encode(const std::optional<T>& value) {
        std::string text;
        if (value) { codec_detail::append(text, *value); }
        return text;
    }
    /// Throws std::logic_error.
    [[nodiscard]] static std::optional<T> decode(std::string_view text) {
        codec_detail::Parts parts(text, typeid(std::optional<T>));
        std::optional<T> value;
        if (!parts.at_end()) { value.emplace(parts.next<T>()); }
        parts.require_end();
        return value;
    }
};

template <class T>
struct Codec<std::vector<T>> {
    [[nodiscard]] static std::string encode(const std::vector<T>& values) {
        return codec_detail::encode_each(values);
    }
    /// Throws std::logic_error.
    [[nodiscard]] static std::vector<T> decode(std::string_view text) {
        codec_detail::Parts parts(text, typeid(std::vector<T>));
        std::vector<T> values;
        while (!parts.at_end()) { values.push_back(parts.next<T>()); }
        return values;
    }
};

template <class T, std::size_t N>
struct Codec<std::array<T, N>> {
    [[nodiscard]] static std::string encode(const std::array<T, N>& values) {
        return codec_detail::encode_each(values);
    }
    /// Throws std::logic_error, also if there are not `N` values.
    [[nodiscard]] static std::array<T, N> decode(std::string_view text) {
        codec_detail::Parts parts(text, typeid(std::array<T, N>));
        std::array<T, N> values{};
        for (auto& value : values) { parts.read(value); }
        parts.require_end();
        return values;
    }
};

/// Key, value, key, value and so on.
template <class K, class V>
struct Codec<std::map<K, V>> {
    [[nodiscard]] static std::string encode(const std::map<K, V>& values) {
        std::string text;
        for (const auto& [key, value] : values) {
            codec_detail::append(text, key);
            codec_detail::append(text, value);
        }
        return text;
    }
    /// Throws std::logic_error, also if the keys do not ascend.
    [[nodiscard]] static std::map<K, V> decode(std::string_view text) {
        codec_detail::Parts parts(text, typeid(std::map<K, V>));
        std::map<K, V> values;
        while (!parts.at_end()) {
            auto key = parts.next<K>();
            if (!values.empty() && !(values.rbegin()->first < key)) {
                parts.refuse("its keys do not ascend");
            }
            values.emplace_hint(values.end(), std::move(key), parts.next<V>());
        }
        return values;
    }
};

}  // namespace patchead
