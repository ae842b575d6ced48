#include "patchead/outputs/submission.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/splits.hpp"
#include "patchead/core/tar_gz.hpp"
#include "patchead/pipeline/recorded_maps.hpp"
#include "patchead/results/csv.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kHowToRun =
    "run the sweep with --dataset mvtec-ad2 --maps 1 --score-also validation unlabelled";

std::vector<std::string> folders_in(const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        if (entry.is_directory()) { names.push_back(entry.path().filename().string()); }
    }
    std::ranges::sort(names);
    return names;
}

fs::path maps_of_run(const SubmissionRequest& request) {
    return request.run / "unmeasured" / "mvtec-ad2";
}

/// The point that is meant.
std::string point_of(const SubmissionRequest& request) {
    std::set<std::string> points;
    for (const auto& category : folders_in(maps_of_run(request))) {
        for (const auto& point : folders_in(maps_of_run(request) / category)) {
            points.insert(point);
        }
    }
    require<DataError>(!points.empty(), "'", request.run.string(),
                       "' has no recorded maps of MVTec AD 2's private images; ", kHowToRun);
    if (request.point.empty()) {
        require<DataError>(points.size() == 1, "'", request.run.string(), "' has maps of ",
                           points.size(), " points (one is submitted); give --point with one of ",
                           fmt::format("{}", fmt::join(points, ", ")));
        return *points.begin();
    }
    require<DataError>(points.contains(request.point), "'", request.run.string(),
                       "' has no maps of a point '", request.point, "'; give one of ",
                       fmt::format("{}", fmt::join(points, ", ")));
    return request.point;
}

/// The maps of a split at the point.
RecordedMaps maps_of(const SubmissionRequest& request, const std::string& point,
                     const std::string& category, std::string_view split) {
    const auto file = maps_of_run(request) / category / point / (std::string(split) + ".h5");
    require<DataError>(fs::exists(file), "there are no maps of ", category, "/", split, " ('",
                       file.string(), "' is not there); ", kHowToRun);
    auto maps = read_recorded_maps(file);
    require<DataError>(maps.sizes.size() == maps.ids.size(), "'", file.string(),
                       "' does not have the sizes of its images; ", kHowToRun);
    return maps;
}

/// The last part of an id.
std::string name_in_id(const std::string& id) { return id.substr(id.rfind('/') + 1); }

/// All splits at the point but that of validation.
std::vector<std::string> private_splits(const fs::path& folder) {
    std::vector<std::string> splits;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        const auto split = entry.path().stem().string();
        if (entry.path().extension() == ".h5" && split != kValidation) { splits.push_back(split); }
    }
    std::ranges::sort(splits);
    return splits;
}

MapSize shrunk_size(const MapSize& image, int shrink) {
    const auto side = [&](int px) { return std::max(1, (px + shrink / 2) / shrink); };
    return {side(image.height), side(image.width)};
}

FloatMap map_of_image(const RecordedMaps& maps, std::size_t image, int shrink) {
    const auto size = shrunk_size(maps.sizes[image], shrink);
    return {size, upsampled(maps, image, size)};
}

/// Writes the images of one category after the other.
class SubmissionWriter {
  public:
    SubmissionWriter(const fs::path& folder, const SubmissionRequest& request)
        : folder_(folder), request_(request), point_(point_of(request)) {}

    [[nodiscard]] SubmittedThreshold write(const std::string& category,
                                           const std::vector<const SubmittedSplit*>& splits) const {
        auto result = threshold_of_category(category);
        std::vector<RecordedMaps> all;
        float highest = 0;
        for (const auto* split : splits) {
            all.push_back(maps_of(request_, point_, category, split->split));
            // No map is higher than its highest patch.
            for (const float patch : all.back().patches) {
                highest = std::max(highest, std::abs(patch));
            }
        }
        result.exponent = exponent_for(highest);
        for (std::size_t i = 0; i < splits.size(); ++i) {
            for (std::size_t image = 0; image < all[i].ids.size(); ++image) {
                write_submitted(folder_, *splits[i], image,
                                map_of_image(all[i], image, request_.shrink), result.threshold,
                                result.exponent);
            }
        }
        return result;
    }

