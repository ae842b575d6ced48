#include "text/load_text_tower.hpp"

#include <algorithm>
#include <array>

#include <c10/core/InferenceMode.h>

#include "checkpoint/networks.hpp"
#include "families/family.hpp"
#include "patchead/core/registry.hpp"

namespace patchead::inline backbone_detail {
namespace {

/// What a file with texts holds beside them: the image tower, and constants.
constexpr auto kBesideTexts = std::to_array<std::string_view>(
    {"visual.*", "vision_model.*", "visual_projection.*", "logit_scale", "logit_bias",
     "input_resolution", "context_length", "vocab_size", "text_model.embeddings.position_ids",
     "attn_mask"});

/// Options that determine what a tower makes of texts.
constexpr auto kTextOptions = std::to_array<std::string_view>({"activation", "model_ema"});

NetworkFile read_text_network(const std::filesystem::path& file, const NamedOptions& named) {
    std::vector<Landmark> landmarks;
    for (const auto& layout : text_layouts()) {
        landmarks.push_back({std::string(layout.marker), concat(layout.blocks, "0.")});
    }
    return read_network(file, is(named, "model_ema", "true"), landmarks);
}

bool has_text_marker(const Checkpoint& checkpoint) {
    return std::ranges::any_of(text_layouts(), [&](const auto& layout) {
        return checkpoint.tensors.contains(std::string(layout.marker));
    });
}

TextInfo describe_tower(const Family& family, const Weights& weights, const TextTower& tower,
                        const NamedOptions& named) {
    TextInfo info{.family = std::string(family.name),
                  .layout = std::string(weights.layout().name),
                  .width = static_cast<int>(tower.token_table.size(1)),
                  .dim = static_cast<int>(tower.projection.weight.size(0)),
                  .depth = static_cast<int>(tower.blocks.size()),
                  .heads = tower.heads,
                  .context = static_cast<int>(tower.positions.size(0)),
                  .vocabulary = static_cast<int>(tower.token_table.size(0)),
                  .parameters = weights.parameters(),
                  .logit_scale = tower.logit_scale,
                  .options = {{"text_heads", std::to_string(tower.heads)}}};
    for (const auto option : kTextOptions) {
        const auto found = named.find(std::string(option));
        if (found != named.end()) { info.options.insert(*found); }
    }
    return info;
}

}  // namespace

LoadedText load_text_tower(std::string_view family_name, const std::filesystem::path& file,
                           const NamedOptions& given) {
    const auto& family = find(families(), "backbone family", family_name);
    require<ConfigError>(family.has_text, "backbone family ", family.name,
                         " (it comes without a text tower); choose open_clip or pe_core");
    const auto named = complete(family, given);
    const c10::InferenceMode inference;
    auto network = read_text_network(file, named).checkpoint;
    require<WeightsError>(has_text_marker(network), "checkpoint '", file.string(),
                          "' brings no text tower (it has none of the keys '",
                          text_layouts()[0].marker, "', '", text_layouts()[1].marker,
                          "'); give the file with both, e.g. open_clip_model.safetensors");
    Weights weights(std::move(network), text_layouts());
    auto tower = build_text_tower(weights, named);
    weights.finish(kBesideTexts, kBesideTexts);
    auto info = describe_tower(family, weights, tower, named);
    return {std::move(info), std::move(tower)};
}

bool has_text_tower(std::string_view family_name, const std::filesystem::path& file,
                    const NamedOptions& given) {
    const auto& family = find(families(), "backbone family", family_name);
    if (!family.has_text) { return false; }
    try {
        return has_text_marker(read_text_network(file, complete(family, given)).checkpoint);
    } catch (const WeightsError&) { return false; }  // A module whose numbers are others.
}

}  // namespace patchead::inline backbone_detail
