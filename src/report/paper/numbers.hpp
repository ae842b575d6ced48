#pragma once

#include <string_view>

/// \file
/// \brief The files of analysis/reference, put into the binary by CMakeLists.txt. Private to the
/// report layer.

namespace patchead::inline report_detail {

extern const std::string_view kReference;
extern const std::string_view kRecovered;
extern const std::string_view kDatasets;

}  // namespace patchead::inline report_detail
