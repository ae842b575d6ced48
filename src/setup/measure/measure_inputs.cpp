#include "patchead/setup/measure_inputs.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "measure/map_matches.hpp"
#include "patchead/core/detector_names.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/option_domains.hpp"
#include "patchead/core/user_text.hpp"
#include "patchead/metrics/metric_names.hpp"
#include "sample_codec.hpp"
#include "sweep_data.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

/// What `sweep --maps` recorded in there, sorted; none if it is another folder.
std::vector<fs::path> recorded_in(const fs::path& folder) {
    const auto root = fs::is_directory(folder / "maps") ? folder / "maps" : folder;
    std::vector<fs::path> files;
    for (const auto& entry :
         fs::recursive_directory_iterator(root, fs::directory_options::follow_directory_symlink)) {
        const auto name = entry.path().filename().string();
        const bool is_of_point = name.ends_with(".h5") && name != "images.h5" &&
                                 !name.starts_with("results") && !name.starts_with(".");
        if (is_of_point && entry.is_regular_file()) { files.push_back(entry.path()); }
    }
    std::ranges::sort(files);
    return files;
}

/// Rules need what they are made of.
MapScoring scoring_of(const MeasureRequest& request, const std::vector<MapPoint>& points) {
    std::size_t images = 0;
    std::size_t given = 0;
    std::string without;
    for (const auto& point : points) {
        for (const auto& map : point.maps) {
            ++images;
            given += map.score ? 1 : 0;
            if (!map.score && without.empty()) { without = map.name; }
        }
    }
    const bool is_given = request.how.scoring.rule == MapScoring::Rule::given;
    if (request.has_scoring && !is_given) { return request.how.scoring; }
    if (!request.has_scoring && given == 0) { return {}; }
    require<ConfigError>(given > 0, "option --image-score: no image scores are given (", images,
                         " maps have none); list them in the column score of --list FILE, or ",
                         "take max or top:RHO");
    require<ConfigError>(given == images, "image scores are given for ", given, " of ", images,
                         " images (not for that of '", without, "'); list all of them, or take ",
                         "--image-score max or top:RHO");
    return {MapScoring::Rule::given, 0};
}

/// What `parse_map_scoring` reads.
std::string scoring_text(const MapScoring& scoring) {
    switch (scoring.rule) {
        case MapScoring::Rule::top:
            return "top:" + Fraction().text(scoring.fraction);
        case MapScoring::Rule::given:
            return "given";
        case MapScoring::Rule::largest:
            break;
    }
    return "max";
}

std::string config_of(const MeasureRequest& request, const MeasureInputs& inputs,
                      bool is_recorded_run) {
    auto config = request.config;
    config["command"] = "measure";
    config["image-score"] = scoring_text(inputs.scoring);
    if (!is_recorded_run) {
        const auto& point = inputs.points.front();
        config["name"] = quoted_word(point.detector);
        config["eval-size"] = EvalSize().text(point.side_px);
    }
    std::string text;
    for (const auto& [name, value] : config) { text += concat(name, " = ", value, "\n"); }
    return text;
}

void require_good_name(const std::string& name) {
    const auto fault = fault_of_name(name);
    require<ConfigError>(
        fault.empty() && !name.empty() && !name.ends_with(kPublishedSuffix) &&
            name.find('/') == std::string::npos,
        "the maps cannot be called '", escaped_name(name), "' (",
        fault.empty() ? "a name has no '/' and does not end in ':published'" : fault,
        "); give another --name");
}

}  // namespace

MapScoring parse_map_scoring(const std::string& text) {
    if (text == "max") { return {}; }
    if (text == "given") { return {MapScoring::Rule::given, 0}; }
    constexpr std::string_view top = "top:";
    require<ConfigError>(text.starts_with(top), "option --image-score: '", text,
                         "' is no rule; give max, top:RHO (e.g. top:0.01) or given");
    return {MapScoring::Rule::top, Fraction().parse("image-score", text.substr(top.size()))};
}

MeasureInputs find_maps(const MeasureRequest& request, const Provenance& facts) {
    require<DataError>(fs::is_directory(request.maps), "there is no folder of maps '",
                       request.maps.string(), "' (option --maps); give the folder that holds them");
    MeasureInputs inputs;
    inputs.metrics = asked_metrics(request.metrics);
    auto data = find_data(request.data);
    inputs.samples = std::move(data.samples);
    inputs.notes = std::move(data.notes);
    const auto recorded = recorded_in(request.maps);
    require<ConfigError>(!recorded.empty() || request.points.empty(),
                         "option --point: the maps in '", request.maps.string(),
                         "' were not recorded by a sweep (only these have points); leave it out");
    if (recorded.empty()) {
        match_maps(request, inputs);
        require_good_name(inputs.points.front().detector);
    } else {
        take_recorded(request, recorded, inputs);
    }
    inputs.scoring = scoring_of(request, inputs.points);
    inputs.provenance = facts;
    for (const auto& [name, digest] : data.id_digests) {
        inputs.provenance["id_digest." + name] = digest;
    }
    inputs.provenance["config"] = config_of(request, inputs, !recorded.empty());
    return inputs;
}

template <>
struct Codec<MapScoring> : RecordCodec<MapScoring, &MapScoring::rule, &MapScoring::fraction> {};

namespace {

using MeasureInputsCodec =
    RecordCodec<MeasureInputs, &MeasureInputs::samples, &MeasureInputs::points,
                &MeasureInputs::scoring, &MeasureInputs::metrics, &MeasureInputs::provenance,
                &MeasureInputs::notes>;

}  // namespace

std::string Codec<MeasureInputs>::encode(const MeasureInputs& inputs) {
    return MeasureInputsCodec::encode(inputs);
}

MeasureInputs Codec<MeasureInputs>::decode(std::string_view text) {
    return MeasureInputsCodec::decode(text);
}

}  // namespace patchead
