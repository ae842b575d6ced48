#include "patchead/plan/pass_tokens.hpp"

#include <set>

#include "patchead/core/error.hpp"

namespace patchead {
namespace {

std::vector<int> layers_of(const SweepSpec& spec, std::size_t number, const LayerList& list) {
    const auto& backbone = spec.backbones[number];
    auto layers = layers_at(list, backbone.layers, concat("backbone '", backbone.name, "'"));
    if (backbone.layer_shapes.empty() || spec.method.features.tiling == Tiling{}) { return layers; }
    for (const int layer : layers) {
        const auto& shape = backbone.layer_shapes[static_cast<std::size_t>(layer - 1)];
        require<ConfigError>(shape.stride_px == backbone.patch_px, "layer ", layer, " ('",
                             shape.name, "') of backbone '", backbone.name, "' with --tile (its ",
                             "patches are of ", shape.stride_px, " px, those of embeddings of ",
                             backbone.patch_px, " px, by which tiles are put together); leave ",
                             "--tile out, or choose other layers");
    }
    return layers;
}

/// A CNN gives each layer in one form: it is one layer for all who ask.
std::vector<TokenLayer> layers_of(const SweepSpec& spec, std::size_t number, const LayerList& list,
                                  TokenForm form) {
    const bool has_forms = spec.backbones[number].layer_shapes.empty();
    return in_form(has_forms ? form : TokenForm::norm, layers_of(spec, number, list));
}

/// Forms of the layers that a pass is made for; without any, that of the options.
std::set<TokenForm> forms_of(const SweepSpec& spec, const EmbedUnit& unit) {
    std::set<TokenForm> forms;
    for (const auto& layer : unit.tokens.layers) { forms.insert(layer.form); }
    return forms.empty() ? std::set{spec.method.tokens.form} : forms;
}

}  // namespace

TokenRequest asked_tokens(const SweepSpec& spec, std::size_t backbone) {
    const auto& options = spec.method.tokens;
    require<ConfigError>(
        !options.image || spec.method.features.tiling == Tiling{},
        "--image-token with --tile (each tile has a token of its own, which says nothing of the ",
        "others); leave one of them out");
    // Refused now, or in each pass.
    static_cast<void>(layers_of(spec, backbone, options.cached));
    return {layers_of(spec, backbone, options.layers, options.form), options.image, {}};
}

TokenRequest tokens_for(const SweepSpec& spec, std::size_t backbone, const PlannedNeeds& needs) {
    require<ConfigError>(
        needs.windows.empty() || spec.method.features.tiling == Tiling{},
        "a detector that needs windows with --tile (a tile knows nothing of its neighbours); ",
        "leave one of them out");
    const auto plain = needs.final_norm ? TokenForm::norm : TokenForm::raw;
    return {layers_of(spec, backbone, needs.layers, needs.projected ? TokenForm::projected : plain),
            needs.image_token, needs.windows};
}

TokenRequest stored_tokens(const SweepSpec& spec, const EmbedUnit& unit) {
    const bool copies_originals = unit.copies && !unit.copies->originals.empty();
    auto tokens = unit.tokens;
    if (copies_originals) { return tokens; }
    const auto forms = forms_of(spec, unit);
    for (const auto& place : spec.method.tokens.cached.places) {
        const LayerList one{{place}};
        for (const auto form : place.form ? std::set{*place.form} : forms) {
            tokens = merged(tokens, {layers_of(spec, unit.backbone, one, form), false, {}});
        }
    }
    return tokens;
}

}  // namespace patchead
