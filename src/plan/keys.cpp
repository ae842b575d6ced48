#include "keys.hpp"

#include "patchead/core/option_names.hpp"

namespace patchead {
namespace {

/// Raise one when the content of an artifact changes for the same inputs.
constexpr const char* kAlignSchema = "2";
constexpr const char* kFeatureSchema = "1";
constexpr const char* kMatchSchema = "3";
constexpr const char* kResultSchema = "1";

using Fields = std::map<std::string, std::string>;

std::string word(auto value) { return std::string(name_of(value)); }

std::string numbers(const std::array<float, 3>& values) {
    return concat(exact_text(double{values[0]}), " ", exact_text(double{values[1]}), " ",
                  exact_text(double{values[2]}));
}

std::string crop_text(const Sample& sample) {
    return sample.crop ? concat(sample.crop->first, ":", sample.crop->last) : "";
}

void add_image(const Sample& sample, ListDigest& list) {
    list.add(sample.id);
    list.add(sample.digest);
    list.add(crop_text(sample));
}

std::string image_list(const SweepSpec& spec, const std::vector<std::size_t>& samples) {
    ListDigest list;
    for (const auto i : samples) { add_image(spec.samples[i], list); }
    return list.text();
}

std::string transform_list(const std::vector<PairRef>& transforms, const SweepPlan& plan) {
    ListDigest list;
    for (const auto& transform : transforms) {
        list.add(plan.aligns[transform.align].key.digest());
        list.add(std::to_string(transform.pair));
    }
    return list.text();
}

std::string version_list(const std::vector<Version>& versions) {
    ListDigest list;
    for (const auto version : versions) { list.add(std::to_string(static_cast<int>(version))); }
    return list.text();
}

/// What determines the pixels of copies, beside the images and their size.
void add_copies(Fields& fields, const AlignOptions& options, const std::vector<PairRef>& transforms,
                const SweepPlan& plan) {
    if (transforms.empty()) { return; }
    fields["transforms"] = transform_list(transforms, plan);
    fields["border"] = word(options.border);
    fields["warp"] = word(options.warp);
}

std::string reference_list(const std::vector<ImageRef>& images, const SweepPlan& plan) {
    ListDigest list;
    for (const auto& image : images) {
        list.add(plan.embeds[image.embed].key.digest());
        list.add(std::to_string(image.row));
    }
    return list.text();
}

void add_scoring(Fields& fields, const ScoringOptions& options) {
    fields["select"] = word(options.select);
    fields["kp_fraction"] = exact_text(options.reference_fraction);
    fields["kp_rounding"] = word(options.reference_rounding);
    fields["rho"] = exact_text(options.patch_fraction);
    fields["distance"] = options.euclidean ? "l2" : "cosine";
    if (options.masking) {
        fields["mask_threshold"] = exact_text(options.masking->threshold);
        fields["mask_weight"] = exact_text(options.masking->weight);
        // Left out for attention, which was all there was: stores keep their results.
        if (!options.masking->needs_attention()) {
            fields["mask_source"] = word(options.masking->source);
        }
    }
}

void add_metrics(Fields& fields, const MetricOptions& options) {
    fields["eval_size"] =
        options.side_px == kNativeSide ? "native" : std::to_string(options.side_px);
    fields["interpolation"] = word(options.interpolation);
    fields["smooth_sigma"] = exact_text(options.smooth_sigma_px);
    fields["mask_resize"] = word(options.mask_resize);
    fields["pro_limit"] = exact_text(options.pro_limit);
    fields["pro_connectivity"] = std::to_string(options.connectivity);
    fields["pixel_good"] = options.normal_images ? "1" : "0";
}

}  // namespace

ArtifactKey align_key(const SweepSpec& spec, const AlignUnit& unit) {
    ListDigest images;
    for (const auto& pair : unit.pairs) {
        add_image(spec.samples[pair.source], images);
        add_image(spec.samples[pair.target], images);
    }
    return {"alignment",
            {{"schema", kAlignSchema},
             {"pairs", images.text()},
             {"estimator", word(spec.align.estimator)},
             {"model", word(spec.align.model)},
             {"side", std::to_string(spec.align.side_px)}}};
}

ArtifactKey embed_key(const SweepSpec& spec, const EmbedUnit& unit, const SweepPlan& plan) {
    const auto& backbone = spec.backbones[unit.backbone];
    Fields fields;
    for (const auto& [name, value] : backbone.identity) { fields["backbone." + name] = value; }
    fields["schema"] = kFeatureSchema;
    fields["images"] = image_list(spec, unit.samples);
    fields["image_size"] = std::to_string(unit.side_px);
    fields["filter"] = word(backbone.preprocessing.filter);
    fields["mean"] = numbers(backbone.preprocessing.mean);
    fields["std"] = numbers(backbone.preprocessing.std);
    fields["type"] = word(spec.cache_type);
    if (unit.copies) {
        fields["versions"] = version_list(unit.copies->versions);
        add_copies(fields, spec.align, unit.copies->transforms, plan);
    }
    return {"features", std::move(fields)};
}

ArtifactKey match_key(const SweepSpec& spec, const MatchUnit& unit, const SweepPlan& plan) {
    Fields fields{{"schema", kMatchSchema},
                  {"queries", reference_list(unit.queries, plan)},
                  {"references", reference_list(unit.references, plan)},
                  {"reduce", word(spec.reduce)}};
    if (unit.warped) { add_copies(fields, spec.align, unit.warped->transforms, plan); }
    return {"match", std::move(fields)};
}

ArtifactKey evaluate_key(const SweepSpec& spec, const EvaluateUnit& unit, const SweepPlan& plan) {
    ListDigest inputs;
    for (const auto& group : unit.matches) {
        for (const auto i : group) { inputs.add(plan.matches[i].key.digest()); }
    }
    ListDigest labels;
    for (const auto i : unit.tests) {
        labels.add(spec.samples[i].anomalous ? "anomalous" : "normal");
    }
    Fields fields{{"schema", kResultSchema},
                  {"matches", inputs.text()},
                  {"tests", image_list(spec, unit.tests)},
                  {"labels", labels.text()},
                  {"shots", std::to_string(unit.shots)}};
    if (unit.modules.align) {
        fields["align_rotations"] = unit.align.rotations ? "1" : "0";
        fields[unit.shots > 0 ? "align_originals" : "align_zero"] =
            unit.shots > 0 ? (unit.align.originals ? "1" : "0") : word(unit.align.zero);
    }
    add_scoring(fields, unit.scoring);
    add_metrics(fields, unit.metrics);
    return {"result", std::move(fields)};
}

}  // namespace patchead
