#include "unit_list.hpp"

#include <algorithm>
#include <vector>

#include "keys.hpp"
#include "patchead/plan/input_shapes.hpp"
#include "patchead/plan/pass_tokens.hpp"

namespace patchead {
namespace {

/// Raise it when the content changes for the same inputs.
constexpr const char* kLeftOutSchema = "left-out 1";

template <class Unit>
std::size_t add_once(Unit unit, std::vector<Unit>& units,
                     std::map<std::string, std::size_t>& places) {
    const auto [place, is_new] = places.emplace(unit.key.digest(), units.size());
    if (is_new) { units.push_back(std::move(unit)); }
    return place->second;
}

/// Of the scores that a point would be measured by, however it would be.
ArtifactKey leave_out_key(const SweepPlan& plan, EvaluateUnit unit) {
    unit.metrics = {};
    return {"scores", {{"schema", kLeftOutSchema}, {"point", evaluate_key(plan, unit).digest()}}};
}

/// Tokens that a pass gives, too, are in the name of its artifact.
void want(EmbedUnit& unit, const TokenRequest& tokens) {
    unit.tokens = merged(unit.tokens, tokens);
    unit.key = unit.key.with(unit.tokens);
}

}  // namespace

std::size_t UnitList::add(AlignUnit unit) {
    unit.key = align_key(plan_, unit);
    return add_once(std::move(unit), plan_.aligns, places_);
}

std::size_t UnitList::add(EmbedUnit unit) {
    unit.frame = frame_of(unit);
    unit.tokens = merged(unit.tokens, asked_of(unit.backbone));
    if (unit.copies) {  // Of an image that is copied its tokens are copied, too.
        for (const auto& image : unit.copies->originals) {
            want(plan_.embeds[image.embed], unit.tokens);
        }
    }
    unit.key = embed_key(plan_, unit);
    const auto tokens = unit.tokens;
    const auto place = add_once(std::move(unit), plan_.embeds, places_);
    want(plan_.embeds[place], tokens);
    return place;
}

std::vector<ImageRef> UnitList::add_blocks(std::size_t backbone, int side_px,
                                           const std::vector<std::size_t>& samples) {
    std::vector<ImageRef> places;
    places.reserve(samples.size());
    for (std::size_t at = 0; at < samples.size(); at += spec().method.units.block_images) {
        const auto end = std::min(at + spec().method.units.block_images, samples.size());
        const auto embed = add(EmbedUnit{
            backbone,
            side_px,
            {samples.begin() + std::ptrdiff_t(at), samples.begin() + std::ptrdiff_t(end)}});
        for (std::size_t row = 0; row < end - at; ++row) { places.push_back({embed, row}); }
    }
    return places;
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

std::size_t UnitList::add_leave_out(EvaluateUnit unit) {
    unit.key = leave_out_key(plan_, unit);
    return add_once(std::move(unit), plan_.leave_outs, places_);
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
