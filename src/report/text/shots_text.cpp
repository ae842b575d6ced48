#include "text/shots_text.hpp"

#include <fmt/format.h>

#include "patchead/core/shots.hpp"

namespace patchead::inline report_detail {

std::string shots_text(std::string_view setting, int shots) {
    if (shots == kAllShots) { return std::string(kFullShot); }
    if (setting == kEachPrompt) { return "1-shot, each prompt"; }
    if (setting == kGivenMaps) { return "maps as given"; }
    return shots == 0 ? "batch zero-shot" : fmt::format("{}-shot", shots);
}

}  // namespace patchead::inline report_detail
