#include "patchead/plan/class_texts.hpp"

#include "patchead/core/error.hpp"

namespace patchead {

std::string sentences_name(const std::string& prompts, const std::string& dataset,
                           const std::string& category) {
    return concat(prompts, ":", dataset, "/", category);
}

PlannedTexts texts_for(const SweepSpec& spec, std::size_t backbone, const std::string& dataset,
                       const std::string& category, const PlannedNeeds& needs) {
    const auto& network = spec.backbones[backbone];
    require_towers(network, "of these points", needs);
    const auto found = spec.sentences.find(sentences_name(needs.prompts, dataset, category));
    PATCHEAD_ASSERT(found != spec.sentences.end());
    const auto& [normal, anomalous] = found->second;
    return {network.text->identity, network.text->vocabulary, normal, anomalous};
}

void require_towers(const PlannedBackbone& backbone, const std::string& detector,
                    const PlannedNeeds& needs) {
    require<ConfigError>(needs.prompts.empty() || backbone.text, "detector ", detector,
                         " with backbone '", backbone.name,
                         "' (it compares images with sentences, "
                         "and the checkpoint brings no text tower); choose a checkpoint that ",
                         "brings one, as patchead backbones --check says, or leave the detector ",
                         "out");
    require<ConfigError>(needs.windows.empty() || backbone.windows, "detector ", detector,
                         " with backbone '", backbone.name, "' (it needs embeddings of windows, ",
                         "which a network gives that has a class token and adds positions to its ",
                         "tokens); choose a network of CLIP's kind, or leave the detector out");
}

}  // namespace patchead
