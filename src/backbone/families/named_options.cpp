#include "families/named_options.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "families/family.hpp"
#include "patchead/core/registry.hpp"

namespace patchead::inline backbone_detail {
namespace {

/// Those that every family of the shared transformer has.
const FamilyOption kHeads{"heads", {}};
const FamilyOption kDepth{"depth", {}};
const FamilyOption kUseAverage{"model_ema", {"false", "true"}};

std::vector<FamilyOption> all_options(const Family& family) {
    auto options = family.options;
    if (family.load != nullptr) { return options; }
    options.insert(options.end(), {kHeads, kDepth, kUseAverage});
    return options;
}

void check(const FamilyOption& option, const NamedOptions& options) {
    if (option.values.empty()) {
        if (option.is_list) {
            static_cast<void>(numbers(options, option.name));
        } else {
            static_cast<void>(positive(options, option.name, 1));
        }
        return;
    }
    const auto& value = options.at(std::string(option.name));
    require<ConfigError>(
        std::ranges::count(option.values, value) > 0,
        unknown_name(concat("value of backbone option '", option.name, "'"), value, option.values));
}

}  // namespace

NamedOptions complete(const Family& family, const NamedOptions& given) {
    const auto known = all_options(family);
    std::vector<std::string_view> names;
    names.reserve(known.size());
    for (const auto& option : known) { names.push_back(option.name); }
    require<ConfigError>(!names.empty() || given.empty(), "backbone family '", family.name,
                         "' has no named options; leave them out");
    for (const auto& [name, value] : given) {
        require<ConfigError>(std::ranges::count(names, name) > 0,
                             unknown_name("backbone option", name, names));
    }
    auto result = given;
    for (const auto& option : known) {
        if (!option.values.empty()) { result.emplace(option.name, option.values.front()); }
        check(option, result);
    }
    return result;
}

NamedOptions recorded(const Family& family, NamedOptions options) {
    for (const auto& option : family.options) {
        const bool is_usual = option.is_later && is(options, option.name, option.values.front());
        if (is_usual || option.is_of_text) { options.erase(std::string(option.name)); }
    }
    return options;
}

bool is(const NamedOptions& options, std::string_view name, std::string_view value) {
    const auto found = options.find(std::string(name));
    return found != options.end() && found->second == value;
}

int positive(const NamedOptions& options, std::string_view name, int fallback) {
    const auto found = options.find(std::string(name));
    if (found == options.end()) { return fallback; }
    const auto& text = found->second;
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    require<ConfigError>(error == std::errc{} && end == text.data() + text.size() && value > 0,
                         "backbone option ", name, "=", text,
                         " (not a whole number above 0); give one");
    return value;
}

std::vector<std::int64_t> numbers(const NamedOptions& options, std::string_view name) {
    const auto found = options.find(std::string(name));
    std::vector<std::int64_t> result;
    if (found == options.end()) { return result; }
    const auto& text = found->second;
    const auto* at = text.data();
    const auto* const end = at + text.size();
    for (bool more = true; more;) {
        std::int64_t value = 0;
        const auto [rest, error] = std::from_chars(at, end, value);
        more = rest != end;
        require<ConfigError>(error == std::errc{} && value >= 0 && (!more || *rest == '+'),
                             "backbone option ", name, "=", text,
                             " (not whole numbers joined by '+'); give e.g. 0+2");
        result.push_back(value);
        at = more ? rest + 1 : rest;
    }
    return result;
}

}  // namespace patchead::inline backbone_detail
