#include "map_files.hpp"

#include <string>
#include <vector>

#include "patchead/cache/table_file.hpp"
#include "patchead/core/option_names.hpp"
#include "point_names.hpp"

namespace patchead::inline outputs_detail {
namespace {

using Texts = std::vector<std::string>;
using Numbers = std::vector<std::int64_t>;
using Group = std::map<std::string, Column>;

/// Raise it when columns change their meaning.
const std::map<std::string, std::string> kAttributes{{"content", "maps"}, {"maps_schema", "1"}};

template <class T>
std::vector<T> one(T value) {
    return {std::move(value)};
}

Group point_group(const SweepPlan& plan, const EvaluateUnit& unit, const PointMaps& maps) {
    const auto row = row_of(plan, unit);
    Group group{{"dataset", one(row.dataset)},
                {"category", one(row.category)},
                {"backbone", one(row.backbone)},
                {"image_size", one(std::int64_t{row.image_size})},
                {"setting", one(row.setting)},
                {"shots", one(std::int64_t{row.shots})},
                {"seed", one(row.seed)},
                {"modules", one(row.modules)},
                {"grid_rows", one(std::int64_t{maps.grid.rows})},
                {"grid_cols", one(std::int64_t{maps.grid.cols})},
                {"low", one(maps.low)},
                {"high", one(maps.high)}};
    if (unit.detector != kPatchEad) { group["detector"] = one(row.detector); }
    if (!row.sizes.empty()) { group["sizes"] = one(row.sizes); }
    if (unit.scoring.masking) {
        group["mask_threshold"] = one(unit.scoring.masking->threshold);
        group["mask_weight"] = one(unit.scoring.masking->weight);
        group["mask_source"] = one(std::string(name_of(unit.scoring.masking->source)));
    }
    return group;
}

TableFile point_file(const SweepPlan& plan, const EvaluateUnit& unit, const PointMaps& maps) {
    Texts id;
    for (const auto sample : maps.samples) { id.push_back(plan.spec.samples[sample].id); }
    TableFile file{.attributes = kAttributes,
                   .groups = {{"point", point_group(plan, unit, maps)},
                              {"images", {{"id", id}, {"score", maps.scores}}},
                              {"patches", {{"score", maps.patches}}}}};
    if (!maps.attention.empty()) { file.groups["patches"]["attention"] = maps.attention; }
    return file;
}

/// With all that it takes to make maps of the images' own size.
TableFile unmeasured_file(const SweepPlan& plan, const EvaluateUnit& unit,
                          const UnmeasuredMaps& recorded) {
    auto file = point_file(plan, unit, recorded.maps);
    Numbers height, width;
    for (const auto& size : recorded.sizes) {
        height.push_back(size.height);
        width.push_back(size.width);
    }
    file.groups["images"]["height"] = height;
    file.groups["images"]["width"] = width;
    auto& point = file.groups["point"];
    point["split"] = one(recorded.split);
    point["interpolation"] = one(std::string(name_of(unit.metrics.interpolation)));
    point["smooth_sigma"] = one(unit.metrics.smooth_sigma_px);
    return file;
}

/// Files one after the other, and where each ends.
class Blobs {
  public:
    void add(const std::string& bytes) {
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
        ends_.push_back(static_cast<std::int64_t>(bytes_.size()));
    }
    [[nodiscard]] const std::vector<std::uint8_t>& bytes() const { return bytes_; }
    [[nodiscard]] const Numbers& ends() const { return ends_; }

  private:
    std::vector<std::uint8_t> bytes_;
    Numbers ends_;
};

void write_images(const std::filesystem::path& path, const SweepPlan& plan,
                  const std::vector<Thumbnail>& thumbnails) {
    Texts id, defect_type;
    Numbers anomalous, height, width;
    Blobs jpeg, truth;
    for (const auto& thumbnail : thumbnails) {
        const auto& sample = plan.spec.samples[thumbnail.sample];
        id.push_back(sample.id);
        defect_type.push_back(sample.defect_type);
        anomalous.push_back(sample.anomalous ? 1 : 0);
        height.push_back(thumbnail.height);
        width.push_back(thumbnail.width);
        jpeg.add(thumbnail.jpeg);
        truth.add(thumbnail.truth_png);
    }
    write_table_file(path, {.attributes = kAttributes,
                            .groups = {{"images",
                                        {{"id", id},
                                         {"defect_type", defect_type},
                                         {"anomalous", anomalous},
                                         {"height", height},
                                         {"width", width},
                                         {"jpeg_end", jpeg.ends()},
                                         {"truth_end", truth.ends()}}},
                                       {"jpeg", {{"bytes", jpeg.bytes()}}},
                                       {"truth", {{"bytes", truth.bytes()}}}}});
}

}  // namespace

void write_maps(const std::filesystem::path& folder, const SweepPlan& plan,
                const EvaluateUnit& unit, const PointPictures& pictures) {
    const auto place = folder / "maps" / unit.dataset / unit.category;
    if (!pictures.maps.samples.empty()) {
        write_table_file(place / (point_name(plan, unit) + ".h5"),
                         point_file(plan, unit, pictures.maps));
    }
    if (!pictures.thumbnails.empty()) {
        write_images(place / "images.h5", plan, pictures.thumbnails);
    }
    const auto beside =
        folder / "unmeasured" / unit.dataset / unit.category / point_name(plan, unit);
    for (const auto& recorded : pictures.unmeasured) {
        write_table_file(beside / (recorded.split + ".h5"), unmeasured_file(plan, unit, recorded));
    }
}

}  // namespace patchead::inline outputs_detail
