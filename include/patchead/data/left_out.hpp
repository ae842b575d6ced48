#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

/// \file
/// \brief What lies in a data set's folder and is no part of its index.

namespace patchead {

/// Files or folders that the index passed over, of one category and for one reason.
struct LeftOut {
    std::string where;                  ///< The category; the folder, if it is none; may be empty.
    std::string unit;                   ///< What is counted: "image" or "folder".
    std::string why;                    ///< Follows "N images left out, ".
    std::string mend;                   ///< What to do.
    std::size_t count = 0;              ///< At least one.
    std::vector<std::string> examples;  ///< Up to three paths, relative to the data set.

    bool operator==(const LeftOut&) const = default;
};

/// One sentence with where, count, reason, examples and mend.
[[nodiscard]] std::string describe(const LeftOut& left_out);

/// One short sentence for each reason, with count and one example.
[[nodiscard]] std::vector<std::string> summarise(std::span<const LeftOut> left_out);

}  // namespace patchead
