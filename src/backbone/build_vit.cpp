#include <charconv>
#include <cmath>

#include <ATen/ATen.h>

#include "family.hpp"

namespace patchead {
namespace {

constexpr int kHeadChannels = 64;  // Of every published model here.

using Overrides = std::map<std::string, std::string>;

/// A whole number above zero; `fallback` if it is not given.
int positive(const Overrides& overrides, const std::string& name, int fallback) {
    const auto found = overrides.find(name);
    if (found == overrides.end()) { return fallback; }
    const auto& text = found->second;
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    require<ConfigError>(error == std::errc{} && end == text.data() + text.size() && value > 0,
                         "backbone option ", name, "=", text,
                         " (not a whole number above 0); give one");
    return value;
}

/// Builds one network. The sizes that its parts share are members.
class Builder {
  public:
    Builder(const Family& family, Weights& weights, const Overrides& overrides)
        : family_(family), weights_(weights) {
        const auto shape = weights_.shape("patch_embed.weight");
        weights_.check(shape.size() == 4 && shape[1] == 3 && shape[2] == shape[3] && shape[2] > 0,
                       "its patch embedding has shape ", to_string(shape),
                       ", expected [dim, 3, side, side]");
        dim_ = shape[0];
        patch_px_ = shape[2];
        heads_ = positive(overrides, "heads", static_cast<int>(dim_ / kHeadChannels));
        weights_.check(heads_ > 0 && dim_ % heads_ == 0, "its ", dim_,
                       " channels cannot be divided into ", heads_, " heads");
    }

    Vit build(const Overrides& overrides) {
        Vit vit;
        vit.patch_px = static_cast<int>(patch_px_);
        vit.dim = static_cast<int>(dim_);
        vit.heads = heads_;
        vit.patch_embed = patch_embed();
        vit.prefix = weights_.take("cls_token", {1, dim_});
        add_positions(vit);
        if (family_.registers) { vit.prefix = at::cat({vit.prefix, registers()}); }
        const int depth = positive(overrides, "depth", 0);
        vit.blocks = blocks();
        weights_.check(depth == 0 || vit.blocks.size() == static_cast<std::size_t>(depth),
                       "it has ", vit.blocks.size(), " blocks, expected ", depth);
        vit.norm = norm("norm");
        return vit;
    }

  private:
    Linear linear(const std::string& name, std::int64_t out, std::int64_t in) {
        return {weights_.take(name + ".weight", {out, in}), weights_.take(name + ".bias", {out})};
    }

    LayerNorm norm(const std::string& name) {
        return {weights_.take(name + ".weight", {dim_}), weights_.take(name + ".bias", {dim_}),
                family_.norm_eps};
    }

    Linear patch_embed() {
        const auto weight =
            weights_.take("patch_embed.weight", {dim_, 3, patch_px_, patch_px_}).flatten(1);
        return {weight, weights_.take("patch_embed.bias", {dim_})};
    }

    at::Tensor registers() {
        const auto shape = weights_.shape("reg_token");
        const auto count = shape.size() > 1 ? shape[0] : 1;
        return weights_.take("reg_token", {count, dim_});
    }

    /// A table has a row for the class token or not; a square plus one is never a square.
    void add_positions(Vit& vit) {
        const auto shape = weights_.shape("pos_embed");
        weights_.check(shape.size() == 2, "its position table has shape ", to_string(shape));
        auto table = weights_.take("pos_embed", {shape[0], dim_});
        auto side = static_cast<std::int64_t>(std::sqrt(static_cast<double>(shape[0])));
        if (side * side == shape[0] - 1) {
            vit.prefix = vit.prefix + table.narrow(0, 0, 1);
            table = table.slice(0, 1);
        }
        weights_.check(side > 0 && side * side == table.size(0), "its position table has ",
                       shape[0], " rows, which are no square grid");
        vit.positions = {table.contiguous(), static_cast<int>(side), family_.positions};
    }

    std::vector<Block> blocks() {
        std::vector<Block> result;
        const auto name = [&] { return concat("blocks.", result.size(), "."); };
        do { result.push_back(block(name())); } while (weights_.has(name() + "norm1.weight"));
        return result;
    }

    Block block(const std::string& name) {
        const auto hidden = weights_.shape(name + "mlp.fc1.weight").front();
        Block block{norm(name + "norm1"),
                    qkv(name + "attn."),
                    linear(name + "attn.proj", dim_, dim_),
                    norm(name + "norm2"),
                    linear(name + "mlp.fc1", hidden, dim_),
                    linear(name + "mlp.fc2", dim_, hidden)};
        if (family_.layer_scale) {
            scale_rows(block.proj, weights_.take(name + "ls1", {dim_}));
            scale_rows(block.fc2, weights_.take(name + "ls2", {dim_}));
        }
        return block;
    }

    /// One matrix for all three, with the scores' scale folded into the queries.
    Linear qkv(const std::string& name) {
        auto all = is_separate(name) ? stacked(name) : linear(name + "qkv", 3 * dim_, dim_);
        const double scale = 1 / std::sqrt(static_cast<double>(dim_ / heads_));
        all.weight.narrow(0, 0, dim_).mul_(scale);
        all.bias.narrow(0, 0, dim_).mul_(scale);
        return all;
    }

    /// By any of the three, so that one that is missing is missed by its name.
    [[nodiscard]] bool is_separate(const std::string& name) const {
        return weights_.has(name + "q.weight") || weights_.has(name + "k.weight") ||
               weights_.has(name + "v.weight");
    }

    Linear stacked(const std::string& name) {
        const auto q = linear(name + "q", dim_, dim_);
        const auto k = linear(name + "k", dim_, dim_);
        const auto v = linear(name + "v", dim_, dim_);
        return {at::cat({q.weight, k.weight, v.weight}), at::cat({q.bias, k.bias, v.bias})};
    }

    static void scale_rows(Linear& linear, const at::Tensor& scale) {
        linear.weight.mul_(scale.unsqueeze(1));
        linear.bias.mul_(scale);
    }

    const Family& family_;
    Weights& weights_;
    std::int64_t dim_ = 0;
    std::int64_t patch_px_ = 0;
    int heads_ = 0;
};

}  // namespace

Vit build_vit(const Family& family, Weights& weights, const Overrides& overrides) {
    return Builder(family, weights, overrides).build(overrides);
}

}  // namespace patchead
