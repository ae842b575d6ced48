#include "verify/network_outputs.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include <ATen/ATen.h>

namespace patchead::inline backbone_detail {
namespace {

constexpr auto kForms = std::to_array<std::pair<std::string_view, TokenForm>>({
    {"raw", TokenForm::raw},
    {"norm", TokenForm::norm},
    {"proj", TokenForm::projected},
});

/// "layer2_cls_raw": class tokens of block 2, which stands after three blocks.
struct LayerName {
    TokenLayer layer;
    std::string_view tokens;  ///< "patch", "cls" or "reg".
};

std::optional<LayerName> parse_layer(std::string_view name) {
    constexpr std::string_view begin = "layer";
    if (!name.starts_with(begin)) { return std::nullopt; }
    name.remove_prefix(begin.size());
    LayerName result;
    const auto [rest, error] =
        std::from_chars(name.data(), name.data() + name.size(), result.layer.number);
    if (error != std::errc{} || rest == name.data() + name.size() || *rest != '_') {
        return std::nullopt;
    }
    ++result.layer.number;
    name.remove_prefix(static_cast<std::size_t>(rest - name.data()) + 1);
    for (const auto& [word, form] : kForms) {
        if (!name.ends_with(concat("_", word))) { continue; }
        result.layer.form = form;
        result.tokens = name.substr(0, name.size() - word.size() - 1);
        return result;
    }
    return std::nullopt;
}

/// Shape: `values` to those of `like`, if there are as many; else a row of all of them.
at::Tensor shaped(const std::vector<float>& values, const at::Tensor& like) {
    const auto all = at::tensor(values);
    return all.numel() == like.numel() ? all.view(like.sizes()) : all;
}

/// Tokens before the patches. Shape: `[B, P, width]`.
at::Tensor prefix_of(const LayerEncoding& layer, std::int64_t batch, std::int64_t width) {
    return at::tensor(layer.prefix).view({batch, -1, width});
}

const LayerEncoding& found_in(const Encoding& encoding, const TokenLayer& layer) {
    return *std::ranges::find_if(encoding.layers, [&](const LayerEncoding& one) {
        return one.layer == layer.number && one.form == layer.form;
    });
}

class Runner {
  public:
    Runner(const NetworkFixture& fixture, const Backbone& backbone)
        : fixture_(fixture), backbone_(backbone) {}

    NetworkOutputs run() {
        NetworkOutputs result{encode({}), {}};
        named_ = &result.named;
        add("patch_tokens", result.plain.tokens);
        if (!result.plain.attention.empty()) { add("cls_attention", result.plain.attention); }
        add_layers();
        add_windows();
        return result;
    }

  private:
    [[nodiscard]] Encoding encode(const TokenRequest& request) const {
        const auto& image = fixture_.image;
        const std::span<const float> pixels(image.data_ptr<float>(),
                                            static_cast<std::size_t>(image.numel()));
        return backbone_.encode(pixels, static_cast<int>(image.size(0)),
                                static_cast<int>(image.size(2)), static_cast<int>(image.size(3)),
                                request);
    }

    void add(const std::string& name, const std::vector<float>& values) {
        const auto found = fixture_.outputs.find(name);
        if (found == fixture_.outputs.end() || values.empty()) { return; }
        named_->emplace(name, shaped(values, found->second));
    }

    /// Layers that the fixture has, from one pass, and the last one with the norm and the image.
    void add_layers() {
        const int depth = backbone_.info().layers;
        if (depth == 0) { return; }
        std::set<TokenLayer> layers{{depth, TokenForm::norm}};
        for (const auto& [name, values] : fixture_.outputs) {
            const auto parsed = parse_layer(name);
            if (parsed && parsed->layer.number <= depth) { layers.insert(parsed->layer); }
        }
        const auto encoding = encode({{layers.begin(), layers.end()}, true, {}});
        for (const auto& [name, values] : fixture_.outputs) {
            const auto parsed = parse_layer(name);
            if (!parsed || !layers.contains(parsed->layer)) { continue; }
            add_layer(name, *parsed, found_in(encoding, parsed->layer), values);
        }
        add_image(encoding, found_in(encoding, {depth, TokenForm::norm}));
    }

    /// "windows.2": embeddings of all windows of two by two patches.
    void add_windows() {
        if (!backbone_.info().windows) { return; }
        constexpr std::string_view begin = "windows.";
        for (const auto& [name, values] : fixture_.outputs) {
            int side = 0;
            const auto* const end = name.data() + name.size();
            const bool is_one = name.starts_with(begin) &&
                                std::from_chars(name.data() + begin.size(), end, side).ptr == end;
            if (!is_one) { continue; }
            TokenRequest request;
            request.windows = {side};
            add(name, encode(request).windows.front().values);
        }
    }

    void add_layer(const std::string& name, const LayerName& parsed, const LayerEncoding& layer,
                   const at::Tensor& expected) {
        if (parsed.tokens == "patch") {
            add(name, layer.patches);
            return;
        }
        if (layer.prefix.empty()) { return; }
        const auto prefix = prefix_of(layer, expected.size(0), expected.size(-1));
        const bool is_class = parsed.tokens == "cls";
        const auto count = is_class ? 1 : expected.size(1);
        if (count > prefix.size(1)) { return; }
        const auto tokens = prefix.narrow(1, is_class ? 0 : prefix.size(1) - count, count);
        named_->emplace(name, tokens.reshape(expected.sizes()));
    }

    void add_image(const Encoding& encoding, const LayerEncoding& last) {
        const auto& image = encoding.image;
        add("image_token", image.token);
        add("summary", image.token);
        add("image_feature", image.feature);
        add("pool_attention", image.attention);
        add("cls_attention_all", image.attention);
        const auto norm = fixture_.outputs.find("image_feature_norm");
        if (norm != fixture_.outputs.end() && !image.feature.empty()) {
            const auto feature = shaped(image.feature, norm->second);
            named_->emplace("image_feature_norm", feature / feature.norm(2, {-1}, true));
        }
        const auto token = fixture_.outputs.find("cls_token");
        if (token == fixture_.outputs.end() || last.prefix.empty()) { return; }
        const auto prefix = prefix_of(last, token->second.size(0), token->second.size(-1));
        named_->emplace("cls_token", prefix.select(1, 0));
    }

    const NetworkFixture& fixture_;
    const Backbone& backbone_;
    std::map<std::string, at::Tensor>* named_ = nullptr;
};

}  // namespace

NetworkOutputs run_network(const NetworkFixture& fixture, const Backbone& backbone) {
    return Runner(fixture, backbone).run();
}

}  // namespace patchead::inline backbone_detail
