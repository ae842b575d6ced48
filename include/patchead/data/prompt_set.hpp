#pragma once

#include <filesystem>
#include <string>
#include <vector>

/// \file
/// \brief Sentences about normal and anomalous objects, as networks with a text tower take them.

namespace patchead {

/// What a file of `configs/prompts` holds. `{}` in a state stands for the class, in a template for
/// the state. One template may stand there several times: it counts as often.
struct PromptSet {
    std::vector<std::string> normal;
    std::vector<std::string> anomalous;
    std::vector<std::string> templates;
};

/// Reads sections `[normal]`, `[anomalous]` and `[templates]`, an item a line; empty lines and
/// those that begin with `#` are left out. Throws DataError that names file and line for anything
/// else, an empty section, or an item without exactly one `{}`.
[[nodiscard]] PromptSet read_prompt_set(const std::filesystem::path& file);

/// For each of `states` and each template in turn, the sentence about `class_name`.
[[nodiscard]] std::vector<std::string> sentences(const std::vector<std::string>& states,
                                                 const std::vector<std::string>& templates,
                                                 const std::string& class_name);

}  // namespace patchead
