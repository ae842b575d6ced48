#include "datasets/saturation.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "datasets/json_file.hpp"
#include "patchead/core/error.hpp"

namespace patchead::inline data_detail {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDefectsConfig = "defects_config.json";
constexpr int kHighestLevel = 255;

Saturation saturation_of(const Json& entry, const std::string& where) {
    const auto level = number_in(entry, "pixel_value", where);
    const auto area = number_in(entry, "saturation_threshold", where);
    const bool is_relative = flag_in(entry, "relative_saturation", where);
    require<DataError>(level == std::floor(level) && level >= 1 && level <= kHighestLevel, where,
                       "the pixel_value ", level, " is none of a mask (1 to ", kHighestLevel,
                       "); unpack the archive again");
    require<DataError>(area > 0 && (!is_relative || area <= 1), where, "the saturation_threshold ",
                       area, is_relative ? " is no share (above 0, up to 1)" : " is no area",
                       "; unpack the archive again");
    return {static_cast<int>(level), area, is_relative};
}

}  // namespace

std::vector<Saturation> read_defects_config(const fs::path& file) {
    const auto json = read_json(file);
    require<DataError>(
        json.is_array() && !json.empty(), "'", file.string(),
        "' is no list of defects (it begins with [ and {); unpack the archive again");
    std::map<int, Saturation> areas;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const auto where = concat("'", file.string(), "', defect ", i + 1, ": ");
        const auto area = saturation_of(json[i], where);
        const auto [known, is_new] = areas.emplace(area.level, area);
        require<DataError>(is_new || known->second == area, where, "the pixel_value ", area.level,
                           " has another area than before; unpack the archive again");
    }
    std::vector<Saturation> sorted;
    sorted.reserve(areas.size());
    for (const auto& [level, area] : areas) { sorted.push_back(area); }
    return sorted;
}

void add_saturation(DatasetIndex& index) {
    std::map<std::string, std::vector<Saturation>> known;
    for (auto& sample : index.samples) {
        const auto [areas, is_new] = known.try_emplace(sample.category);
        if (is_new) {
            // Beside the splits, wherever these lie.
            const auto splits = sample.image.parent_path().parent_path().parent_path();
            const auto file = splits / kDefectsConfig;
            std::error_code error;
            if (fs::is_regular_file(file, error)) {
                areas->second = read_defects_config(file);
            } else {
                index.notes.push_back(concat(sample.category, ": no '", file.string(),
                                             "', so no saturation areas and no sPRO; unpack the ",
                                             "archive again, completely"));
            }
        }
        if (sample.anomalous) { sample.saturation = areas->second; }
    }
}

}  // namespace patchead::inline data_detail
