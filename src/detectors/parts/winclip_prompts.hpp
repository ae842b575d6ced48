#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// \file
/// \brief WinCLIP's prompts: states of an object, put into templates. Private to the detectors
/// layer.

namespace patchead::inline detectors_detail {

/// {} stands for the name of the class.
[[nodiscard]] std::span<const std::string_view> winclip_normal_states();
[[nodiscard]] std::span<const std::string_view> winclip_anomalous_states();
/// {} stands for a state. One is there twice, as published; so it weighs twice in the mean.
[[nodiscard]] std::span<const std::string_view> winclip_templates();

/// For each state each template. The class name is used as it is, underscores and all.
[[nodiscard]] std::vector<std::string> winclip_prompts(std::span<const std::string_view> states,
                                                       std::string_view class_name);

}  // namespace patchead::inline detectors_detail
