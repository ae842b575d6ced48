#pragma once

#include <cstddef>
#include <limits>

#include "patchead/core/choices.hpp"

/// \file
/// \brief Whom a test image meets in batch zero-shot, as an option.

namespace patchead {

/// As the share of anomalies in a company: as it comes.
inline constexpr double kNaturalShare = -1;
/// As a number of images: as many as there are.
inline constexpr std::size_t kAllImages = std::numeric_limits<std::size_t>::max();

/// What each test image is scored against in batch zero-shot, where that is chosen image by image
/// from one batch of all. One member a line of core/options.def.
struct CompanyOptions {
#define PATCHEAD_COMPANY_OPTION(type, member, initial, ...) type member = initial;
#include "patchead/core/options.def"

    /// Whether it is; else a batch is what BatchOptions make.
    [[nodiscard]] bool are_asked() const { return *this != CompanyOptions{}; }
    /// Whether labels decide who meets whom.
    [[nodiscard]] bool read_labels() const {
        return share != kNaturalShare || order == CompanyOrder::defect;
    }
    bool operator==(const CompanyOptions&) const = default;
};

}  // namespace patchead
