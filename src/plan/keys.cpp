#include "keys.hpp"

#include "key_lists.hpp"
#include "patchead/core/option_domains.hpp"
#include "patchead/plan/class_texts.hpp"
#include "patchead/plan/fusion.hpp"
#include "patchead/plan/pass_tokens.hpp"

namespace patchead::inline plan_detail {
namespace {

/// Raise one when the content of an artifact changes for the same inputs.
constexpr const char* kAlignSchema = "2";
constexpr const char* kFeatureSchema = "1";
constexpr const char* kMatchSchema = "3";
constexpr const char* kModelSchema = "1";
constexpr const char* kScoresSchema = "1";
constexpr const char* kResultSchema = "1";

using Fields = std::map<std::string, std::string>;

std::string numbers(const std::array<float, 3>& values) {
    return concat(exact_text(double{values[0]}), " ", exact_text(double{values[1]}), " ",
                  exact_text(double{values[2]}));
}

/// A field's name; `is_added`: the option came later, and at its default the field is left out, so
/// that stores from before keep what they have.
struct KeyField {
    // NOLINTNEXTLINE(google-explicit-constructor)
    KeyField(const char* field, bool added = false) : name(field), is_added(added) {}
    const char* name;
    bool is_added;
};

KeyField added(const char* name) { return {name, true}; }

template <class Domain, class Value>
void add_field(Fields& fields, const KeyField& field, const Domain& domain, const Value& value,
               const Value& initial) {
    if (field.is_added && value == initial) { return; }
    fields[field.name] = domain.key(value);
}

// Each adds all members of its struct: core/options.def is the list.
#define PATCHEAD_KEY_OPTION(type, member, initial, domain, option, field, help) \
    add_field<decltype(domain), type>(fields, field, domain, options.member, initial);
#define PATCHEAD_KEY_MEMBER(type, member, initial, domain, field) \
    add_field<decltype(domain), type>(fields, field, domain, options.member, initial);

void add(Fields& fields, const FeatureOptions& options) {
#define PATCHEAD_FEATURE_OPTION PATCHEAD_KEY_OPTION
#include "patchead/core/options.def"
}

void add(Fields& fields, const MatchOptions& options) {
#define PATCHEAD_MATCH_MEMBER PATCHEAD_KEY_MEMBER
#include "patchead/core/options.def"
}

void add(Fields& fields, const Masking& options) {
#define PATCHEAD_MASKING_OPTION PATCHEAD_KEY_OPTION
#include "patchead/core/options.def"
}

void add(Fields& fields, const ScoringOptions& options) {
#define PATCHEAD_SCORING_OPTION PATCHEAD_KEY_OPTION
#define PATCHEAD_SCORING_MEMBER PATCHEAD_KEY_MEMBER
#include "patchead/core/options.def"
    if (options.masking) { add(fields, *options.masking); }
}

void add(Fields& fields, const MetricOptions& options) {
#define PATCHEAD_METRIC_OPTION PATCHEAD_KEY_OPTION
#include "patchead/core/options.def"
}

void add_estimate(Fields& fields, const AlignOptions& options) {
#define PATCHEAD_ALIGN_ESTIMATE_OPTION PATCHEAD_KEY_OPTION
#include "patchead/core/options.def"
}

void add_copy(Fields& fields, const AlignOptions& options) {
#define PATCHEAD_ALIGN_COPY_OPTION PATCHEAD_KEY_OPTION
#include "patchead/core/options.def"
}

/// What of `options` is for few-shot, for batch zero-shot or for both.
bool few_or_zero(Setting) { return true; }
bool few_only(Setting setting) { return setting == Setting::few_shot; }
bool zero_only(Setting setting) { return setting == Setting::zero_shot; }

void add_use(Fields& fields, const AlignOptions& options, Setting setting) {
#define PATCHEAD_ALIGN_USE_OPTION(is_for, ...) \
    if (is_for(setting)) { PATCHEAD_KEY_OPTION(__VA_ARGS__) }
#include "patchead/core/options.def"
}

void add(Fields& fields, const FuseOptions& options) {
#define PATCHEAD_FUSE_OPTION PATCHEAD_KEY_OPTION
#include "patchead/core/options.def"
}

#undef PATCHEAD_KEY_OPTION
#undef PATCHEAD_KEY_MEMBER

/// Objects for masks are found at the size at which images are compared.
void add_object_size(Fields& fields, const AlignOptions& options) {
    add_field(fields, added("mask_side"), Whole(1), options.side_px, AlignOptions{}.side_px);
}

/// What determines the pixels of copies, beside the images and their size.
void add_copies(Fields& fields, const SweepPlan& plan, const std::vector<PairRef>& transforms) {
    if (transforms.empty()) { return; }
    fields["transforms"] = transform_list(transforms, plan);
    add_copy(fields, plan.spec.method.align);
}

}  // namespace

ArtifactKey align_key(const SweepPlan& plan, const AlignUnit& unit) {
    ListDigest images;
    for (const auto& pair : unit.pairs) {
        add_image(plan.spec.samples[pair.source], images);
        add_image(plan.spec.samples[pair.target], images);
    }
    Fields fields{{"schema", kAlignSchema}, {"pairs", images.text()}};
    add_estimate(fields, plan.spec.method.align);
    return {"alignment", std::move(fields)};
}

ArtifactKey embed_key(const SweepPlan& plan, const EmbedUnit& unit) {
    const auto& backbone = plan.spec.backbones[unit.backbone];
    Fields fields;
    for (const auto& [name, value] : backbone.identity) { fields["backbone." + name] = value; }
    fields["schema"] = kFeatureSchema;
    fields["images"] = image_list(plan.spec, unit.samples);
    fields["image_size"] = std::to_string(unit.side_px);
    fields["filter"] = name_of(backbone.preprocessing.filter);
    fields["mean"] = numbers(backbone.preprocessing.mean);
    fields["std"] = numbers(backbone.preprocessing.std);
    add(fields, plan.spec.method.features);
    if (plan.spec.method.features.resize != Resize::squash) {
        fields["grid"] = concat(unit.frame.rows, "x", unit.frame.cols);
    }
    if (unit.copies) {
        fields["versions"] = version_list(unit.copies->versions);
        add_copies(fields, plan, unit.copies->transforms);
    }
    return {"features", std::move(fields)};
}

ArtifactKey match_key(const SweepPlan& plan, const MatchUnit& unit) {
    Fields fields{{"schema", kMatchSchema},
                  {"queries", reference_list(unit.queries, plan)},
                  {"references", reference_list(unit.references, plan)}};
    add(fields, plan.spec.method.matching);
    if (unit.warped) { add_copies(fields, plan, unit.warped->transforms); }
    return {"match", std::move(fields)};
}

namespace {

/// A detector, its options, and what it needs of the network of `image`.
Fields detector_fields(const SweepPlan& plan, std::size_t number, Setting setting,
                       const ImageRef& image) {
    const auto& detector = plan.spec.detectors[number];
    const auto& embed = plan.embeds[image.embed];
    const auto& sample = plan.spec.samples[embed.samples[image.row]];
    const auto& settings = detector.settings(sample.dataset, sample.category);
    const auto& needs = settings.needs(setting);
    Fields fields{{"detector", detector.method},
                  {"tokens", text_of(tokens_for(plan.spec, embed.backbone, *needs))}};
    for (const auto& [name, value] : settings.options) { fields["option." + name] = value; }
    if (!needs->prompts.empty()) {
        const auto texts =
            texts_for(plan.spec, embed.backbone, sample.dataset, sample.category, *needs);
        fields["texts"] = text_key(texts).digest();
    }
    return fields;
}

/// Whether a model depends on the seed, or its key has it all the same.
bool draws(const SweepPlan& plan, const FitUnit& unit) {
    const auto& image = unit.references.front();
    const auto& sample = plan.spec.samples[plan.embeds[image.embed].samples[image.row]];
    const auto& detector = plan.spec.detectors[unit.detector];
    return detector.draws || detector.settings(sample.dataset, sample.category).draws;
}

/// What determines the scores of a point that is not fused, and what they are measured against.
Fields score_fields(const SweepPlan& plan, const EvaluateUnit& unit) {
    ListDigest inputs;
    for (const auto& group : unit.matches) {
        for (const auto i : group) { inputs.add(plan.matches[i].key.digest()); }
    }
    for (const auto i : unit.detects) { inputs.add(plan.detects[i].key.digest()); }
    Fields fields{{"schema", kResultSchema},
                  {unit.detector == kPatchEad ? "matches" : "scores", inputs.text()},
                  {"tests", image_list(plan.spec, unit.tests)},
                  {"labels", label_list(plan.spec, unit.tests)},
                  {"shots", std::to_string(unit.shots)}};
    if (auto views = view_list(plan.spec, unit.tests); !views.empty()) {
        fields["views"] = std::move(views);
    }
    if (unit.detector != kPatchEad) { return fields; }
    if (unit.companies) { fields["company"] = digest_of(*unit.companies); }
    if (unit.modules.align) { add_use(fields, unit.align, setting_of(unit.shots)); }
    add(fields, unit.scoring);
    const auto& masking = unit.scoring.masking;
    if (masking && !masking->needs_attention()) { add_object_size(fields, unit.align); }
    return fields;
}

/// The same of a fused point. What it is made of does not depend on how that is measured by itself.
Fields fused_fields(const SweepPlan& plan, const EvaluateUnit& unit) {
    ListDigest parts;
    for (const auto* part : parts_of(plan, unit)) {
        parts.add(ArtifactKey("scores", score_fields(plan, *part)).digest());
    }
    Fields fields{{"schema", kResultSchema},
                  {"fuse", std::string(name_of(unit.fusion->rule))},
                  {"parts", parts.text()}};
    add(fields, unit.fusion->options);
    return fields;
}

}  // namespace

ArtifactKey fit_key(const SweepPlan& plan, const FitUnit& unit) {
    auto fields = detector_fields(plan, unit.detector, Setting::few_shot, unit.references.front());
    fields["schema"] = kModelSchema;
    fields["references"] = reference_list(unit.references, plan);
    if (draws(plan, unit)) { fields["seed"] = std::to_string(unit.seed); }
    return {"model", std::move(fields)};
}

ArtifactKey detect_key(const SweepPlan& plan, const DetectUnit& unit) {
    Fields fields{{"schema", kScoresSchema}, {"queries", reference_list(unit.queries, plan)}};
    if (unit.fit) {
        fields["model"] = plan.fits[*unit.fit].key.digest();
    } else {
        fields.merge(
            detector_fields(plan, unit.detector, Setting::zero_shot, unit.queries.front()));
        fields["owned"] = std::to_string(unit.owned);
    }
    return {"scores", std::move(fields)};
}

ArtifactKey evaluate_key(const SweepPlan& plan, const EvaluateUnit& unit) {
    auto fields = unit.fusion ? fused_fields(plan, unit) : score_fields(plan, unit);
    add(fields, unit.metrics);
    return {"result", std::move(fields)};
}

}  // namespace patchead::inline plan_detail