  private:
    [[nodiscard]] SubmittedThreshold threshold_of_category(const std::string& category) const {
        const auto maps = maps_of(request_, point_, category, kValidation);
        std::vector<float> pixels;
        for (std::size_t image = 0; image < maps.ids.size(); ++image) {
            const auto map = map_of_image(maps, image, request_.shrink);
            pixels.insert(pixels.end(), map.values.begin(), map.values.end());
        }
        return {category, threshold_of(request_.rule, pixels), 0, maps.ids.size(), pixels.size()};
    }

    fs::path folder_;
    const SubmissionRequest& request_;
    std::string point_;
};

std::string thresholds_csv(const SubmissionRequest& request,
                           const std::vector<SubmittedThreshold>& thresholds) {
    std::string text =
        "category,rule,threshold,exponent,validation_images,validation_pixels,shrink\n";
    for (const auto& of : thresholds) {
        text += fmt::format("{},{},{},{},{},{},{}\n", csv_field(of.category),
                            csv_field(request.rule.name), csv_number(of.threshold), of.exponent,
                            of.images, of.pixels, request.shrink);
    }
    return text;
}

}  // namespace

void require_no_faults(const std::string& what, const std::vector<std::string>& faults) {
    constexpr std::size_t shown = 10;
    if (faults.empty()) { return; }
    auto text = concat(what, ": the server would refuse it");
    for (std::size_t i = 0; i < std::min(shown, faults.size()); ++i) {
        text += concat("\n  ", faults[i]);
    }
    if (faults.size() > shown) { text += concat("\n  ... and ", faults.size() - shown, " more"); }
    throw DataError(text);
}

std::vector<SubmittedSplit> splits_of_run(const SubmissionRequest& request) {
    const auto point = point_of(request);
    std::vector<SubmittedSplit> splits;
    for (const auto& category : folders_in(maps_of_run(request))) {
        for (const auto& split : private_splits(maps_of_run(request) / category / point)) {
            const auto maps = maps_of(request, point, category, split);
            SubmittedSplit submitted{category, split, {}, maps.sizes};
            for (const auto& id : maps.ids) { submitted.images.push_back(name_in_id(id)); }
            splits.push_back(std::move(submitted));
        }
    }
    require_no_faults(concat("'", request.run.string(), "'"), faults_of(splits, request.is_whole));
    return splits;
}

std::vector<SubmittedThreshold> write_submission(const fs::path& folder,
                                                 const SubmissionRequest& request) {
    for (const auto name : {kMapFolder, kBinaryFolder}) {
        require<DataError>(!fs::exists(folder / name), "'", (folder / name).string(),
                           "' is there already (of another submission?); name another folder, or "
                           "remove it");
    }
    const auto splits = splits_of_run(request);
    std::map<std::string, std::vector<const SubmittedSplit*>> by_category;
    for (const auto& split : splits) { by_category[split.category].push_back(&split); }
    const SubmissionWriter writer(folder, request);
    std::vector<SubmittedThreshold> thresholds;
    thresholds.reserve(by_category.size());
    for (const auto& [category, of_category] : by_category) {
        thresholds.push_back(writer.write(category, of_category));
    }
    write_whole(folder / "thresholds.csv", thresholds_csv(request, thresholds));
    require_no_faults(concat("'", folder.string(), "'"), check_submission(folder, splits));
    std::vector<ArchivedFile> files;
    for (const auto& file : submitted_files(splits)) { files.push_back({file, folder / file}); }
    write_tar_gz(folder / "submission.tar.gz", files);
    return thresholds;
}

}  // namespace patchead
