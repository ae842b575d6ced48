#include "patchead/pipeline/recorded_maps.hpp"

#include "patchead/cache/table_file.hpp"
#include "patchead/core/detector_names.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/option_names.hpp"
#include "patchead/metrics/metrics.hpp"

namespace patchead {
namespace {

/// The columns of a recorded point, each of the type that it has to be.
class RecordedColumns {
  public:
    RecordedColumns(TableFile table, std::string name)
        : table_(std::move(table)), name_(std::move(name)) {}

    template <class T>
    [[nodiscard]] std::vector<T> all(const char* group, const char* column) const {
        const auto columns = table_.groups.find(group);
        check(columns != table_.groups.end() && columns->second.contains(column),
              concat("there is no column ", group, "/", column));
        const auto* values = std::get_if<std::vector<T>>(&columns->second.at(column));
        check(values != nullptr, concat("column ", group, "/", column, " is of another type"));
        return *values;
    }
    /// Of the table of one line.
    template <class T>
    [[nodiscard]] T one(const char* column) const {
        const auto values = all<T>("point", column);
        check(values.size() == 1, "it is of several points");
        return values.front();
    }
    [[nodiscard]] bool has(const char* group, const char* column) const {
        return table_.groups.contains(group) && table_.groups.at(group).contains(column);
    }
    /// The same, where it may be absent.
    [[nodiscard]] std::string text_or(const char* column, std::string_view absent) const {
        return table_.groups.at("point").contains(column) ? one<std::string>(column)
                                                          : std::string(absent);
    }
    void check(bool ok, const std::string& reason) const {
        require<DataError>(ok, "'", name_, "' is no file of recorded maps (", reason,
                           "); name a folder that patchead sweep --maps wrote");
    }

  private:
    TableFile table_;
    std::string name_;
};

MapPoint recorded_labels(const RecordedColumns& columns) {
    MapPoint point;
    point.dataset = columns.one<std::string>("dataset");
    point.category = columns.one<std::string>("category");
    point.backbone = columns.one<std::string>("backbone");
    point.image_size = static_cast<int>(columns.one<std::int64_t>("image_size"));
    point.sizes = columns.text_or("sizes", "");
    point.setting = columns.one<std::string>("setting");
    point.shots = static_cast<int>(columns.one<std::int64_t>("shots"));
    point.seed = columns.one<std::int64_t>("seed");
    point.modules = columns.one<std::string>("modules");
    point.detector = columns.text_or("detector", kPatchEadName);
    return point;
}

/// What files of images beside the test images have more than others.
void read_sizes(const RecordedColumns& columns, RecordedMaps& maps) {
    const auto height = columns.all<std::int64_t>("images", "height");
    const auto width = columns.all<std::int64_t>("images", "width");
    columns.check(height.size() == maps.ids.size() && width.size() == maps.ids.size(),
                  "its columns do not agree");
    for (std::size_t i = 0; i < height.size(); ++i) {
        columns.check(height[i] > 0 && width[i] > 0, "an image has no size");
        maps.sizes.push_back({static_cast<int>(height[i]), static_cast<int>(width[i])});
    }
    maps.metrics.interpolation =
        parse_option<Interpolation>("interpolation", columns.one<std::string>("interpolation"));
    maps.metrics.smooth_sigma_px = columns.one<double>("smooth_sigma");
}

}  // namespace

std::vector<float> upsampled(const RecordedMaps& maps, std::size_t image, MapSize size) {
    return upsample(maps.of(image), maps.grid, size, maps.metrics);
}

RecordedMaps read_recorded_maps(const std::filesystem::path& file) {
    const RecordedColumns columns(read_table_file(file), file.string());
    RecordedMaps maps;
    maps.point = recorded_labels(columns);
    maps.grid = {static_cast<int>(columns.one<std::int64_t>("grid_rows")),
                 static_cast<int>(columns.one<std::int64_t>("grid_cols"))};
    maps.ids = columns.all<std::string>("images", "id");
    maps.scores = columns.all<float>("images", "score");
    maps.patches = columns.all<float>("patches", "score");
    const auto size = MapSize{maps.grid.rows, maps.grid.cols}.area();
    columns.check(maps.grid.rows > 0 && maps.grid.cols > 0 &&
                      maps.patches.size() == maps.ids.size() * size &&
                      maps.scores.size() == maps.ids.size(),
                  "its columns do not agree");
    if (columns.has("images", "height")) { read_sizes(columns, maps); }
    return maps;
}

}  // namespace patchead
