#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "patchead/plan/sampling.hpp"

/// \file
/// \brief Prompts lists, matched with the index of the data sets before work starts.

namespace patchead {

/// A number of `samples`: the image that `prompt` means, one of its category whose id or path is,
/// or ends in, `prompt.image` (whole components, '/' between). A path may be absolute, relative to
/// the working folder, or to any folder above the image; a bare file name will do. Of several the
/// one that could be drawn as a prompt (a normal training image) is meant. Throws ConfigError if
/// there is none, or if several are left.
[[nodiscard]] std::size_t find_prompt(std::span<const Sample> samples,
                                      const ExplicitPrompt& prompt);

/// The prompts of a list, each by the id of its image, and what a user should know.
struct PromptsList {
    std::vector<ExplicitPrompt> prompts;
    std::vector<std::string> notes;  ///< Lines about categories that are not in the sweep.
};

/// Looks up all lines of `text`. Throws ConfigError with `file` and line as `parse_prompts` and
/// `find_prompt`, if two lines mean one image, and if no line is about a category of `samples`.
[[nodiscard]] PromptsList read_prompts(std::string_view text, const std::string& file,
                                       std::span<const Sample> samples);

}  // namespace patchead
