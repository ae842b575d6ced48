#pragma once

#include <array>
#include <span>
#include <string_view>

/// \file
/// \brief The paper's backbones and what results call them. Private to the report layer.

namespace patchead::inline report_detail {

struct PaperBackbone {
    std::string_view name;     ///< In the paper's tables.
    std::string_view results;  ///< In results.
    int side_px = 0;           ///< Of its input, where a table does not vary it.
};

inline constexpr auto kPaperBackbones = std::to_array<PaperBackbone>({
#define PATCHEAD_PAPER_BACKBONE(name, results, side_px) {name, results, side_px},
#include "paper/backbones.def"
#undef PATCHEAD_PAPER_BACKBONE
});

[[nodiscard]] inline std::span<const PaperBackbone> paper_backbones() { return kPaperBackbones; }

}  // namespace patchead::inline report_detail
