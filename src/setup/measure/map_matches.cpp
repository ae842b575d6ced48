#include "measure/map_matches.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "measure/map_list.hpp"
#include "measure/test_names.hpp"
#include "patchead/core/counted.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/shots.hpp"
#include "patchead/core/user_text.hpp"
#include "patchead/data/map_file.hpp"

namespace patchead::inline setup_detail {
namespace {

namespace fs = std::filesystem;

constexpr const char* kHowToName =
    "call maps as images, <category>/<split>/<defect>/<stem>.npy, or list them with --list FILE";

/// Files that are maps by their names, relative to `folder`, sorted.
std::vector<std::string> map_files(const fs::path& folder) {
    std::vector<std::string> files;
    std::map<std::string, std::size_t> others;
    for (const auto& entry : fs::recursive_directory_iterator(
             folder, fs::directory_options::follow_directory_symlink)) {
        const auto& path = entry.path();
        if (!entry.is_regular_file() || path.filename().string().starts_with(".")) { continue; }
        if (is_map_name(path)) { files.push_back(fs::relative(path, folder).string()); }
        if (is_other_map_name(path)) { ++others[path.extension().string()]; }
    }
    std::string found;
    for (const auto& [ending, count] : others) {
        found += concat(found.empty() ? "" : ", ", count, " ", ending);
    }
    require<DataError>(!files.empty(), "there are no maps in '", folder.string(), "' (",
                       found.empty() ? "no .npy, .npz, .tif, .tiff or .png" : "but " + found,
                       "); write one file of float32 for each test image, ",
                       "e.g. with numpy.save; patchead measure --example DIR shows how");
    std::ranges::sort(files);
    return files;
}

/// Gives each test image its map.
class Matcher {
  public:
    Matcher(const MeasureRequest& request, MeasureInputs& inputs)
        : request_(request), inputs_(inputs), names_(inputs.samples) {}

    void by_names() {
        for (const auto& file : map_files(request_.maps)) {
            const auto images = names_.find(fs::path(file).replace_extension().string());
            if (images.empty()) {
                extra_.push_back(file);
                continue;
            }
            require<DataError>(images.size() == 1, "the map '", file, "' could be of '",
                               id_of(images.front()), "' or of '", id_of(images.back()),
                               "' (its name fits both); ", kHowToName);
            const auto [known, is_new] =
                maps_.emplace(images.front(), MapFile{file, request_.maps / file});
            require<DataError>(is_new, "the image '", id_of(images.front()), "' has two maps ('",
                               known->second.name, "' and '", file,
                               "'); take one away, or say which with --list FILE");
        }
    }

    void by_list(const MapList& list) {
        std::map<std::size_t, std::size_t> lines;
        for (const auto& line : list.lines) {
            const auto where = concat("line ", line.line, " of '", request_.list.string(), "': ");
            const auto image = listed_image(line, where);
            if (!image) { continue; }
            const auto [known, is_new] = lines.emplace(*image, line.line);
            require<ConfigError>(is_new, where, "the image '", id_of(*image), "' stands in line ",
                                 known->second, ", too (one map is meant); leave one out");
            if (list.has_maps) { take_listed(line, where, *image); }
            if (line.score) { scores_[*image] = *line.score; }
        }
    }

    [[nodiscard]] std::vector<MapFile> maps_of(const std::vector<std::size_t>& tests) {
        std::vector<MapFile> maps;
        for (const auto test : tests) {
            const auto found = maps_.find(test);
            if (found == maps_.end()) {
                missing_.push_back(test);
                continue;
            }
            maps.push_back(found->second);
            const auto score = scores_.find(test);
            if (score != scores_.end()) { maps.back().score = score->second; }
        }
        return maps;
    }

    /// After all categories.
    void tell() const {
        const auto extra =
            extra_.empty()
                ? std::string()
                : concat(counted(extra_.size(), "map"), extra_.size() == 1 ? " is" : " are",
                         " of no test image here, e.g. '", extra_.front(), "'");
        require<DataError>(missing_.empty(), missing_.size(), " of ",
                           counted(missing_.size() + maps_.size(), "test image"),
                           missing_.size() == 1 ? " has" : " have", " no map, e.g. '",
                           missing_.empty() ? "" : id_of(missing_.front()), "' (",
                           extra.empty() ? "no file is called so" : extra, "); ", kHowToName);
        if (!extra.empty()) { inputs_.notes.push_back(extra + ": left out"); }
    }

