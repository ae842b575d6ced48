#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "datasets/leftovers.hpp"
#include "datasets/tree.hpp"

/// \file
/// \brief Layouts in which people pass data sets on, recognised by their folders and names.

namespace patchead::inline data_detail {

/// A layout that was recognised below one folder.
struct Recognised {
    std::string text;         ///< Where, the layout's name, an example and the mend.
    bool is_misread = false;  ///< The index took normal images, or no images, for defective ones.

    bool operator==(const Recognised&) const = default;
};

/// All layouts of the table in `redistributed.cpp` that `tree` shows, by category.
/// `taken`: what an index took from it, null if none could be made. `expected`: the data set's own
/// tree in words (DatasetInfo::tree): what it names is no foreign layout.
[[nodiscard]] std::vector<Recognised> recognise(const Tree& tree, const Taken* taken,
                                                std::string_view expected);

}  // namespace patchead::inline data_detail
