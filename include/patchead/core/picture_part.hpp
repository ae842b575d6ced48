#pragma once

/// \file
/// \brief A part of a picture.

namespace patchead {

/// A rectangle of a picture, in shares of its width and height; at first all of it.
struct PicturePart {
    double x = 0;
    double y = 0;
    double width = 1;
    double height = 1;
};

}  // namespace patchead
