#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// \file
/// \brief Named options of a backbone: what upstream does in several ways.

namespace patchead::inline backbone_detail {

struct Family;

using NamedOptions = std::map<std::string, std::string>;

/// `given`, checked, with the defaults of `family` for what is not given.
/// Throws ConfigError for an unknown name or value.
[[nodiscard]] NamedOptions complete(const Family& family, const NamedOptions& given);

/// What of the complete `options` is recorded with features and part of their keys.
[[nodiscard]] NamedOptions recorded(const Family& family, NamedOptions options);

/// Whether option `name` has the value `value`.
[[nodiscard]] bool is(const NamedOptions& options, std::string_view name, std::string_view value);

/// A whole number above zero; `fallback` if it is not given. Throws ConfigError if it is none.
[[nodiscard]] int positive(const NamedOptions& options, std::string_view name, int fallback);

/// Whole numbers joined by "+"; none if it is not given. Throws ConfigError if it is no such list.
[[nodiscard]] std::vector<std::int64_t> numbers(const NamedOptions& options, std::string_view name);

}  // namespace patchead::inline backbone_detail
