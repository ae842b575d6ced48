#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
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
    /// What classes are called in sentences, by "data set/category" or "category", where that is
    /// not the category with blanks for underscores.
    std::map<std::string, std::string> classes{};
    std::string digest{};  ///< SHA-256 of the file: what was said, for results and keys.
};

/// Reads sections `[normal]`, `[anomalous]` and `[templates]`, an item a line, and maybe
/// `[classes]` with lines `data set/category = words`; empty lines and those that begin with `#`
/// are left out. Throws DataError that names file and line for anything else, an empty section of
/// the first three, an item without exactly one `{}`, or a class that is named twice.
[[nodiscard]] PromptSet read_prompt_set(const std::filesystem::path& file);

/// The file of prompt set `name`: a file of the user's own, or one that comes with the program
/// (`configs/prompts/<name>.txt`). Throws DataError if it is neither.
[[nodiscard]] std::filesystem::path find_prompt_set(const std::string& name);

/// What `set` calls a category: "metal_nut" is "metal nut" unless it says otherwise.
[[nodiscard]] std::string class_name(const PromptSet& set, std::string_view dataset,
                                     std::string_view category);

/// For each of `states` and each template in turn, the sentence about `class_name`.
[[nodiscard]] std::vector<std::string> sentences(const std::vector<std::string>& states,
                                                 const std::vector<std::string>& templates,
                                                 const std::string& class_name);

}  // namespace patchead
