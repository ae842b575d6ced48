#include "parts/winclip_prompts.hpp"

#include <array>

namespace patchead::inline detectors_detail {
namespace {

constexpr auto kNormalStates =
    std::to_array<std::string_view>({"{}", "flawless {}", "perfect {}", "unblemished {}",
                                     "{} without flaw", "{} without defect", "{} without damage"});
constexpr auto kAnomalousStates = std::to_array<std::string_view>(
    {"damaged {}", "{} with flaw", "{} with defect", "{} with damage"});
constexpr auto kTemplates = std::to_array<std::string_view>({
    "a cropped photo of the {}.",
    "a close-up photo of a {}.",
    "a close-up photo of the {}.",
    "a bright photo of a {}.",
    "a bright photo of the {}.",
    "a dark photo of the {}.",
    "a dark photo of a {}.",
    "a jpeg corrupted photo of the {}.",
    "a jpeg corrupted photo of the {}.",
    "a blurry photo of the {}.",
    "a blurry photo of a {}.",
    "a photo of a {}.",
    "a photo of the {}.",
    "a photo of a small {}.",
    "a photo of the small {}.",
    "a photo of a large {}.",
    "a photo of the large {}.",
    "a photo of the {} for visual inspection.",
    "a photo of a {} for visual inspection.",
    "a photo of the {} for anomaly detection.",
    "a photo of a {} for anomaly detection.",
});

/// `text` with `word` in place of {}.
std::string filled(std::string_view text, std::string_view word) {
    const auto place = text.find("{}");
    std::string result(text.substr(0, place));
    result.append(word).append(text.substr(place + 2));
    return result;
}

}  // namespace

std::span<const std::string_view> winclip_normal_states() { return kNormalStates; }

std::span<const std::string_view> winclip_anomalous_states() { return kAnomalousStates; }

std::span<const std::string_view> winclip_templates() { return kTemplates; }

std::vector<std::string> winclip_prompts(std::span<const std::string_view> states,
                                         std::string_view class_name) {
    std::vector<std::string> prompts;
    for (const auto state : states) {
        const auto named = filled(state, class_name);
        for (const auto text : kTemplates) { prompts.push_back(filled(text, named)); }
    }
    return prompts;
}

}  // namespace patchead::inline detectors_detail
