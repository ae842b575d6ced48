#include "patchead/setup/photo_inputs.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>
#include <utility>

#include "patchead/cache/damaged_error.hpp"
#include "patchead/core/counted.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/user_text.hpp"
#include "patchead/data/photos.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

constexpr const char* kConfigFact = "config";
constexpr const char* kWeightsFact = "weights.path";
constexpr const char* kIdentityFact = "identity.";

/// Adds the photo `file`, unless it cannot be read or is there.
void add_photo(const fs::path& file, const PhotoRequest& request, std::set<std::string>& digests,
               NormalPhotos& photos) {
    const auto name = file.filename().string();
    const auto leave_out = [&](const std::string& why) {
        photos.notes.push_back(concat("left out, '", printable(file.string()), "': ", why));
    };
    try {
        const auto fault = fault_of_name(name);
        require<DataError>(fault.empty(), "its name cannot be used (", fault, "); rename it");
        auto sample = read_photo(file, name, request.category, PhotoRole::prompt, request.upright);
        const auto is_same_name = [&](const Sample& other) { return other.id == sample.id; };
        if (!digests.insert(sample.digest).second) {
            return leave_out("the same picture is there already");
        }
        require<DataError>(std::ranges::none_of(photos.samples, is_same_name),
                           "another photo has its name; rename one");
        photos.samples.push_back(std::move(sample));
    } catch (const DataError& error) { leave_out(error.what()); }
}

std::string fact_of(const ModelFile& model, const std::string& name) {
    const auto found = model.facts.find(name);
    return found == model.facts.end() ? std::string() : found->second;
}

/// The place of a network is told apart, so that the message can be about it.
constexpr const char* kDeviceFact = "device";

}  // namespace

NormalPhotos read_normal_photos(const std::vector<std::string>& places,
                                const PhotoRequest& request) {
    const auto list = list_photos(places, false);
    NormalPhotos photos;
    std::set<std::string> digests;
    for (const auto& file : list.photos) { add_photo(file, request, digests, photos); }
    for (const auto& [path, reason] : list.unread) {
        photos.notes.push_back(concat("left out, '", printable(path), "': ", reason));
    }
    if (list.folders > 0) {
        photos.notes.push_back(concat(counted(list.folders, "folder"), " within the folder of ",
                                      "normal photos not looked into"));
    }
    std::ranges::sort(photos.samples, {}, &Sample::id);
    require<DataError>(
        !photos.samples.empty(), "there is no normal photo in '", places.front(), "' (",
        photos.notes.empty() ? std::string("no file there is a picture") : photos.notes.front(),
        "); name a folder of good photos with --normal");
    return photos;
}

std::vector<Sample> photos_of_model(const ModelFile& model, const PhotoRequest& request) {
    std::vector<Sample> samples;
    samples.reserve(model.photos.size());
    for (const auto& photo : model.photos) {
        Sample sample;
        sample.id = photo_id(photo.name, request.category, PhotoRole::prompt);
        sample.dataset = kPhotoDataset;
        sample.category = request.category;
        sample.split = "train";
        sample.defect_type = "good";
        sample.image = photo.name;
        sample.digest = photo.digest;
        sample.size = {photo.height, photo.width};
        sample.upright = request.upright;
        sample.bytes = photo.bytes;
        samples.push_back(std::move(sample));
    }
    return samples;
}

SweepFindings find_photo_inputs(const PhotoRequest& request, const std::vector<Sample>& prompts,
                                const Resources& resources, const Provenance& facts) {
    auto samples = prompts;
    if (samples.empty()) {  // Sentences are about the category, whether it has prompts or not.
        samples.emplace_back();
        samples.back().dataset = kPhotoDataset;
        samples.back().category = request.category;
    }
    auto findings = find_inputs_of(std::move(samples), request.sweep, resources, facts);
    if (prompts.empty()) { findings.samples.clear(); }
    return findings;
}

std::map<std::string, std::string> model_facts(const PhotoRequest& request,
                                               const SweepFindings& findings) {
    const auto& backbone = findings.backbones.front();
    const auto& weights = findings.sources.front().weights;
    std::map<std::string, std::string> facts{
        {kConfigFact, request.sweep.config},
        {"threshold", request.threshold},
        {"backbone", backbone.name},
        {"detector", request.sweep.detectors.names.back()},
        {kWeightsFact, fs::absolute(weights).lexically_normal().string()}};
    for (const auto& [name, value] : backbone.identity) { facts[kIdentityFact + name] = value; }
    return facts;
}

std::string model_config(const ModelFile& model, const std::string& file) {
    auto config = fact_of(model, kConfigFact);
    require<DamagedError>(!config.empty(), "'", file,
                          "' holds no options (it is no model of photos); name a file that "
                          "patchead fit wrote");
    return config;
}

void use_network_of(const ModelFile& model, PhotoRequest& request, Resources& resources) {
    auto& backbones = request.sweep.backbones;
    const fs::path recorded(fact_of(model, kWeightsFact));
    std::error_code error;
    if (backbones.weights.empty() && backbones.weights_dir.empty() && fs::exists(recorded, error)) {
        backbones.weights[backbones.names.front()] = recorded;
    }
    const auto device = fact_of(model, concat(kIdentityFact, kDeviceFact));
    if (resources.device == "auto") { resources.device = device; }
    require<ConfigError>(resources.device == device, "option --device: the model was made on '",
                         device, "', not on '", resources.device,
                         "' (networks there differ in last bits); leave the option out, or fit ",
                         "the model again");
}

void require_network_of(const ModelFile& model, const std::string& file,
                        const SweepFindings& findings) {
    const auto& identity = findings.backbones.front().identity;
    for (const auto& [name, value] : identity) {
        const auto recorded = fact_of(model, kIdentityFact + name);
        require<WeightsError>(recorded == value, "'", findings.sources.front().weights.string(),
                              "' is not the network that '", file, "' was made with (its ", name,
                              " is ", value, ", not ", recorded,
                              "); name the right file with --weights ",
                              findings.backbones.front().name, "=FILE, or fit the model again");
    }
}

}  // namespace patchead
