#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "measure/map_matches.hpp"
#include "patchead/core/counted.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/registry.hpp"
#include "patchead/pipeline/recorded_maps.hpp"

namespace patchead::inline setup_detail {
namespace {

namespace fs = std::filesystem;

/// The maps of the tests of `category`, in their order.
std::vector<MapFile> recorded_files(const RecordedMaps& recorded, const fs::path& file,
                                    const MeasuredCategory& category,
                                    const std::vector<Sample>& samples) {
    std::map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < recorded.ids.size(); ++i) { places.emplace(recorded.ids[i], i); }
    std::vector<MapFile> maps;
    const auto short_name =
        concat(category.dataset, "/", category.name, "/", file.filename().string());
    for (const auto test : category.tests) {
        const auto found = places.find(samples[test].id);
        if (found == places.end()) { continue; }
        maps.push_back({short_name, file, static_cast<std::int64_t>(found->second),
                        recorded.scores[found->second]});
    }
    require<DataError>(maps.size() == category.tests.size(), "'", file.string(), "' has maps of ",
                       maps.size(), " of the ", counted(category.tests.size(), "test image"),
                       " (metrics need all of them); run the sweep again with --maps all, which ",
                       "computes nothing anew");
    return maps;
}

/// Those of `files` that are asked for, by their names without ending.
std::vector<fs::path> wanted_files(const MeasureRequest& request,
                                   const std::vector<fs::path>& files) {
    std::set<std::string> names;
    for (const auto& file : files) { names.insert(file.stem().string()); }
    const std::vector<std::string_view> known(names.begin(), names.end());
    for (const auto& point : request.points) {
        require<ConfigError>(names.contains(point),
                             "option --point: ", unknown_name("recorded point", point, known));
    }
    std::vector<fs::path> wanted;
    for (const auto& file : files) {
        const bool is_asked =
            request.points.empty() || std::ranges::count(request.points, file.stem().string()) > 0;
        if (is_asked) { wanted.push_back(file); }
    }
    return wanted;
}

}  // namespace

void take_recorded(const MeasureRequest& request, const std::vector<fs::path>& files,
                   MeasureInputs& inputs) {
    require<ConfigError>(!request.has_labels && request.list.empty(), "the maps in '",
                         request.maps.string(), "' were recorded by a sweep (they say themselves ",
                         "what they are of, and have image scores); leave out --list, --name, ",
                         "--backbone-label, --image-size, --shots and --seed");
    const auto categories = measured_categories(inputs.samples);
    std::set<std::size_t> covered;
    for (const auto& file : wanted_files(request, files)) {
        const auto recorded = read_recorded_maps(file);
        const auto category = std::ranges::find_if(categories, [&](const MeasuredCategory& other) {
            return other.dataset == recorded.point.dataset && other.name == recorded.point.category;
        });
        if (category == categories.end()) { continue; }
        covered.insert(static_cast<std::size_t>(category - categories.begin()));
        auto point = recorded.point;
        const int side = request.how.metrics.side_px;
        point.side_px = side == kInputSide ? point.image_size : side;
        point.tests = category->tests;
        point.maps = recorded_files(recorded, file, *category, inputs.samples);
        inputs.points.push_back(std::move(point));
    }
    std::ranges::stable_sort(inputs.points, {}, [](const MapPoint& point) {
        return std::tuple(point.dataset, point.category, point.backbone, point.image_size,
                          point.sizes, point.shots, point.seed, point.modules.size());
    });
    for (std::size_t i = 0; i < categories.size(); ++i) {
        require<DataError>(covered.contains(i), "no maps of ", categories[i].dataset, "/",
                           categories[i].name, " were recorded in '", request.maps.string(),
                           "' (a mean needs all categories); choose others with --category, or ",
                           "run the sweep again with --maps all");
    }
}

}  // namespace patchead::inline setup_detail
