#include "keys.hpp"

#include "patchead/core/option_names.hpp"

namespace patchead {
namespace {

/// Raise one when the content of an artifact changes for the same inputs.
constexpr const char* kFeatureSchema = "1";
constexpr const char* kMatchSchema = "1";
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

std::string image_list(const SweepSpec& spec, const std::vector<std::size_t>& samples) {
    std::vector<std::string> items;
    for (const auto i : samples) {
        const auto& sample = spec.samples[i];
        items.insert(items.end(), {sample.id, sample.digest, crop_text(sample)});
    }
    return digest_of(items);
}

std::string reference_list(const std::vector<ImageRef>& images,
                           const std::vector<EmbedUnit>& embeds) {
    std::vector<std::string> items;
    for (const auto& image : images) {
        items.push_back(embeds[image.embed].key.digest());
        items.push_back(std::to_string(image.row));
    }
    return digest_of(items);
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
    }
}

void add_metrics(Fields& fields, const MetricOptions& options) {
    fields["eval_size"] = std::to_string(options.side_px);
    fields["interpolation"] = word(options.interpolation);
    fields["smooth_sigma"] = exact_text(options.smooth_sigma_px);
    fields["mask_resize"] = word(options.mask_resize);
    fields["pro_limit"] = exact_text(options.pro_limit);
    fields["pro_connectivity"] = std::to_string(options.connectivity);
    fields["pixel_good"] = options.normal_images ? "1" : "0";
}

}  // namespace

ArtifactKey embed_key(const SweepSpec& spec, const EmbedUnit& unit) {
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
    return {"features", std::move(fields)};
}

ArtifactKey match_key(const SweepSpec& spec, const MatchUnit& unit,
                      const std::vector<EmbedUnit>& embeds) {
    return {"match",
            {{"schema", kMatchSchema},
             {"queries", reference_list(unit.queries, embeds)},
             {"references", reference_list(unit.references, embeds)},
             {"reduce", word(spec.reduce)}}};
}

ArtifactKey evaluate_key(const SweepSpec& spec, const EvaluateUnit& unit,
                         const std::vector<MatchUnit>& matches) {
    std::vector<std::string> inputs;
    for (const auto i : unit.matches) { inputs.push_back(matches[i].key.digest()); }
    std::vector<std::string> labels;
    for (const auto i : unit.tests) {
        labels.push_back(spec.samples[i].anomalous ? "anomalous" : "normal");
    }
    Fields fields{{"schema", kResultSchema},
                  {"matches", digest_of(inputs)},
                  {"tests", image_list(spec, unit.tests)},
                  {"labels", digest_of(labels)},
                  {"shots", std::to_string(unit.shots)}};
    add_scoring(fields, unit.scoring);
    add_metrics(fields, unit.metrics);
    return {"result", std::move(fields)};
}

}  // namespace patchead
