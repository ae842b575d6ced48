#include "unit_list.hpp"

#include <vector>

#include "keys.hpp"
#include "patchead/plan/input_shapes.hpp"
#include "patchead/plan/pass_tokens.hpp"

namespace patchead {
namespace {

template <class Unit>
std::size_t add_once(Unit unit, std::vector<Unit>& units,
                     std::map<std::string, std::size_t>& places) {
    const auto [place, is_new] = places.emplace(unit.key.digest(), units.size());
    if (is_new) { units.push_back(std::move(unit)); }
    return place->second;
}

}  // namespace

std::size_t UnitList::add(AlignUnit unit) {
    unit.key = align_key(plan_, unit);
    return add_once(std::move(unit), plan_.aligns, places_);
}

std::size_t UnitList::add(EmbedUnit unit) {
    unit.frame = frame_of(unit);
    const auto& asked = asked_of(unit.backbone);
    if (can_merge(unit.tokens, asked)) { unit.tokens = merged(unit.tokens, asked); }
    if (unit.copies) { want_originals(*unit.copies, unit.tokens); }
    unit.key = embed_key(plan_, unit);
    if (auto* known = same_pass(unit.key, unit.tokens)) {
        known->tokens = merged(known->tokens, unit.tokens);
        known->key = known->key.with(known->tokens);
        return static_cast<std::size_t>(known - plan_.embeds.data());
    }
    unit.key = unit.key.with(unit.tokens);
    passes_[unit.key.digest()].push_back(plan_.embeds.size());
    plan_.embeds.push_back(std::move(unit));
    return plan_.embeds.size() - 1;
}

/// Of an image that is copied its tokens are copied, too.
void UnitList::want_originals(Copies& copies, const TokenRequest& tokens) {
    std::map<std::size_t, std::size_t> places;  // Mostly what they were.
    for (auto& image : copies.originals) {
        const auto [known, is_new] = places.try_emplace(image.embed);
        if (is_new) {
            auto original = plan_.embeds[image.embed];
            original.tokens = tokens;
            known->second = add(std::move(original));
        }
        image.embed = known->second;
    }
}

EmbedUnit* UnitList::same_pass(const ArtifactKey& key, const TokenRequest& tokens) {
    for (const auto place : passes_[key.digest()]) {
        auto& known = plan_.embeds[place];
        if (can_merge(known.tokens, tokens)) { return &known; }
    }
    return nullptr;
}

const TokenRequest& UnitList::asked_of(std::size_t backbone) {
    const auto [known, is_new] = asked_.try_emplace(backbone);
    if (is_new) { known->second = asked_tokens(spec(), backbone); }
    return known->second;
}

std::size_t UnitList::add(MatchUnit unit) {
    unit.key = match_key(plan_, unit);
    return add_once(std::move(unit), plan_.matches, places_);
}

std::size_t UnitList::add(FitUnit unit) {
    unit.key = fit_key(plan_, unit);
    return add_once(std::move(unit), plan_.fits, places_);
}

std::size_t UnitList::add(DetectUnit unit) {
    unit.key = detect_key(plan_, unit);
    return add_once(std::move(unit), plan_.detects, places_);
}

std::size_t UnitList::with_needs(std::size_t embed, const PlannedNeeds& needs) {
    auto unit = plan_.embeds[embed];
    unit.tokens = tokens_for(spec(), unit.backbone, needs);
    return add(std::move(unit));
}

Grid UnitList::frame_of(const EmbedUnit& unit) {
    const auto sample = unit.samples.front();
    const auto& [dataset, category] =
        std::tie(spec().samples[sample].dataset, spec().samples[sample].category);
    const auto [known, is_new] =
        frames_.try_emplace({dataset, category, unit.backbone, unit.side_px});
    if (is_new) { known->second = patchead::frame_of(spec(), sample, unit.backbone, unit.side_px); }
    return known->second;
}

std::size_t UnitList::add(EvaluateUnit unit) {
    unit.key = evaluate_key(plan_, unit);
    plan_.evaluates.push_back(std::move(unit));
    return plan_.evaluates.size() - 1;
}

}  // namespace patchead
