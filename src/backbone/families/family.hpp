#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/load_weights.hpp"
#include "families/named_options.hpp"
#include "tensor_backbone.hpp"
#include "vit/vit.hpp"

namespace patchead::inline backbone_detail {

/// What the user may choose where upstream does a thing in several ways.
struct FamilyOption {
    std::string_view name{};
    std::vector<std::string_view> values{};  ///< Default first; empty: whole numbers above 0.
};

/// What distinguishes one family of networks from the shared one. Adding a family is one source
/// file with a function that gives this, and one line in families.def.
struct Family {
    std::string_view name{};
    std::vector<Layout> layouts{};            ///< The first one whose marker is found counts.
    std::vector<std::string_view> ignored{};  ///< Patterns of keys that inference does not need.
    std::vector<std::string_view> beside{};   ///< The same for keys without the network's prefix.
    std::vector<FamilyOption> options{};      ///< Beside those of every family.
    double norm_eps = 1e-6;
    bool patch_bias = true;
    std::optional<PositionResize> positions{};  ///< How `pos_embed` is resized, if there is one.
    bool registers = false;                     ///< Has `reg_token`.
    bool pre_norm = false;                      ///< Has `norm_pre` before the first block.
    /// Angles of a head of `channels` channels; null: no rotary positions.
    Rotary (*rotary)(Weights& weights, const NamedOptions& options, int channels) = nullptr;
    bool relative_bias = false;  ///< Has `rel_bias`, or `attn.rel_bias` in each block.
    bool layer_scale = false;    ///< Has `ls1` and `ls2` in each block.
    bool gated = false;          ///< SwiGLU: has `mlp.gate`, `mlp.value` and `mlp.norm`.
    bool final_norm = true;      ///< Has `norm`, or `fc_norm` in a fine-tuned network.
    bool projection = false;     ///< Has `proj` or `head` after the norm.
    /// Reads the file in a way of its own, so that nothing else here counts; null: it is a
    /// checkpoint of the shared transformer.
    std::unique_ptr<const Backbone> (*load)(const std::filesystem::path& file,
                                            ComputePlace place) = nullptr;
};

/// All families, one line each in families.def.
[[nodiscard]] std::span<const Family> families();

/// The network of `family` with these weights. Sizes come from the shapes.
///
/// `options` is complete (see named_options.hpp). Those of every family: "heads" (else 64 channels
/// are a head) and "depth" (the number of blocks that must be there). Option "tokens" says whether
/// patch embeddings are taken before the final norm, after it, or projected.
/// Throws WeightsError as Weights does, ConfigError for an option that cannot be.
[[nodiscard]] Vit build_vit(const Family& family, Weights& weights, const NamedOptions& options);

/// A checkpoint of the shared transformer, to compute at `place`. Throws as load_backbone.
[[nodiscard]] std::unique_ptr<const Backbone> load_vit(const Family& family,
                                                       const std::filesystem::path& file,
                                                       ComputePlace place,
                                                       const NamedOptions& given);

}  // namespace patchead::inline backbone_detail
