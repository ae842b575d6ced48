#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "datasets/tree.hpp"
#include "patchead/data/dataset.hpp"

/// \file
/// \brief Comparing what lies on disk with what an index took, so that nothing is lost unsaid.

namespace patchead::inline data_detail {

/// What an index says about a tree. Paths are relative to it.
struct Taken {
    std::set<std::string, std::less<>> files;       ///< Images and masks of samples.
    std::set<std::string, std::less<>> anomalous;   ///< Of them, images of defective samples.
    std::set<std::string, std::less<>> ignored;     ///< Files and folders left out on purpose.
    std::set<std::string, std::less<>> categories;  ///< Their folders; "" is the whole tree.
};

[[nodiscard]] Taken taken_from(const Tree& tree, const DatasetIndex& index);

/// Drops what lies in no category and does not matter: other data sets, which may lie beside this
/// one, and everything if `is_whole` is false, that is if categories were chosen.
void keep_what_matters(Tree& tree, const Taken& taken, bool is_whole);

/// Images that `taken` lacks, also those of formats that are not read, folders without images and
/// folders that cannot be listed. Texts stay out. By category and reason, sorted.
[[nodiscard]] std::vector<LeftOut> find_left_out(const Tree& tree, const Taken& taken);

}  // namespace patchead::inline data_detail
