#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "patchead/cache/point_result.hpp"
#include "patchead/core/codec.hpp"
#include "patchead/core/types.hpp"
#include "patchead/pipeline/map_points.hpp"
#include "patchead/setup/sweep_request.hpp"

/// \file
/// \brief From a folder of maps to what `patchead measure` starts from.

namespace patchead {

/// What results call maps that nobody says more of.
struct MapLabels {
    std::string name;  ///< As a detector; empty: the folder's.
    std::string backbone{"–"};
    std::optional<int> image_size{};  ///< Side of the input that maps were made from.
    std::optional<int> shots{};       ///< Normal images that they were made with; or kAllShots.
    std::int64_t seed = 0;
};

/// What a user asks of a measurement.
struct MeasureRequest {
    DataRequest data{};
    std::filesystem::path maps{};
    std::filesystem::path list{};       ///< CSV of images, maps and scores; empty: none.
    std::vector<std::string> points{};  ///< Of recorded maps, files without ending; empty: all.
    bool has_labels = false;            ///< Whether any of `labels` was given.
    MapLabels labels{};
    MapMeasure how{};
    std::vector<std::string> metrics{};  ///< As metric_names.hpp reads them.
    bool has_scoring = false;            ///< Whether the rule of image scores was given.
    /// Options that change a number, but for those that are filled in: name and text.
    std::map<std::string, std::string> config{};
};

/// "max", "top:RHO" with RHO from 0 to 1, or "given". Throws ConfigError for another text.
[[nodiscard]] MapScoring parse_map_scoring(const std::string& text);

/// Everything that a measurement starts from, on every rank.
struct MeasureInputs {
    std::vector<Sample> samples{};
    std::vector<MapPoint> points{};
    MapScoring scoring{};
    std::vector<std::string> metrics{};  ///< Their names.
    Provenance provenance{};             ///< Of the results.
    std::vector<std::string> notes{};    ///< For the user.
};

/// Indexes the data sets and finds the map of each test image. `facts`: of the program.
///
/// Maps that `sweep --maps` recorded say themselves what they are of. Another file is of the image
/// whose path from the data set on it has (any ending, its own or the image's), or
/// `category/defect/stem`, or `category/stem` or, in the folder itself, `stem` where one image has
/// it; or what the list says.
/// Throws ConfigError or DataError that names the file or image at fault: a folder without maps, an
/// image with no map or two, a map that two images could have, a list that does not fit.
[[nodiscard]] MeasureInputs find_maps(const MeasureRequest& request, const Provenance& facts);

template <>
struct Codec<MeasureInputs> {
    [[nodiscard]] static std::string encode(const MeasureInputs& inputs);
    /// Throws std::logic_error.
    [[nodiscard]] static MeasureInputs decode(std::string_view text);
};

/// Writes `folder`: a small demo data set, maps of it (each pixel's distance from the mean good
/// training image), a list with image scores, and a README with the command that measures them.
/// Returns the command. Throws CacheError or DataError if `folder` cannot be written or holds
/// something else.
[[nodiscard]] std::string write_measure_example(const std::filesystem::path& folder);

}  // namespace patchead
