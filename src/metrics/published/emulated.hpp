#pragma once

#include <cmath>
#include <utility>

#include "argument.hpp"
#include "evidence.hpp"
#include "published/all_pixels.hpp"

/// \file
/// \brief What all emulated metrics do first and last. Private to the metrics layer.

namespace patchead::inline metrics_detail {

/// `value()`, unless a class is missing or it is not a number (implementations divide by 0).
template <class Value>
[[nodiscard]] Quantity emulated(const Evidence& evidence, Value value) {
    if (auto reason = missing_class(evidence.pixels.ranking); !reason.empty()) {
        return Quantity::undefined(std::move(reason));
    }
    const double number = value();
    return std::isfinite(number)
               ? Quantity(number)
               : Quantity::undefined("the published implementation gives no number");
}

}  // namespace patchead::inline metrics_detail
