#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "patchead/core/types.hpp"

/// \file
/// \brief Which test image a path is meant to be of. Private to the setup layer.

namespace patchead::inline setup_detail {

/// The names by which test images may be called.
class TestNames {
  public:
    /// Those of `samples` that are test images.
    explicit TestNames(std::span<const Sample> samples);

    /// The images that `name` may be of, as numbers of the samples; none if there is none. A name
    /// is a path with '/' or '\', with or without the ending of a picture. Ways to call an image,
    /// of which the first that fits counts:
    ///  * its id, its path from the category on, or `category/defect/stem`, each also with the data
    ///    set in front; its whole path;
    ///  * `category/stem`, also with the data set in front;
    ///  * `stem`.
    [[nodiscard]] std::vector<std::size_t> find(const std::string& name) const;

  private:
    using Places = std::map<std::string, std::vector<std::size_t>>;

    Places exact_, in_category_, stems_;
};

}  // namespace patchead::inline setup_detail
