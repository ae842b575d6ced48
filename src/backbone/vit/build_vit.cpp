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

/// Side of a patch by the shape of its embedding: [dim, 3, side, side] or [dim, 3 * side * side].
std::optional<std::int64_t> patch_side(const Shape& shape) {
    if (shape.size() == 2 && shape[1] % 3 == 0) { return square_side(shape[1] / 3); }
    const bool square = shape.size() == 4 && shape[1] == 3 && shape[2] == shape[3] && shape[2] > 0;
    return square ? std::optional(shape[2]) : std::nullopt;
}

NetworkSizes read_sizes(const Family& family, const Weights& weights, const NamedOptions& options) {
    const auto shape = weights.shape("patch_embed.weight");
    const auto side = patch_side(shape);
    weights.check(side.has_value(), "its patch embedding has shape ", to_string(shape),
                  ", expected [dim, 3, side, side]");
    auto usual = static_cast<int>(shape[0] / kHeadChannels);
    for (const auto& other : family.head_counts) {
        if (other.dim == shape[0]) { usual = other.heads; }
    }
    const int heads = positive(options, "heads", usual);
    weights.check(heads > 0 && shape[0] % heads == 0, "its ", shape[0],
                  " channels cannot be divided into ", heads,
                  " heads; option heads says how many there are");
    return {shape[0], *side, heads};
}

/// Builds one network. The sizes that its parts share are members.
class Builder {
  public:
    Builder(const Family& family, Weights& weights, const NamedOptions& options)
        : family_(family),
          weights_(weights),
          options_(options),
          sizes_(read_sizes(family, weights, options)) {}

    Vit build() {
        Vit vit;
        vit.patch_px = static_cast<int>(sizes_.patch_px);
        vit.dim = static_cast<int>(sizes_.dim);
        vit.heads = sizes_.heads;
        vit.patch_embed = patch_embed();
        if (patchead::has(family_.class_token, weights_, "cls_token")) { add_class_tokens(vit); }
        vit.class_tokens = vit.prefix.defined() ? class_tokens(vit.prefix.size(0)) : 0;
        if (family_.positions) { add_positions(vit); }
        if (patchead::has(family_.registers, weights_, "reg_token")) {
            vit.prefix = at::cat({vit.prefix, registers()});
        }
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
        const bool flat = weights_.shape("patch_embed.weight").size() == 2;
        const auto shape = flat ? Shape{sizes_.dim, 3 * p * p} : Shape{sizes_.dim, 3, p, p};
        Linear result{weights_.take("patch_embed.weight", shape).flatten(1), {}};
        if (family_.patch_bias) { result.bias = weights_.take("patch_embed.bias", {sizes_.dim}); }
        return family_.normalises ? of_raw_pixels(result) : result;
    }

    /// The same for pixels that the network would normalise first.
    Linear of_raw_pixels(const Linear& linear) {
        const auto scale = 1 / weights_.take_constant("pixel_std", {3, 1, 1}).to(at::kDouble);
        const auto mean = weights_.take_constant("pixel_mean", {3, 1, 1}).to(at::kDouble);
        weights_.check(scale.isfinite().all().item<bool>() && scale.min().item<double>() > 0,
                       "its standard deviations of pixels are not all above zero");
        const auto p = sizes_.patch_px;
        const auto weight = linear.weight.to(at::kDouble).view({-1, 3, p, p}) * scale;
        auto bias = -(weight * mean).flatten(1).sum(1);
        if (linear.bias.defined()) { bias = bias + linear.bias; }
        return {weight.flatten(1).to(at::kFloat), bias.to(at::kFloat)};
    }

    void add_class_tokens(Vit& vit) {
        const auto shape = weights_.shape("cls_token");
        const auto count = family_.one_prefix && shape.size() > 1 ? shape[0] : 1;
        vit.prefix = weights_.take("cls_token", {count, sizes_.dim});
    }

