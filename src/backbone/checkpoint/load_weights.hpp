#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checkpoint/checkpoint.hpp"

namespace patchead::inline backbone_detail {

/// Which biases the queries, keys and values have in the file.
///  * whole: all three (`attn.qkv.bias`, or `attn.q.bias` and so on)
///  * no_key: queries and values, each by itself (`attn.q.bias`, `attn.v.bias`)
///  * masked: all three, and `attn.qkv.bias_mask` to be multiplied with
enum class QkvBias { whole, no_key, masked, none };

/// Names of the code, and what they are called in a file.
using LayoutNames = std::vector<std::pair<std::string_view, std::string_view>>;

/// How one publisher names the parameters.
///
/// The names of the code ("ours") are those of timm: `patch_embed.weight`, `cls_token`,
/// `pos_embed`, `reg_token`, `rel_bias`, `norm_pre`, `norm`, `head`, and in block i, below
/// `blocks.<i>.`: `norm1`, `attn.qkv` or `attn.q`, `attn.k`, `attn.v`, `attn.rel_bias`,
/// `attn.proj`, `ls1`, `norm2`, `mlp.fc1` or `mlp.gate` and `mlp.value`, `mlp.norm`, `mlp.fc2`,
/// `ls2`; of pooling, below `attn_pool.`: `latent`, `q`, `kv` or `qkv`, `proj`, `norm`, `mlp`. A
/// name in `names` is a whole one or one without its `.weight` or `.bias`, whichever is listed
/// first; in a block, without `blocks.<i>.`. What is not listed is called the same.
struct Layout {
    std::string_view name{};              ///< "official", "timm", "transformers".
    std::string_view marker{};            ///< A key in the file that tells this layout.
    std::string_view blocks = "blocks.";  ///< What stands before a block's number.
    LayoutNames names{};
    QkvBias qkv_bias = QkvBias::whole;
    bool may_lack_bias = false;  ///< Some networks have none of them.
};

/// `names` and, behind them, `more`.
[[nodiscard]] LayoutNames joined(LayoutNames names, const LayoutNames& more);

/// The key in a file of this layout for our name `name`.
[[nodiscard]] std::string file_key(const Layout& layout, std::string_view name);

/// The parameters of a checkpoint by our names. Keeps account of what was taken, so that at the
/// end nothing is left over unseen.
class Weights {
  public:
    /// Chooses the first layout whose marker is in the checkpoint. Throws WeightsError if none is.
    Weights(Checkpoint checkpoint, std::span<const Layout> layouts);

    [[nodiscard]] const Layout& layout() const { return layout_; }
    [[nodiscard]] std::int64_t parameters() const { return parameters_; }

    [[nodiscard]] bool has(std::string_view name) const;

    /// Without leading ones, since layouts differ in them: [1, 1, D] and [D] are both [D].
    /// Throws WeightsError if the key is missing.
    [[nodiscard]] Shape shape(std::string_view name) const;

    /// The values in float32. Throws WeightsError that names file and key if the key is missing,
    /// has another shape, is not a floating-point tensor, or holds NaN or infinity.
    [[nodiscard]] at::Tensor take(std::string_view name, const Shape& shape);

    /// The same for what was not trained, and so is no parameter.
    [[nodiscard]] at::Tensor take_constant(std::string_view name, const Shape& shape);

    /// Whole numbers that describe the network. Throws WeightsError as `take`.
    [[nodiscard]] std::vector<std::int64_t> take_numbers(std::string_view name);

    /// Throws WeightsError that names what is left, save keys that match an `ignored` pattern
    /// (as in the shell: `decoder.*`), and keys outside the network's prefix that match one of
    /// `beside`.
    void finish(std::span<const std::string_view> ignored,
                std::span<const std::string_view> beside) const;

    /// Throws WeightsError "'<file>' does not fit (<reason>); ..." unless `ok`.
    template <class... Parts>
    void check(bool ok, const Parts&... reason) const {
        require<WeightsError>(ok, "checkpoint '", checkpoint_.file->path().string(),
                              "' does not fit (", concat(reason...),
                              "); check that it is the published file of this backbone");
    }

  private:
    [[nodiscard]] const TensorView& view(std::string_view name) const;

    Checkpoint checkpoint_;
    Layout layout_;
    std::set<std::string> taken_;
    std::int64_t parameters_ = 0;
};

}  // namespace patchead::inline backbone_detail
