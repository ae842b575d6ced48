#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "patchead/report/paper_reference.hpp"

/// \file
/// \brief Methods that the paper quotes and that detectors here measure. Private to the report
/// layer.

namespace patchead::inline report_detail {

struct PaperRival {
    std::string_view method;    ///< In the paper's tables.
    std::string_view detector;  ///< In results.
    std::string_view note;      ///< What the two do not share; may be empty.
};

inline constexpr auto kPaperRivals = std::to_array<PaperRival>({
#define PATCHEAD_PAPER_RIVAL(method, detector, note) {method, detector, note},
#include "paper/rivals.def"
#undef PATCHEAD_PAPER_RIVAL
});

/// By its detector; null if the paper quotes no such method.
[[nodiscard]] inline const PaperRival* rival_of_detector(std::string_view detector) {
    for (const auto& rival : kPaperRivals) {
        if (rival.detector == detector) { return &rival; }
    }
    return nullptr;
}

/// By the paper's name of it; null if there is no such detector.
[[nodiscard]] inline const PaperRival* rival_of_method(std::string_view method) {
    for (const auto& rival : kPaperRivals) {
        if (rival.method == method) { return &rival; }
    }
    return nullptr;
}

}  // namespace patchead::inline report_detail
