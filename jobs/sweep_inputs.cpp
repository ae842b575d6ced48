#include "sweep_inputs.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "facts.hpp"
#include "patchead/core/digest.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/data/manifest.hpp"
#include "sweep_data.hpp"
#include "weights.hpp"

namespace patchead {
namespace {

using nlohmann::json;

void add_data(const SweepOptions& options, SweepInputs& inputs) {
    auto data = find_data(options);
    inputs.spec.samples = std::move(data.samples);
    inputs.notes = std::move(data.notes);
    for (const auto& [name, digest] : data.id_digests) {
        inputs.provenance["id_digest." + name] = digest;
    }
}

LoadOptions load_options(const SweepOptions& options, const std::string& name,
                         const std::string& device) {
    const auto named = options.backbone_options.find(name);
    if (named == options.backbone_options.end()) { return {device, {}, options.precision}; }
    return {device, named->second, options.precision};
}

/// Everything that determines features beside image and size.
std::map<std::string, std::string> identity_of(const BackboneInfo& info, const LoadOptions& load,
                                               const std::string& digest) {
    std::map<std::string, std::string> identity{{"family", info.family},
                                                {"weights", digest},
                                                {"precision", load.precision},
                                                {"device", load.device}};
    for (const auto& [name, value] : info.options) { identity["option." + name] = value; }
    return identity;
}

void add_backbone(const SweepOptions& options, const BackboneEntry& entry, SweepInputs& inputs) {
    const auto& name = entry.name;
    const auto file = find_weights(entry, options.weights, options.weights_dir);
    const auto load = load_options(options, name, pick_device(options.device));
    const auto info = load_backbone(entry, file, load)->info();
    const auto digest = sha256_file(file);
    inputs.sources.push_back({entry.family, file, load});
    inputs.spec.backbones.push_back(
        {name,
         identity_of(info, load, digest),
         {entry.bicubic ? Filter::bicubic : Filter::bilinear, entry.mean, entry.std},
         info.patch_px,
         info.dim,
         info.depth,
         info.parameters,
         info.has_attention,
         entry.image_px,
         entry.fixed_size});
    inputs.provenance["weights." + name] = digest;
    inputs.provenance["precision"] = load.precision;
    for (const auto& [option, value] : info.options) {
        inputs.provenance[concat("backbone.", name, ".", option)] = value;
    }
}

/// What the names of `--backbone` stand for. Results tell backbones apart by their names.
std::vector<BackboneEntry> find_backbones(const SweepOptions& options) {
    std::vector<BackboneEntry> entries;
    for (const auto& name : options.backbones) {
        auto entry = find_backbone(name);
        require<ConfigError>(std::ranges::count(entries, entry.name, &BackboneEntry::name) == 0,
                             "two backbones are called '", entry.name,
                             "' (results could not be told apart); give one of the modules "
                             "another 'name' in the file beside it");
        entries.push_back(std::move(entry));
    }
    return entries;
}

/// `--weights` and `--backbone-option` for a backbone that is not in the sweep are a slip.
void require_all_used(const SweepOptions& options, const std::vector<BackboneEntry>& entries) {
    const auto check = [&](const char* option, const auto& by_name) {
        for (const auto& [name, value] : by_name) {
            require<ConfigError>(std::ranges::count(entries, name, &BackboneEntry::name) > 0,
                                 "option --", option, ": '", name,
                                 "' is none of the backbones of this sweep; add it to "
                                 "--backbone or leave it out");
        }
    };
    check("weights", options.weights);
    check("backbone-option", options.backbone_options);
}

void add_prompts(const SweepOptions& options, SweepInputs& inputs) {
    if (options.prompts_file.empty()) { return; }
    const auto file = options.prompts_file.string();
    const auto text = read_text(options.prompts_file);
    inputs.spec.prompts = parse_prompts(text, file);
    inputs.provenance["prompts"] = sha256(text);
}

json to_json(const PlannedBackbone& backbone, const BackboneSource& source) {
    return {{"name", backbone.name},
            {"identity", backbone.identity},
            {"bicubic", backbone.preprocessing.filter == Filter::bicubic},
            {"mean", backbone.preprocessing.mean},
            {"std", backbone.preprocessing.std},
            {"patch_px", backbone.patch_px},
            {"dim", backbone.dim},
            {"depth", backbone.depth},
            {"parameters", backbone.parameters},
            {"has_attention", backbone.has_attention},
            {"image_px", backbone.image_px},
            {"fixed_size", backbone.fixed_size},
            {"weights", source.weights.string()},
            {"device", source.options.device},
            {"overrides", source.options.overrides},
            {"precision", source.options.precision}};
}

void add_from_json(const json& from, SweepInputs& inputs) {
    PlannedBackbone backbone;
    backbone.name = from.at("name");
    backbone.identity = from.at("identity").get<std::map<std::string, std::string>>();
    backbone.preprocessing = {from.at("bicubic") ? Filter::bicubic : Filter::bilinear,
                              from.at("mean").get<std::array<float, 3>>(),
                              from.at("std").get<std::array<float, 3>>()};
    backbone.patch_px = from.at("patch_px");
    backbone.dim = from.at("dim");
    backbone.depth = from.at("depth");
    backbone.parameters = from.at("parameters");
    backbone.has_attention = from.at("has_attention");
    backbone.image_px = from.at("image_px");
    backbone.fixed_size = from.at("fixed_size");
    inputs.sources.push_back(
        {backbone.identity.at("family"),
         from.at("weights").get<std::string>(),
         {from.at("device"), from.at("overrides").get<std::map<std::string, std::string>>(),
          from.at("precision")}});
    inputs.spec.backbones.push_back(std::move(backbone));
}

}  // namespace

SweepInputs find_inputs(const SweepOptions& options) {
    SweepInputs inputs;
    inputs.spec = options.method;
    inputs.provenance = build_facts();
    inputs.provenance["config"] = options.config;
    add_data(options, inputs);
    const auto entries = find_backbones(options);
    require_all_used(options, entries);
    for (const auto& entry : entries) { add_backbone(options, entry, inputs); }
    add_prompts(options, inputs);
    digest_needed(inputs.spec.samples, needed_samples(inputs.spec), options.threads);
    return inputs;
}

SweepInputs with_method(SweepInputs inputs, const SweepOptions& options) {
    auto spec = options.method;
    spec.samples = std::move(inputs.spec.samples);
    spec.backbones = std::move(inputs.spec.backbones);
    spec.prompts = std::move(inputs.spec.prompts);
    inputs.spec = std::move(spec);
    inputs.provenance["config"] = options.config;
    return inputs;
}

std::string to_text(const SweepInputs& inputs) {
    json backbones = json::array();
    for (std::size_t i = 0; i < inputs.sources.size(); ++i) {
        backbones.push_back(to_json(inputs.spec.backbones[i], inputs.sources[i]));
    }
    json prompts = json::array();
    for (const auto& prompt : inputs.spec.prompts) {
        prompts.push_back({prompt.dataset, prompt.category, prompt.image});
    }
    return json{{"samples", to_tsv(inputs.spec.samples)},
                {"backbones", backbones},
                {"prompts", prompts},
                {"provenance", inputs.provenance}}
        .dump();
}

SweepInputs inputs_from_text(const std::string& text, const SweepOptions& options) {
    const auto from = json::parse(text);
    SweepInputs inputs;
    inputs.spec = options.method;
    inputs.spec.samples = samples_from_tsv(from.at("samples").get<std::string>());
    for (const auto& backbone : from.at("backbones")) { add_from_json(backbone, inputs); }
    for (const auto& prompt : from.at("prompts")) {
        inputs.spec.prompts.push_back({prompt.at(0), prompt.at(1), prompt.at(2)});
    }
    inputs.provenance = from.at("provenance").get<Provenance>();
    return inputs;
}

}  // namespace patchead
