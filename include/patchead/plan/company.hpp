#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "patchead/core/company_options.hpp"
#include "patchead/core/types.hpp"

/// \file
/// \brief Batch zero-shot under attack: who is scored against whom, image by image.

namespace patchead {

/// Of each test image, by its place in the list of tests: the places of the others that it is
/// scored against, ascending.
using Companies = std::vector<std::vector<std::size_t>>;

/// Companies, or why a category has none.
struct CompanyDraw {
    std::shared_ptr<const Companies> companies{};  ///< Null if options ask for none.
    std::string hindrance{};                       ///< Names the category; empty: nothing hinders.
};

/// The company of each of `tests`, which are the test images of one category sorted by id. All have
/// the same number of members, k: `size` - 1, or as many as there are for every image.
///
///  * share natural, shuffled: any k others. A smaller company is a part of a larger one.
///  * share natural, by defect: the batch of k + 1 that the image falls into if the sorted tests
///    (folders are kinds of defect) are cut one after another; a short last one begins earlier.
///  * a share: floor or ceil of share * k anomalous others and normal ones for the rest. Where
///    share * k is no whole number, images take turns, anomalous and normal ones each among
///    themselves, so that the mean over either is the share as nearly as images allow.
///  * a share, by defect: the anomalous others are of the image's own kind of defect first (of a
///    normal image: of one kind that is drawn), then of the next kinds in drawn order.
///
/// A share reads labels, and so does the order by defect. Draws are a function of data set, id of
/// the image and seed: neither size nor share changes the order in which others are taken.
[[nodiscard]] CompanyDraw draw_companies(std::span<const Sample> samples,
                                         std::span<const std::size_t> tests,
                                         const CompanyOptions& options, std::uint64_t seed);

/// For keys.
[[nodiscard]] std::string digest_of(const Companies& companies);

}  // namespace patchead
