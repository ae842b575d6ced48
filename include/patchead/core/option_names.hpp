#pragma once

#include <optional>
#include <span>
#include <stdexcept>
#include <string_view>

#include "patchead/core/options.hpp"
#include "patchead/core/registry.hpp"

/// \file
/// \brief The words that stand for options on command lines, in keys and in results.

namespace patchead {

template <class E>
struct OptionName {
    std::string_view name;
    E value;
};

/// The words of each enumeration; the argument only picks the overload.
[[nodiscard]] std::span<const OptionName<Filter>> option_names(Filter);
[[nodiscard]] std::span<const OptionName<CacheType>> option_names(CacheType);
[[nodiscard]] std::span<const OptionName<Resize>> option_names(Resize);
[[nodiscard]] std::span<const OptionName<PatchFit>> option_names(PatchFit);
[[nodiscard]] std::span<const OptionName<TokenForm>> option_names(TokenForm);
[[nodiscard]] std::span<const OptionName<Reduce>> option_names(Reduce);
[[nodiscard]] std::span<const OptionName<Select>> option_names(Select);
[[nodiscard]] std::span<const OptionName<Rounding>> option_names(Rounding);
[[nodiscard]] std::span<const OptionName<Reading>> option_names(Reading);
[[nodiscard]] std::span<const OptionName<Distance>> option_names(Distance);
[[nodiscard]] std::span<const OptionName<Setting>> option_names(Setting);
[[nodiscard]] std::span<const OptionName<AlignEstimator>> option_names(AlignEstimator);
[[nodiscard]] std::span<const OptionName<AlignModel>> option_names(AlignModel);
[[nodiscard]] std::span<const OptionName<AlignBorder>> option_names(AlignBorder);
[[nodiscard]] std::span<const OptionName<AlignWarp>> option_names(AlignWarp);
[[nodiscard]] std::span<const OptionName<ZeroAlign>> option_names(ZeroAlign);
[[nodiscard]] std::span<const OptionName<MaskResize>> option_names(MaskResize);
[[nodiscard]] std::span<const OptionName<MaskSource>> option_names(MaskSource);
[[nodiscard]] std::span<const OptionName<Interpolation>> option_names(Interpolation);
[[nodiscard]] std::span<const OptionName<ReferenceCopies>> option_names(ReferenceCopies);
[[nodiscard]] std::span<const OptionName<BatchOrder>> option_names(BatchOrder);
[[nodiscard]] std::span<const OptionName<CompanyOrder>> option_names(CompanyOrder);
[[nodiscard]] std::span<const OptionName<BatchRemainder>> option_names(BatchRemainder);
[[nodiscard]] std::span<const OptionName<FuseRule>> option_names(FuseRule);
[[nodiscard]] std::span<const OptionName<FuseCalibration>> option_names(FuseCalibration);

/// The word for `value`.
template <class E>
[[nodiscard]] std::string_view name_of(E value) {
    for (const auto& entry : option_names(value)) {
        if (entry.value == value) { return entry.name; }
    }
    throw std::logic_error("an option has no name");
}

/// What `word` stands for; nothing if it is no such word.
template <class E>
[[nodiscard]] std::optional<E> option_called(std::string_view word) {
    for (const auto& entry : option_names(E{})) {
        if (entry.name == word) { return entry.value; }
    }
    return std::nullopt;
}

/// What `word` stands for. Throws ConfigError that lists the words of option `kind`.
template <class E>
[[nodiscard]] E parse_option(std::string_view kind, std::string_view word) {
    return find(option_names(E{}), kind, word).value;
}

}  // namespace patchead
