#pragma once

#include <string>
#include <string_view>

/// \file
/// \brief The words that tables have for how many prompts there were.

namespace patchead::inline report_detail {

/// "4-shot", "full-shot", "batch zero-shot"; of rows that stand for a prompt each "1-shot, each
/// prompt", of maps that were made elsewhere "maps as given". `setting` as results call it.
[[nodiscard]] std::string shots_text(std::string_view setting, int shots);

}  // namespace patchead::inline report_detail
