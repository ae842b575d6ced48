#include "unit_kinds.hpp"

#include "patchead/core/counted.hpp"
#include "patchead/core/error.hpp"
#include "patchead/plan/fusion.hpp"

namespace patchead::inline plan_detail {
namespace {

std::string place_text(const SweepPlan& plan, const EmbedUnit& unit) {
    const auto& sample = plan.spec.samples[unit.samples.front()];
    return concat(sample.dataset, "/", sample.category, ", ",
                  plan.spec.backbones[unit.backbone].name, " ", unit.side_px, " px");
}

std::string text_of(const SweepPlan& plan, const AlignUnit& unit) {
    const auto& target = plan.spec.samples[unit.pairs.front().target];
    return concat(target.dataset, "/", target.category, ", ", counted(unit.pairs.size(), "pair"));
}

std::string text_of(const SweepPlan& plan, const EmbedUnit& unit) {
    return concat(place_text(plan, unit), ", ",
                  unit.copies ? counted(unit.samples.size(), "copy", "copies")
                              : counted(unit.samples.size(), "image"));
}

std::string text_of(const SweepPlan& plan, const MatchUnit& unit) {
    return concat(place_text(plan, plan.embeds[unit.queries.front().embed]), ", ",
                  unit.queries.size(), " x ", unit.references.size(),
                  unit.warped ? " copies" : " images");
}

std::string text_of(const SweepPlan& plan, const FitUnit& unit) {
    return concat(place_text(plan, plan.embeds[unit.references.front().embed]), ", ",
                  plan.spec.detectors[unit.detector].name, " of ",
                  counted(unit.references.size(), "reference"));
}

std::string text_of(const SweepPlan& plan, const DetectUnit& unit) {
    return concat(place_text(plan, plan.embeds[unit.queries.front().embed]), ", ",
                  plan.spec.detectors[unit.detector].name, " on ",
                  counted(unit.queries.size(), "image"));
}

std::string text_of(const SweepPlan& plan, const EvaluateUnit& unit) {
    const auto sizes = sizes_text(plan, unit);
    std::string detector;
    if (unit.detector != kPatchEad) {
        detector = concat(plan.spec.detectors[unit.detector].name, ", ");
    }
    return concat(unit.dataset, "/", unit.category, ", ", detector, backbone_text(plan, unit), " ",
                  sizes.empty() ? std::to_string(unit.side_px) : sizes, " px, ",
                  counted(static_cast<std::size_t>(unit.shots), "shot"), ", seed ", unit.seed, ", ",
                  name_of(unit.modules));
}

void add_images(const std::vector<ImageRef>& images, std::set<std::size_t>& embeds) {
    for (const auto& image : images) { embeds.insert(image.embed); }
}

void add_embeds(const SweepPlan&, const AlignUnit&, std::set<std::size_t>&) {}

void add_embeds(const SweepPlan&, const EmbedUnit& unit, std::set<std::size_t>& embeds) {
    if (unit.copies) { add_images(unit.copies->originals, embeds); }
}

void add_embeds(const SweepPlan&, const MatchUnit& unit, std::set<std::size_t>& embeds) {
    add_images(unit.queries, embeds);
    add_images(unit.references, embeds);
}

void add_embeds(const SweepPlan&, const FitUnit& unit, std::set<std::size_t>& embeds) {
    add_images(unit.references, embeds);
}

void add_embeds(const SweepPlan&, const DetectUnit& unit, std::set<std::size_t>& embeds) {
    add_images(unit.queries, embeds);
}

void add_embeds(const SweepPlan& plan, const EvaluateUnit& unit, std::set<std::size_t>& embeds) {
    if (!unit.scoring.masking || !unit.scoring.masking->needs_attention()) { return; }
    for (const auto* part : parts_of(plan, unit)) {
        for (const auto& group : part->matches) {
            add_images(plan.matches[group.front()].queries, embeds);
        }
    }
}

/// Whether a detector embeds texts for the category of `image`; all else that it does, cores do.
bool embeds_texts(const SweepPlan& plan, std::size_t detector, const ImageRef& image,
                  Setting setting) {
    const auto& sample = plan.spec.samples[plan.embeds[image.embed].samples[image.row]];
    const auto& settings = plan.spec.detectors[detector].settings(sample.dataset, sample.category);
    const auto& needs = settings.needs(setting);
    return needs && !needs->prompts.empty();
}

bool is_of_device(const SweepPlan&, const AlignUnit&) { return false; }
bool is_of_device(const SweepPlan&, const EmbedUnit&) { return true; }
bool is_of_device(const SweepPlan&, const MatchUnit&) { return true; }
bool is_of_device(const SweepPlan& plan, const FitUnit& unit) {
    return embeds_texts(plan, unit.detector, unit.references.front(), Setting::few_shot);
}
/// What a model has of texts, fit has embedded.
bool is_of_device(const SweepPlan& plan, const DetectUnit& unit) {
    return !unit.fit && embeds_texts(plan, unit.detector, unit.queries.front(), Setting::zero_shot);
}
bool is_of_device(const SweepPlan&, const EvaluateUnit&) { return false; }

std::size_t forwards_of(const SweepPlan&, const AlignUnit&) { return 0; }
std::size_t forwards_of(const SweepPlan& plan, const EmbedUnit& unit) {
    return forward_work(plan.spec, unit).passes;
}
std::size_t forwards_of(const SweepPlan& plan, const MatchUnit& unit) {
    return forward_work(plan, unit).passes;
}
std::size_t forwards_of(const SweepPlan&, const FitUnit&) { return 0; }
std::size_t forwards_of(const SweepPlan&, const DetectUnit&) { return 0; }
std::size_t forwards_of(const SweepPlan&, const EvaluateUnit&) { return 0; }

/// The row of the kind whose units are in list `units` of a plan.
template <auto units>
constexpr UnitKindRow row(bool is_expensive) {
    return {
        [](const SweepPlan& plan) { return (plan.*units).size(); },
        [](const SweepPlan& plan, std::size_t i) -> const ArtifactKey* {
            return &(plan.*units)[i].key;
        },
        is_expensive,
        [](const SweepPlan& plan, std::size_t i) { return is_of_device(plan, (plan.*units)[i]); },
        [](const SweepPlan& plan, std::size_t i) { return forwards_of(plan, (plan.*units)[i]); },
        [](const SweepPlan& plan, std::size_t i, std::set<std::size_t>& embeds) {
            add_embeds(plan, (plan.*units)[i], embeds);
        },
        [](const SweepPlan& plan, std::size_t i) { return text_of(plan, (plan.*units)[i]); },
        [](const SweepPlan& plan, std::size_t i) { return work_of(plan, (plan.*units)[i]); }};
}

/// Pictures are drawn of evaluate units and lie in the output folder.
constexpr UnitKindRow picture_row() {
    auto picture = row<&SweepPlan::evaluates>(false);
    picture.key = nullptr;
    picture.work = [](const SweepPlan&, std::size_t) { return WorkEstimate{1, 0, 0, 0, 0}; };
    return picture;
}

/// At the places of kUnitKinds.
constexpr auto kRows = std::to_array<UnitKindRow>(
    {row<&SweepPlan::aligns>(true), row<&SweepPlan::embeds>(true), row<&SweepPlan::matches>(true),
     row<&SweepPlan::fits>(true), row<&SweepPlan::detects>(true),
     row<&SweepPlan::leave_outs>(false), row<&SweepPlan::evaluates>(false), picture_row()});
static_assert(kRows.size() == kUnitKinds.size());

}  // namespace

const UnitKindRow& row_of(UnitKind kind) { return kRows[place_of(kind)]; }

}  // namespace patchead::inline plan_detail
