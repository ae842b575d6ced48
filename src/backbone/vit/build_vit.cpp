#include <cmath>

#include <ATen/ATen.h>

#include "families/family.hpp"
#include "vit/build_block.hpp"

namespace patchead::inline backbone_detail {
namespace {

constexpr int kHeadChannels = 64;  // Of every published model here.

/// The square that `count` is; nothing if it is none.
std::optional<int> square_side(std::int64_t count) {
    const auto side =
        static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(count))));
    if (side <= 0 || side * side != count) { return std::nullopt; }
    return static_cast<int>(side);
}

NetworkSizes read_sizes(const Weights& weights, const NamedOptions& options) {
    const auto shape = weights.shape("patch_embed.weight");
    weights.check(shape.size() == 4 && shape[1] == 3 && shape[2] == shape[3] && shape[2] > 0,
                  "its patch embedding has shape ", to_string(shape),
                  ", expected [dim, 3, side, side]");
    const int heads = positive(options, "heads", static_cast<int>(shape[0] / kHeadChannels));
    weights.check(heads > 0 && shape[0] % heads == 0, "its ", shape[0],
                  " channels cannot be divided into ", heads, " heads");
    return {shape[0], shape[2], heads};
}

/// Builds one network. The sizes that its parts share are members.
class Builder {
  public:
    Builder(const Family& family, Weights& weights, const NamedOptions& options)
        : family_(family),
          weights_(weights),
          options_(options),
          sizes_(read_sizes(weights, options)) {}

    Vit build() {
        Vit vit;
        vit.patch_px = static_cast<int>(sizes_.patch_px);
        vit.dim = static_cast<int>(sizes_.dim);
        vit.heads = sizes_.heads;
        vit.patch_embed = patch_embed();
        vit.prefix = weights_.take("cls_token", {1, sizes_.dim});
        if (family_.positions) { add_positions(vit); }
        if (family_.registers) { vit.prefix = at::cat({vit.prefix, registers()}); }
        if (family_.pre_norm) { vit.pre_norm = norm("norm_pre"); }
        if (family_.rotary != nullptr) { add_rotary(vit); }
        vit.blocks = blocks();
        if (family_.relative_bias) { vit.biases = biases(vit.blocks.size()); }
        add_head(vit);
        return vit;
    }

  private:
    LayerNorm norm(const std::string& name) {
        return take_norm(weights_, name, sizes_.dim, family_.norm_eps);
    }

    Linear patch_embed() {
        const auto p = sizes_.patch_px;
        const auto weight = weights_.take("patch_embed.weight", {sizes_.dim, 3, p, p}).flatten(1);
        if (!family_.patch_bias) { return {weight, {}}; }
        return {weight, weights_.take("patch_embed.bias", {sizes_.dim})};
    }

    at::Tensor registers() {
        const auto shape = weights_.shape("reg_token");
        const auto count = shape.size() > 1 ? shape[0] : 1;
        return weights_.take("reg_token", {count, sizes_.dim});
    }

    /// A table has a row for the class token or not; a square plus one is never a square.
    void add_positions(Vit& vit) {
        const auto shape = weights_.shape("pos_embed");
        weights_.check(shape.size() == 2, "its position table has shape ", to_string(shape));
        auto table = weights_.take("pos_embed", {shape[0], sizes_.dim});
        if (square_side(shape[0] - 1)) {
            vit.prefix = vit.prefix + table.narrow(0, 0, 1);
            table = table.slice(0, 1);
        }
        const auto side = square_side(table.size(0));
        weights_.check(side.has_value(), "its position table has ", shape[0],
                       " rows, which are no square grid");
        vit.positions = PositionTable{table.contiguous(), *side, *family_.positions};
    }

    void add_rotary(Vit& vit) {
        const auto channels = sizes_.dim / sizes_.heads;
        weights_.check(channels % 4 == 0, "its heads have ", channels,
                       " channels, which rotary positions on two axes cannot share");
        vit.rotary = family_.rotary(weights_, options_, static_cast<int>(channels));
        neighbours_ = vit.rotary->neighbours;
    }

    std::vector<Block> blocks() {
        std::vector<Block> result;
        const auto name = [&] { return concat("blocks.", result.size(), "."); };
        do {
            result.push_back(build_block(family_, weights_, name(), sizes_, neighbours_));
        } while (weights_.has(name() + "norm1.weight"));
        const int depth = positive(options_, "depth", static_cast<int>(result.size()));
        weights_.check(result.size() == static_cast<std::size_t>(depth), "it has ", result.size(),
                       " blocks, expected ", depth);
        return result;
    }

    BiasTables biases(std::size_t depth) {
        BiasTables result;
        weights_.check(weights_.has("rel_bias") || weights_.has("blocks.0.attn.rel_bias"),
                       "it has neither '", file_key(weights_.layout(), "rel_bias"), "' nor '",
                       file_key(weights_.layout(), "blocks.0.attn.rel_bias"), "'");
        if (weights_.has("rel_bias")) {
            result.tables.push_back(bias_table("rel_bias"));
        } else {
            for (std::size_t i = 0; i < depth; ++i) {
                result.tables.push_back(bias_table(concat("blocks.", i, ".attn.rel_bias")));
            }
        }
        const auto rows = result.tables.front().size(0) - kClassTokenRows;
        const auto span = square_side(rows);
        weights_.check(span.has_value() && *span % 2 == 1, "its table of relative positions has ",
                       rows, " + 3 rows, which belong to no square grid");
        result.side = (*span + 1) / 2;
        if (is(options_, "bias_resize", "unilm")) { result.resize = BiasResize::spline; }
        if (is(options_, "bias_resize", "hf")) { result.resize = BiasResize::bilinear; }
        return result;
    }

    at::Tensor bias_table(const std::string& name) {
        if (bias_rows_ == 0) { bias_rows_ = weights_.shape(name).front(); }
        return weights_.take(name, {bias_rows_, sizes_.heads});
    }

    /// Norm and projection are read even if "tokens" does without, so that a file is checked
    /// whatever the option.
    void add_head(Vit& vit) {
        if (family_.final_norm) {
            const bool tuned = weights_.has("fc_norm.weight") || weights_.has("fc_norm.bias");
            vit.norm = norm(tuned ? "fc_norm" : "norm");
        }
        if (family_.projection) { vit.projection = projection(); }
        if (!is(options_, "tokens", "projected")) { vit.projection.reset(); }
        if (is(options_, "tokens", "pre_ln") || is(options_, "tokens", "pre_norm")) {
            vit.norm.reset();
        }
    }

    /// As a layer, or as CLIP's bare matrix [in, out].
    Linear projection() {
        if (weights_.has("head.weight")) {
            return take_linear(weights_, "head", weights_.shape("head.weight").front(), sizes_.dim);
        }
        const auto shape = weights_.shape("proj");
        const auto matrix = weights_.take("proj", {sizes_.dim, shape.back()});
        return {matrix.t().contiguous(), at::zeros({shape.back()})};
    }

    const Family& family_;
    Weights& weights_;
    const NamedOptions& options_;
    NetworkSizes sizes_;
    bool neighbours_ = false;
    std::int64_t bias_rows_ = 0;  // Of the first block's table; the others must agree.
};

}  // namespace

Vit build_vit(const Family& family, Weights& weights, const NamedOptions& options) {
    return Builder(family, weights, options).build();
}

}  // namespace patchead::inline backbone_detail
