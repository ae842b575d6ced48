#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/load_weights.hpp"
#include "families/named_options.hpp"
#include "families/pixel_scales.hpp"
#include "tensor_backbone.hpp"
#include "vit/vit.hpp"

namespace patchead::inline backbone_detail {

/// What the user may choose where upstream does a thing in several ways.
struct FamilyOption {
    std::string_view name{};
    std::vector<std::string_view> values{};  ///< Default first; empty: whole numbers.
    bool is_list = false;                    ///< Several of these: "0+2"; else one above 0.
    /// Came after features of the family had been stored: at its default it is no part of keys.
    bool is_later = false;
    bool is_of_text = false;  ///< Of the text tower alone: no part of keys of images.
};

/// Whether networks of a family have a parameter; `maybe`: the file says.
enum class Has { no, maybe, yes };

/// What pixels most networks of a family want: those of one that is given as FAMILY:FILE.
struct UsualPixels {
    int image_px = 224;
    bool bicubic = true;
    std::array<float, 3> mean = kImageNetMean;
    std::array<float, 3> std = kImageNetStd;
};

/// Networks whose heads have not 64 channels.
struct HeadCount {
    std::int64_t dim = 0;
    int heads = 0;
};

/// What distinguishes one family of networks from the shared one. Adding a family is one source
/// file with a function that gives this, and one line in families.def.
struct Family {
    std::string_view name{};
    std::vector<Layout> layouts{};            ///< The first one whose marker is found counts.
    std::vector<std::string_view> ignored{};  ///< Patterns of keys that inference does not need.
    std::vector<std::string_view> beside{};   ///< The same for keys without the network's prefix.
    std::vector<FamilyOption> options{};      ///< Beside those of every family.
    UsualPixels pixels{};
    std::vector<HeadCount> head_counts{};
    double norm_eps = 1e-6;
    bool patch_bias = true;
    bool normalises = false;     ///< Has `pixel_mean` and `pixel_std` of pixels in 0 to 1.
    Has class_token = Has::yes;  ///< `cls_token`
    bool one_prefix = false;     ///< `cls_token` holds all tokens before the patches.
    Has registers = Has::no;     ///< `reg_token`
    std::optional<PositionResize> positions{};  ///< How `pos_embed` is resized, if there is one.
    bool pre_norm = false;                      ///< Has `norm_pre` before the first block.
    /// Angles of a head of `channels` channels; null: no rotary positions.
    Rotary (*rotary)(Weights& weights, const NamedOptions& options, int channels) = nullptr;
    bool relative_bias = false;  ///< Has `rel_bias`, or `attn.rel_bias` in each block.
    Has layer_scale = Has::no;   ///< `ls1` and `ls2` in each block.
    Has gates = Has::no;         ///< SwiGLU: `mlp.gate` and `mlp.value`, or both in `mlp.fc1`.
    bool inner_norm = false;     ///< Has `mlp.norm`.
    Activation activation = Activation::gelu;  ///< Where option "activation" says nothing else.
    bool final_norm = true;       ///< Has `norm`, or `fc_norm` in a fine-tuned network.
    Has projection = Has::no;     ///< `proj`, `head` or `feature_scale` after the norm.
    bool projects_images = true;  ///< It is for embeddings of images, too.
    Has pooling = Has::no;        ///< `attn_pool`
    int pooling_heads = 0;        ///< Where option "pool_heads" does not say; 0: as in blocks.
    bool has_text = false;        ///< Files may hold CLIP's text tower, too (text/text_tower.hpp).
    /// Reads the file, a module with a description beside it, in a way of its own, so that nothing
    /// else here counts; null: it is a checkpoint of the shared transformer.
    std::unique_ptr<const Backbone> (*load)(const std::filesystem::path& file,
                                            ComputePlace place) = nullptr;
};

/// All families, one line each in families.def.
[[nodiscard]] std::span<const Family> families();

/// The network of `family` with these weights. Sizes come from the shapes.
///
/// `options` is complete (see named_options.hpp). Those of every family: "heads" (else 64 channels
/// are a head, unless the family says otherwise) and "depth" (the number of blocks that must be
/// there). Option "tokens" says whether patch embeddings are taken before the final norm, after it,
/// or projected.
/// Throws WeightsError as Weights does, ConfigError for an option that cannot be.
[[nodiscard]] Vit build_vit(const Family& family, Weights& weights, const NamedOptions& options);

/// A checkpoint of the shared transformer, to compute at `place`. Throws as load_backbone.
[[nodiscard]] std::unique_ptr<const Backbone> load_vit(const Family& family,
                                                       const std::filesystem::path& file,
                                                       ComputePlace place,
                                                       const NamedOptions& given);

}  // namespace patchead::inline backbone_detail