  private:
    [[nodiscard]] const std::string& id_of(std::size_t sample) const {
        return inputs_.samples.at(sample).id;
    }

    /// Nothing about an image that is no test image of this run, which is told.
    [[nodiscard]] std::optional<std::size_t> listed_image(const ListedMap& line,
                                                          const std::string& where) {
        auto images = names_.find(line.image);
        if (images.empty()) {
            images = names_.find(fs::path(line.image).replace_extension().string());
        }
        if (images.empty()) {
            extra_.push_back(line.image);
            return std::nullopt;
        }
        require<ConfigError>(images.size() == 1, where, "'", escaped_name(line.image),
                             "' could be several images, e.g. '", id_of(images.front()), "' and '",
                             id_of(images.back()), "'; give <category>/<split>/<defect>/<stem>");
        return images.front();
    }

    void take_listed(const ListedMap& line, const std::string& where, std::size_t image) {
        const auto file = request_.maps / line.map;
        require<ConfigError>(fs::is_regular_file(file), where, "there is no map '", file.string(),
                             "' (paths are relative to --maps); mend the line");
        require<ConfigError>(is_map_name(file), where, "'", line.map,
                             "' is no map by its ending (.npy, .npz, .tif, .tiff or .png)",
                             "; write it as one of these");
        maps_[image] = {line.map, file};
    }

    const MeasureRequest& request_;
    MeasureInputs& inputs_;
    TestNames names_;
    std::map<std::size_t, MapFile> maps_;
    std::map<std::size_t, float> scores_;
    std::vector<std::string> extra_;
    std::vector<std::size_t> missing_;
};

/// Evaluation at the size of an input has a meaning only where that is said.
int side_of(const MeasureRequest& request) {
    const int side = request.how.metrics.side_px;
    if (side != kInputSide) { return side; }
    return request.labels.image_size.value_or(kNativeSide);
}

MapPoint labelled_point(const MeasureRequest& request) {
    const auto& labels = request.labels;
    MapPoint point;
    point.side_px = side_of(request);
    point.backbone = labels.backbone;
    point.image_size = labels.image_size.value_or(std::max(point.side_px, 0));
    if (point.image_size == 0) { point.sizes = "native"; }
    point.setting = kGivenMaps;
    if (labels.shots) {
        point.setting = *labels.shots == 0           ? "batch-zero-shot"
                        : *labels.shots == kAllShots ? std::string(kFullShot)
                                                     : "few-shot";
        point.shots = *labels.shots == kAllShots ? 0 : *labels.shots;
    }
    point.seed = labels.seed;
    point.modules = "none";
    point.detector = labels.name;
    if (point.detector.empty()) {
        point.detector = fs::absolute(request.maps / "").parent_path().filename().string();
    }
    return point;
}

/// How many images full-shot has in a category.
int normal_training(const std::vector<Sample>& samples, const MeasuredCategory& category) {
    return static_cast<int>(std::ranges::count_if(samples, [&](const Sample& sample) {
        return sample.dataset == category.dataset && sample.category == category.name &&
               sample.split == "train" && !sample.anomalous;
    }));
}

}  // namespace

std::vector<MeasuredCategory> measured_categories(const std::vector<Sample>& samples) {
    std::vector<MeasuredCategory> categories;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const auto& dataset = samples[i].dataset;
        const auto& category = samples[i].category;
        if (categories.empty() || categories.back().dataset != dataset ||
            categories.back().name != category) {
            categories.push_back({dataset, category, {}});
        }
        if (samples[i].split == "test") { categories.back().tests.push_back(i); }
    }
    for (const auto& category : categories) {
        require<DataError>(!category.tests.empty(), category.dataset, "/", category.name,
                           " has no test images (its test folder is empty); complete the data set");
    }
    return categories;
}

void match_maps(const MeasureRequest& request, MeasureInputs& inputs) {
    Matcher matcher(request, inputs);
    MapList list;
    if (!request.list.empty()) { list = read_map_list(request.list); }
    if (!list.has_maps) { matcher.by_names(); }
    matcher.by_list(list);
    for (auto& category : measured_categories(inputs.samples)) {
        auto point = labelled_point(request);
        point.dataset = category.dataset;
        point.category = category.name;
        point.maps = matcher.maps_of(category.tests);
        if (point.setting == kFullShot) { point.shots = normal_training(inputs.samples, category); }
        point.tests = std::move(category.tests);
        inputs.points.push_back(std::move(point));
    }
    matcher.tell();
}

}  // namespace patchead::inline setup_detail
