#pragma once

#include <string>
#include <string_view>

/// \file
/// \brief Formats of phones and cameras that are not read here, by name. Private to the data layer.

namespace patchead::inline data_detail {

/// Why a file that begins with `bytes` cannot be decoded, if it is of a format that is known by
/// name: "it is a HEIC picture, ..."; else empty.
[[nodiscard]] std::string foreign_format(std::string_view bytes);

/// The same by the name of a file: of formats whose beginning tells nothing (RAW files look like
/// TIFF and hold a preview).
[[nodiscard]] std::string foreign_name(std::string_view name);

}  // namespace patchead::inline data_detail