    /// Of the `rows` of the token table: one, unless option "class_tokens" says more.
    [[nodiscard]] int class_tokens(std::int64_t rows) const {
        const int count = positive(options_, "class_tokens", 1);
        weights_.check(count <= rows, "it has ", rows, " tokens before the patches, expected ",
                       count, " class tokens");
        return count;
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
        if (vit.prefix.defined() && !family_.one_prefix && square_side(shape[0] - 1)) {
            vit.prefix = vit.prefix + table.narrow(0, 0, 1);
            table = table.slice(0, 1);
        }
        const auto side = square_side(table.size(0));
        weights_.check(side.has_value(), "its position table has ", shape[0],
                       " rows, which are no square grid");
        auto resize = *family_.positions;
        if (is(options_, "position_resize", "timm")) {
            resize.filter = PositionResize::Filter::bicubic_antialias;
        }
        vit.positions = PositionTable{table.contiguous(), *side, resize};
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
            result.push_back(build_block(family_, weights_, options_, name(), sizes_, neighbours_));
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

    /// Norm and projection are read even if option "tokens" does without.
    void add_head(Vit& vit) {
        if (family_.final_norm) {
            const bool tuned = weights_.has("fc_norm.weight") || weights_.has("fc_norm.bias");
            vit.norm = norm(tuned ? "fc_norm" : "norm");
        }
        if (has_projection()) { vit.projection = projection(); }
        vit.projects_images = family_.projects_images;
        vit.tokens = TokenForm::norm;
        if (is(options_, "tokens", "projected")) {
            weights_.check(vit.projection.has_value(), "it has no projection, which option ",
                           "tokens=projected asks for");
            vit.tokens = TokenForm::projected;
        }
        if (is(options_, "tokens", "pre_ln") || is(options_, "tokens", "pre_norm")) {
            vit.tokens = TokenForm::raw;
        }
        if (patchead::has(family_.pooling, weights_, "attn_pool.latent")) {
            vit.pooling = pooling();
        }
        vit.summary = summary(vit);
    }

    [[nodiscard]] bool has_projection() const {
        if (family_.projection != Has::maybe) { return family_.projection == Has::yes; }
        return weights_.has("proj") || weights_.has("head.weight") || weights_.has("proj.weight") ||
               weights_.has("feature_scale");
    }

    /// As a layer, as CLIP's bare matrix [in, out], or as what makes features comparable.
    Linear projection() {
        if (weights_.has("feature_scale")) {
            const auto matrix = weights_.take("feature_scale", {sizes_.dim, sizes_.dim});
            const auto mean = weights_.take("feature_mean", {sizes_.dim});
            const auto bias = -at::mv(matrix.to(at::kDouble), mean.to(at::kDouble));
            return {matrix, bias.to(at::kFloat)};
        }
        if (weights_.has("head.weight")) {
            return take_linear(weights_, "head", weights_.shape("head.weight").front(), sizes_.dim);
        }
        if (weights_.has("proj.weight")) {
            const auto out = weights_.shape("proj.weight").front();
            return {weights_.take("proj.weight", {out, sizes_.dim}), at::zeros({out})};
        }
        const auto shape = weights_.shape("proj");
        const auto matrix = weights_.take("proj", {sizes_.dim, shape.back()});
        return {matrix.t().contiguous(), at::zeros({shape.back()})};
    }

    /// Query, keys and values of pooling as one matrix, or the query by itself.
    Linear pooling_qkv() {
        const auto dim = sizes_.dim;
        const std::string name = "attn_pool.";
        if (weights_.has(name + "qkv.weight") || weights_.has(name + "qkv.bias")) {
            return take_linear(weights_, name + "qkv", 3 * dim, dim);
        }
        const auto q = take_linear(weights_, name + "q", dim, dim);
        const auto kv = take_linear(weights_, name + "kv", 2 * dim, dim);
        return {at::cat({q.weight, kv.weight}), at::cat({q.bias, kv.bias})};
    }

    Pooling pooling() {
        const auto dim = sizes_.dim;
        const int usual = family_.pooling_heads > 0 ? family_.pooling_heads : sizes_.heads;
        const int heads = positive(options_, "pool_heads", usual);
        weights_.check(dim % heads == 0, "its ", dim, " channels cannot be divided into ", heads,
                       " heads of pooling");
        const auto latent = weights_.take("attn_pool.latent", {dim});
        const auto qkv = pooling_qkv();
        const auto part = [&](std::int64_t which) {
            return Linear{qkv.weight.narrow(0, which * dim, dim),
                          qkv.bias.narrow(0, which * dim, dim)};
        };
        const auto q = part(0);
        const double scale = 1 / std::sqrt(static_cast<double>(dim / heads));
        const auto query = at::addmv(q.bias, q.weight, latent).mul(scale).view({heads, -1});
        return {query,
                part(1),
                part(2),
                take_linear(weights_, "attn_pool.proj", dim, dim),
                take_norm(weights_, "attn_pool.norm", dim, family_.norm_eps),
                take_mlp(family_, weights_, options_, "attn_pool.mlp.", dim)};
    }

    /// As the file says, or option "summary"; else the first class token.
    std::vector<std::int64_t> summary(const Vit& vit) {
        auto rows = numbers(options_, "summary");
        if (weights_.has("summary")) {
            const auto stored = weights_.take_numbers("summary");
            if (rows.empty()) { rows = stored; }
        }
        if (rows.empty()) { rows = {0}; }
        for (const auto row : rows) {
            weights_.check(vit.class_tokens == 0 || (row >= 0 && row < vit.prefix.size(0)),
                           "its summary is token ", row, " of ", vit.prefix_size(),
                           " before the patches");
        }
        return rows;
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
