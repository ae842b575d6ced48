#include "patchead/setup/sweep_inputs.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "patchead/backbone/precision.hpp"
#include "patchead/backbone/weights_note.hpp"
#include "patchead/core/counted.hpp"
#include "patchead/core/digest.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/data/dataset.hpp"
#include "patchead/metrics/metric_names.hpp"
#include "patchead/plan/prompts.hpp"
#include "patchead/setup/weights_file.hpp"
#include "planned_detectors.hpp"
#include "sample_codec.hpp"
#include "sweep_data.hpp"
#include "sweep_texts.hpp"

namespace patchead {
namespace {

/// Takes the images of a list out of `findings`, as if they were not there.
void leave_out(const std::filesystem::path& path, SweepFindings& findings) {
    if (path.empty()) { return; }
    const auto text = read_text(path);
    const auto list = read_prompts(text, path.string(), findings.samples);
    std::set<std::pair<std::string, std::string>> gone;
    for (const auto& image : list.prompts) { gone.emplace(image.dataset, image.image); }
    std::erase_if(findings.samples, [&](const Sample& sample) {
        return gone.contains({sample.dataset, sample.id});
    });
    std::ranges::copy(list.notes, std::back_inserter(findings.notes));
    findings.notes.push_back(
        concat(counted(gone.size(), "image"), " left out, as '", path.string(), "' says"));
    findings.provenance["without"] = sha256(text);
    std::map<std::string, std::vector<Sample>> left;
    for (const auto& sample : findings.samples) { left[sample.dataset].push_back(sample); }
    for (const auto& [dataset, samples] : left) {
        findings.provenance["id_digest." + dataset] = id_digest(samples);
    }
}

void add_data(const DataRequest& request, SweepFindings& findings) {
    auto data = find_data(request);
    findings.samples = std::move(data.samples);
    findings.notes = std::move(data.notes);
    for (const auto& [name, digest] : data.id_digests) {
        findings.provenance["id_digest." + name] = digest;
    }
    leave_out(request.without, findings);
}

LoadOptions load_options(const BackboneRequest& request, const std::string& name,
                         const std::string& device) {
    const auto named = request.options.find(name);
    if (named == request.options.end()) { return {device, {}, request.precision}; }
    return {device, named->second, request.precision};
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

/// That of a size of its family that has no name: as near to the usual one as its patches allow.
int default_px(const BackboneEntry& entry, const BackboneInfo& info) {
    if (entry.patch_px > 0) { return entry.image_px; }
    const int patches = std::max(1, (entry.image_px + info.patch_px / 2) / info.patch_px);
    return patches * info.patch_px;
}

void add_backbone(const BackboneRequest& request, const BackboneEntry& entry,
                  const std::string& device, SweepFindings& findings) {
    const auto& name = entry.name;
    const auto file = find_weights(entry, request.weights, request.weights_dir);
    auto load = load_options(request, name, device);
    load.overrides.insert(entry.options.begin(), entry.options.end());
    // First, since a disk that fails is a message here, but a signal below a mapped file.
    const auto digest = sha256_file(file);
    const auto info = load_backbone(entry, file, load)->info();
    if (const auto note = weights_note(entry, file, load); !note.empty()) {
        findings.notes.push_back(concat("weights of ", name, ": ", note));
    }
    findings.sources.push_back({entry.family, file, load});
    findings.backbones.push_back(
        {name,
         identity_of(info, load, digest),
         {entry.bicubic ? Filter::bicubic : Filter::bilinear, entry.mean, entry.std},
         info.patch_px,
         info.dim,
         info.depth,
         info.parameters,
         info.has_attention(),
         default_px(entry, info),
         entry.fixed_size,
         info.width,
         info.layers,
         info.layer_shapes,
         info.windows});
    findings.provenance["weights." + name] = digest;
    findings.provenance["precision"] = load.precision;
    for (const auto& [option, value] : info.options) {
        findings.provenance[concat("backbone.", name, ".", option)] = value;
    }
}

/// What the names of `--backbone` stand for. Results tell backbones apart by their names.
std::vector<BackboneEntry> find_backbones(const BackboneRequest& request) {
    std::vector<BackboneEntry> entries;
    for (const auto& name : request.names) {
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
void require_all_used(const BackboneRequest& request, const std::vector<BackboneEntry>& entries) {
    const auto check = [&](const char* option, const auto& by_name) {
        for (const auto& [name, value] : by_name) {
            require<ConfigError>(std::ranges::count(entries, name, &BackboneEntry::name) > 0,
                                 "option --", option, ": '", name,
                                 "' is none of the backbones of this sweep; add it to "
                                 "--backbone or leave it out");
        }
    };
    check("weights", request.weights);
    check("backbone-option", request.options);
}

void add_prompts(const std::filesystem::path& path, SweepFindings& findings) {
    if (path.empty()) { return; }
    const auto text = read_text(path);
    auto list = read_prompts(text, path.string(), findings.samples);
    findings.prompts = std::move(list.prompts);
    std::ranges::move(list.notes, std::back_inserter(findings.notes));
    findings.provenance["prompts"] = sha256(text);
}

}  // namespace

// What travels between ranks, member by member.
template <>
struct Codec<Preprocessing> : RecordCodec<Preprocessing, &Preprocessing::filter,
                                          &Preprocessing::mean, &Preprocessing::std> {};
template <>
struct Codec<LayerShape>
    : RecordCodec<LayerShape, &LayerShape::name, &LayerShape::stride_px, &LayerShape::channels> {};
template <>
struct Codec<PlannedTower>
    : RecordCodec<PlannedTower, &PlannedTower::identity, &PlannedTower::vocabulary> {};
template <>
struct Codec<ClassSentences>
    : RecordCodec<ClassSentences, &ClassSentences::normal, &ClassSentences::anomalous> {};
template <>
struct Codec<PlannedBackbone>
    : RecordCodec<PlannedBackbone, &PlannedBackbone::name, &PlannedBackbone::identity,
                  &PlannedBackbone::preprocessing, &PlannedBackbone::patch_px,
                  &PlannedBackbone::dim, &PlannedBackbone::depth, &PlannedBackbone::parameters,
                  &PlannedBackbone::has_attention, &PlannedBackbone::image_px,
                  &PlannedBackbone::fixed_size, &PlannedBackbone::width, &PlannedBackbone::layers,
                  &PlannedBackbone::layer_shapes, &PlannedBackbone::windows,
                  &PlannedBackbone::text> {};
template <>
struct Codec<LoadOptions> : RecordCodec<LoadOptions, &LoadOptions::device, &LoadOptions::overrides,
                                        &LoadOptions::precision> {};
template <>
struct Codec<BackboneSource>
    : RecordCodec<BackboneSource, &BackboneSource::family, &BackboneSource::weights,
                  &BackboneSource::options, &BackboneSource::vocabulary> {};
template <>
struct Codec<ExplicitPrompt> : RecordCodec<ExplicitPrompt, &ExplicitPrompt::dataset,
                                           &ExplicitPrompt::category, &ExplicitPrompt::image> {};

namespace {

using FindingsCodec =
    RecordCodec<SweepFindings, &SweepFindings::samples, &SweepFindings::backbones,
                &SweepFindings::sources, &SweepFindings::prompts, &SweepFindings::sentences,
                &SweepFindings::provenance, &SweepFindings::notes>;

}  // namespace

std::string Codec<SweepFindings>::encode(const SweepFindings& findings) {
    return FindingsCodec::encode(findings);
}

SweepFindings Codec<SweepFindings>::decode(std::string_view text) {
    return FindingsCodec::decode(text);
}

namespace {

/// The networks of `request`, and the texts of its detectors.
void add_networks(const SweepRequest& request, const Resources& resources,
                  SweepFindings& findings) {
    const auto entries = find_backbones(request.backbones);
    require_all_used(request.backbones, entries);
    const auto device = pick_device(resources.device);
    const auto note = precision_note(request.backbones.precision, device);
    if (!note.empty()) { findings.notes.push_back(note); }
    for (const auto& entry : entries) { add_backbone(request.backbones, entry, device, findings); }
    add_texts(request, findings);
}

}  // namespace

SweepFindings find_inputs_of(std::vector<Sample> samples, const SweepRequest& request,
                             const Resources& resources, const Provenance& facts) {
    static_cast<void>(plan_detectors(request.detectors));  // First: slips need no weights.
    SweepFindings findings;
    findings.provenance = facts;
    findings.samples = std::move(samples);
    add_networks(request, resources, findings);
    return findings;
}

SweepFindings find_inputs(const SweepRequest& request, const Resources& resources,
                          const Provenance& facts) {
    static_cast<void>(plan_detectors(request.detectors));  // First: slips need no data.
    static_cast<void>(asked_metrics(request.metrics));
    SweepFindings findings;
    findings.provenance = facts;
    add_data(request.data, findings);
    add_networks(request, resources, findings);
    add_prompts(request.prompts_file, findings);
    const auto needed = needed_samples(make_inputs(findings, request).spec);
    digest_needed(findings.samples, needed, resources.threads);
    if (request.method.features.resize != Resize::squash) {
        size_needed(findings.samples, needed, resources.threads);
    }
    auto odd = look_at_needed(
        findings.samples, needed,
        {.truth_threshold = request.method.metrics.truth_threshold, .threads = resources.threads});
    std::ranges::move(odd, std::back_inserter(findings.notes));
    return findings;
}

SweepInputs make_inputs(SweepFindings findings, const SweepRequest& request) {
    SweepInputs inputs{
        {std::move(findings.samples), std::move(findings.backbones), std::move(findings.prompts),
         request.grids, request.method, asked_metrics(request.metrics),
         plan_detectors(request.detectors), std::move(findings.sentences)},
        std::move(findings.sources),
        std::move(findings.provenance)};
    add_facts(inputs.spec.detectors, inputs.provenance);
    inputs.provenance["config"] = request.config;
    return inputs;
}

}  // namespace patchead
