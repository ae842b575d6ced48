#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

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
    std::vector<LayerShape> layers{};  ///< That it returns beside patch embeddings, in that order.
    bool image_token = false;          ///< Whether it returns one of the whole image, at last.
    // Of packages alone:
    std::int64_t parameters = 0;  ///< 0: not stated.
    bool cut_input = false;       ///< It takes `[B, 3, rows, patch_px, cols, patch_px]`.
};

/// The description of the module in the file `module`, which is not opened, of the family `family`.
/// Throws WeightsError that names the JSON file and the key if one of the two files is missing, or
/// the JSON is malformed, lacks a key or has an unknown one, or a value cannot be.
[[nodiscard]] EncoderDescription read_description(const std::filesystem::path& module,
                                                  std::string_view family);

/// As a backbone of that family, called by it and its name in the description.
[[nodiscard]] BackboneEntry to_entry(const EncoderDescription& description,
                                     std::string_view family);

}  // namespace patchead::inline backbone_detail
