#include "patchead/setup/checkpoint_facts.hpp"

#include "patchead/backbone/text.hpp"
#include "patchead/backbone/weights_note.hpp"
#include "patchead/core/error.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

void add_image_tower(const BackboneInfo& info, std::vector<CheckpointFact>& facts) {
    const auto attention =
        info.has_attention() ? concat(info.attention_heads, " heads") : "no attention (no masking)";
    facts.push_back({"loaded", concat(info.layout, " layout, ", info.parameters, " parameters, ",
                                      info.dim, " channels, ", attention)});
    facts.push_back({"", concat(info.depth, " blocks of ", info.width, " channels in ", info.heads,
                                " heads, ", info.patch_px, " px patches")});
    if (!info.layer_shapes.empty()) { facts.push_back({"layers", text_of(info.layer_shapes)}); }
}

void add_text_tower(const BackboneEntry& entry, const fs::path& file, const fs::path& named,
                    std::vector<CheckpointFact>& facts) {
    if (!brings_text(entry, file, {})) {
        facts.push_back({"text", "no text tower in this file"});
        return;
    }
    const auto info = load_text_encoder(entry, file, {})->info();
    facts.push_back({"text", concat("tower of ", info.depth, " blocks of ", info.width,
                                    " channels in ", info.heads, " heads, ", info.parameters,
                                    " parameters, ", info.layout, " layout")});
    facts.push_back(
        {"", concat(info.dim, " channels shared with images, ", info.context, " tokens a text")});
    if (named.empty() && vocabularies_in(file.parent_path()).empty()) {
        facts.push_back({"vocabulary",
                         concat("none beside it; texts need one of ", info.vocabulary, " tokens")});
        return;
    }
    const auto found = find_vocabulary(named, file);
    const auto tokenizer = read_tokenizer(found);
    require_fitting(tokenizer, info, found);
    facts.push_back({"vocabulary", concat(found.string(), ", ", tokenizer.size(), " tokens")});
}

}  // namespace

std::vector<CheckpointFact> describe_checkpoint(const BackboneEntry& entry, const fs::path& file,
                                                const fs::path& vocabulary) {
    std::vector<CheckpointFact> facts;
    add_image_tower(load_backbone(entry, file, {})->info(), facts);
    add_text_tower(entry, file, vocabulary, facts);
    if (auto note = weights_note(entry, file, {}); !note.empty()) {
        facts.push_back({"note", std::move(note)});
    }
    return facts;
}

}  // namespace patchead
