#include "sweep_texts.hpp"

#include <set>
#include <string>
#include <utility>

#include "patchead/backbone/text.hpp"
#include "patchead/core/dataset_names.hpp"
#include "patchead/core/error.hpp"
#include "patchead/data/prompt_set.hpp"
#include "patchead/pipeline/embed_texts.hpp"
#include "patchead/plan/class_texts.hpp"
#include "planned_detectors.hpp"

namespace patchead::inline setup_detail {
namespace {

/// Prompt sets that detectors want.
std::set<std::string> wanted_prompt_sets(const std::vector<PlannedDetector>& detectors) {
    std::set<std::string> wanted;
    const auto add = [&wanted](const DetectorSettings& settings) {
        for (const auto* needs : {&settings.few_shot, &settings.zero_shot}) {
            if (*needs && !(*needs)->prompts.empty()) { wanted.insert((*needs)->prompts); }
        }
    };
    for (const auto& detector : detectors) {
        add(detector.common);
        for (const auto& [place, settings] : detector.own) { add(settings); }
    }
    return wanted;
}

/// `number`: of a backbone that brings a text tower.
void add_tower(const std::filesystem::path& vocabulary, std::size_t number,
               SweepFindings& findings) {
    auto& source = findings.sources[number];
    auto& backbone = findings.backbones[number];
    source.vocabulary = find_vocabulary(vocabulary, source.weights);
    const auto tokenizer = read_tokenizer(source.vocabulary);
    // Said here, once, and not by each unit that needs texts.
    require_fitting(tokenizer,
                    load_text_encoder(source.family, source.weights, source.options)->info(),
                    source.vocabulary);
    backbone.text =
        PlannedTower{tower_identity({source, source.vocabulary}, backbone.identity.at("weights")),
                     tokenizer.digest()};
    findings.provenance["vocabulary." + backbone.name] = tokenizer.digest();
}

}  // namespace

SentencesByClass sentences_about(const std::vector<Sample>& samples,
                                 const std::vector<PlannedDetector>& detectors, Provenance& facts) {
    SentencesByClass all;
    for (const auto& name : wanted_prompt_sets(detectors)) {
        const auto set = read_prompt_set(find_prompt_set(name));
        facts["prompt_set." + name] = set.digest;
        for (const auto& sample : samples) {
            const auto [place, is_new] =
                all.try_emplace(sentences_name(name, sample.dataset, sample.category));
            if (!is_new) { continue; }
            const auto words = class_name(set, base_dataset(sample.dataset), sample.category);
            place->second = {sentences(set.normal, set.templates, words),
                             sentences(set.anomalous, set.templates, words)};
        }
    }
    return all;
}

void add_texts(const SweepRequest& request, SweepFindings& findings) {
    findings.sentences =
        sentences_about(findings.samples, plan_detectors(request.detectors), findings.provenance);
    if (findings.sentences.empty()) { return; }
    for (std::size_t i = 0; i < findings.sources.size(); ++i) {
        const auto& source = findings.sources[i];
        BackboneEntry entry;
        entry.family = source.family;
        if (brings_text(entry, source.weights, source.options)) {
            add_tower(request.backbones.vocabulary, i, findings);
        }
    }
}

}  // namespace patchead::inline setup_detail
