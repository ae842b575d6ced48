#pragma once

#include <array>
#include <filesystem>
#include <string>

#include "patchead/backbone/backbone.hpp"

namespace patchead::inline backbone_detail {

/// What the JSON file beside a module says about it: what the module itself cannot tell.
struct EncoderDescription {
    std::filesystem::path module;  ///< Absolute.
    std::filesystem::path file;    ///< The JSON file: the module's path with extension `.json`.
    std::string digest;            ///< SHA-256 of the JSON file.
    std::string name;              ///< In results; default: file name without extension.
    std::string title;             ///< Default: the name.
    std::string licence;           ///< Default: "not stated".
    std::string source;            ///< Where its weights come from; default: the module.
    int patch_px = 0;
    int prefix_tokens = 0;  ///< Class token and registers, which stand before the patches.
    int image_px = 0;       ///< Default side of the square input.
    bool fixed_size = false;
    int depth = 0;  ///< Blocks; 0: not stated.
    bool bicubic = true;
    std::array<float, 3> mean{};
    std::array<float, 3> std{};
};

/// The description of the module in the file `module`, which is not opened.
/// Throws WeightsError that names the JSON file and the key if one of the two files is missing, or
/// the JSON is malformed, lacks a key or has an unknown one, or a value cannot be.
[[nodiscard]] EncoderDescription read_description(const std::filesystem::path& module);

[[nodiscard]] BackboneEntry to_entry(const EncoderDescription& description);

}  // namespace patchead::inline backbone_detail
