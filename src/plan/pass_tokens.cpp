#include "patchead/plan/pass_tokens.hpp"

#include "patchead/core/error.hpp"

namespace patchead {
namespace {

std::vector<int> layers_of(const LayerList& list, const PlannedBackbone& backbone) {
    return layers_at(list, backbone.layers, concat("backbone '", backbone.name, "'"));
}

}  // namespace

TokenRequest asked_tokens(const SweepSpec& spec, std::size_t backbone) {
    const auto& options = spec.method.tokens;
    require<ConfigError>(
        !options.image || spec.method.features.tiling == Tiling{},
        "--image-token with --tile (each tile has a token of its own, which says nothing of the ",
        "others); leave one of them out");
    const auto& network = spec.backbones[backbone];
    static_cast<void>(layers_of(options.cached, network));  // Refused now, or in each pass.
    return {layers_of(options.layers, network), options.form, options.image};
}

TokenRequest tokens_for(const PlannedNeeds& needs, const PlannedBackbone& backbone) {
    return {layers_of(needs.layers, backbone), needs.final_norm ? TokenForm::norm : TokenForm::raw,
            needs.image_token};
}

TokenRequest stored_tokens(const SweepSpec& spec, const EmbedUnit& unit) {
    const bool copies_originals = unit.copies && !unit.copies->originals.empty();
    if (copies_originals || spec.method.tokens.cached.empty()) { return unit.tokens; }
    const auto cached = layers_of(spec.method.tokens.cached, spec.backbones[unit.backbone]);
    const auto form = unit.tokens.layers.empty() ? spec.method.tokens.form : unit.tokens.form;
    return merged(unit.tokens, {cached, form, false});
}

}  // namespace patchead
