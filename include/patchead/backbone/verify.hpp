#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "patchead/backbone/backbone.hpp"

/// \file
/// \brief Golden fixtures: does a checkpoint run here as it does upstream?

namespace patchead {

/// One weights file of one fixture folder, run (once for each variant that it has) and compared.
struct VerifyCase {
    std::string name;             ///< "folder/weights file", then the option of a variant.
    double token_difference = 0;  ///< Largest absolute difference of the patch embeddings.
    double attention_difference = 0;
    std::string error;        ///< Why it could not be run; empty if it ran.
    double token_scale = 0;   ///< Largest absolute value of upstream's patch embeddings.
    double token_cosine = 1;  ///< Mean cosine of a patch embedding with upstream's.
    std::string digest{};     ///< SHA-256 of the bits of all outputs.
};

/// Tolerances of `passed`: absolute, float32 on a CPU.
inline constexpr double kTokenTolerance = 1e-4;
inline constexpr double kAttentionTolerance = 1e-5;

/// Runs every weights file (`weights*.safetensors`, `weights*.pth`) of the fixture `folder`, which
/// holds `config.json` with `family`, `inputs.safetensors` with `image` [B,3,H,W] and
/// `outputs.safetensors` with `patch_tokens` [B,L,D] and `cls_attention` [B,heads,L]. Where there
/// are outputs of a variant (`patch_tokens_proj`, `_pre_ln`, `_prenorm`, `_fp32_periods`), it is
/// run with the option that asks for it, too. Of `place`, device and precision count. Throws
/// DataError if the folder is no fixture.
[[nodiscard]] std::vector<VerifyCase> verify_fixture(const std::filesystem::path& folder,
                                                     const LoadOptions& place = {});

/// Runs a network that is loaded already on the input of the fixture `folder` instead, and compares
/// it with the outputs there; `name` stands for its weights file. Without attention of its own only
/// the patch embeddings count. Throws as `verify_fixture`.
[[nodiscard]] VerifyCase verify_encoder(const std::filesystem::path& folder,
                                        const Backbone& backbone, const std::string& name);

[[nodiscard]] bool passed(const VerifyCase& result);

}  // namespace patchead
