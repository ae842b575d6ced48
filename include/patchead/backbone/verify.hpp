#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "patchead/backbone/backbone.hpp"
#include "patchead/core/fixture_result.hpp"

/// \file
/// \brief Golden fixtures of networks: does a checkpoint run here as it does upstream?

namespace patchead {

/// One weights file of one fixture folder, run (once for each variant that it has) and compared.
struct VerifyCase : FixtureResult {
    double token_difference = 0;  ///< Largest one of all tokens: patches, layers, images.
    double attention_difference = 0;
    double token_scale = 0;   ///< Largest absolute value of upstream's patch embeddings.
    double token_cosine = 1;  ///< Mean cosine of a patch embedding with upstream's.
    std::string digest{};     ///< SHA-256 of the bits of patch embeddings and attention.
};

/// Absolute, float32 on a CPU.
inline constexpr double kTokenTolerance = 1e-4;
inline constexpr double kAttentionTolerance = 1e-5;

/// Runs every weights file (`weights*` with `.safetensors`, `.pth`, `.pt` or `.npz`) of the fixture
/// `folder`, which holds `config.json` with `family`, `inputs.safetensors` with `image` [B,3,H,W]
/// and `outputs.safetensors` with `patch_tokens` [B,L,D] and mostly `cls_attention` [B,heads,L].
///
/// Compared are also `layerK_{patch,cls,reg}_{raw,norm}`, `layerK_cls_proj` (K: number of the
/// block, from 0), `cls_token`, `image_token`, `image_feature`, `image_feature_norm`,
/// `pool_attention`, `summary` and `cls_attention_all`. Where there are outputs of a variant
/// (`patch_tokens_proj`,
/// `_pre_ln`, `_prenorm`, `_raw`, `_fp32_periods`, `features_normalized`), it is run with the
/// option that asks for it, too. Of `place`, device and precision count. Throws DataError if the
/// folder is no fixture.
[[nodiscard]] std::vector<VerifyCase> verify_fixture(const std::filesystem::path& folder,
                                                     const LoadOptions& place = {});

/// Runs a network that is loaded already on the input of the fixture `folder` instead, and compares
/// it with the outputs there; `name` stands for its weights file. Without attention of its own only
/// tokens count. Throws as `verify_fixture`.
[[nodiscard]] VerifyCase verify_encoder(const std::filesystem::path& folder,
                                        const Backbone& backbone, const std::string& name);

/// Reads the checkpoint files of the fixture `folder` (`config.json` with family "pickle"), which
/// hold tensors of many kinds, and compares them with `expected.safetensors`, whose keys are
/// "file/path.of.dictionaries/key". A file in PyTorch's old format, which has no tensors there,
/// must be refused. Throws DataError if the folder is no such fixture.
[[nodiscard]] std::vector<FixtureResult> verify_pickles(const std::filesystem::path& folder);

}  // namespace patchead
