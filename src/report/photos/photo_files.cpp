#include "patchead/report/photo_files.hpp"

#include <cmath>

#include <nlohmann/json.hpp>

#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/key.hpp"
#include "patchead/core/user_text.hpp"
#include "patchead/results/csv.hpp"

namespace patchead {
namespace {

using PhotoJson = nlohmann::ordered_json;

PhotoJson number_or_null(double value) {
    return std::isfinite(value) ? PhotoJson(value) : PhotoJson(nullptr);
}

PhotoJson threshold_json(const PhotoScale& scale) {
    return scale.threshold ? number_or_null(*scale.threshold) : PhotoJson(nullptr);
}

std::string text_of_json(const PhotoJson& json, int indent) {
    return json.dump(indent, ' ', false, PhotoJson::error_handler_t::replace);
}

PhotoJson json_of(const PhotoScore& photo, const PhotoScale& scale) {
    const double score{photo.score};
    PhotoJson json;
    json["path"] = photo.path;
    json["score"] = number_or_null(score);
    json["threshold"] = threshold_json(scale);
    json["verdict"] = scale.verdict(score);
    json["distance"] = number_or_null(scale.distance(score));
    json["highest"] = {{"x", photo.x}, {"y", photo.y}};
    json["width"] = photo.width;
    json["height"] = photo.height;
    json["heatmap"] = photo.heatmap;
    if (!photo.heatmap.empty()) {
        const auto& [x, y, width, height] = photo.map_panel;
        json["map_panel"] = {{"x", x}, {"y", y}, {"width", width}, {"height", height}};
    }
    json["thumbnail"] = photo.thumbnail;
    if (!photo.map.empty()) { json["map"] = photo.map; }
    json["rotated_by_exif"] = photo.turned;
    return json;
}

std::string stamped(PhotoJson json, const PhotoStamp& stamp) {
    json["bytes"] = stamp.bytes;
    json["modified"] = stamp.modified;
    return text_of_json(json, -1);
}

PhotoJson model_of(const PhotoRun& run) {
    PhotoJson model;
    for (const auto& [name, text] : run.model) { model[name] = text; }
    model["image_size"] = run.image_size;
    model["prompts"] = run.prompts;
    model["threshold"] = threshold_json(run.scale);
    model["threshold_rule"] = run.scale.rule;
    model["normal_scores"] = PhotoJson::array();
    for (const double score : run.scale.normal_scores) {
        model["normal_scores"].push_back(number_or_null(score));
    }
    return model;
}

}  // namespace

std::string photo_csv(const PhotoRun& run) {
    std::string text = "path,score,threshold,verdict,distance,x,y\n";
    const auto& scale = run.scale;
    const auto threshold = scale.threshold ? csv_number(*scale.threshold) : std::string();
    for (const auto& photo : run.scores.images) {
        const double score{photo.score};
        const double distance = scale.distance(score);
        text += concat(csv_field(photo.path), ",", csv_number(score), ",", threshold, ",",
                       scale.verdict(score), ",",
                       std::isnan(distance) ? std::string() : csv_number(distance), ",", photo.x,
                       ",", photo.y, "\n");
    }
    return text;
}

std::string photo_json(const PhotoRun& run) {
    PhotoJson json;
    json["version"] = 1;
    json["program"] = run.program;
    json["model"] = model_of(run);
    json["options"] = run.options;
    json["exif"] = run.exif;
    json["images"] = PhotoJson::array();
    for (const auto& photo : run.scores.images) {
        json["images"].push_back(json_of(photo, run.scale));
    }
    json["failed"] = PhotoJson::array();
    for (const auto& photo : run.scores.failed) {
        json["failed"].push_back({{"path", photo.path}, {"reason", photo.reason}});
    }
    json["notes"] = run.notes;
    return text_of_json(json, 1) + "\n";
}

std::string photo_line(const PhotoScore& photo, const PhotoScale& scale, const PhotoStamp& stamp) {
    return stamped(json_of(photo, scale), stamp);
}

std::string photo_line(const FailedPhoto& photo, const PhotoStamp& stamp) {
    return stamped({{"path", photo.path}, {"error", photo.reason}}, stamp);
}

std::vector<PhotoStamp> stamps_in(std::string_view text, const std::string& file) {
    std::vector<PhotoStamp> stamps;
    for (const auto& [number, line] : lines_of(text, file)) {
        try {
            const auto json = PhotoJson::parse(line);
            stamps.push_back({json.at("path"), json.at("bytes"), json.at("modified")});
        } catch (const PhotoJson::exception& error) {
            throw DataError(concat("'", file, "' line ", number,
                                   " is none that patchead score --watch wrote (", error.what(),
                                   "); move the file away, or name another --output"));
        }
    }
    return stamps;
}

void write_photo_files(const std::filesystem::path& folder, const PhotoRun& run) {
    write_whole(folder / "scores.csv", photo_csv(run));
    write_whole(folder / "scores.json", photo_json(run));
}

}  // namespace patchead
