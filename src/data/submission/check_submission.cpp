#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <set>

#include <opencv2/imgcodecs.hpp>

#include "datasets/tree.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/data/submission.hpp"
#include "submission/half_tiff.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

/// Whether a map of `size` shows an image of `image`: no larger, and of its shape but for rounding.
bool has_shape(const MapSize& size, const MapSize& image) {
    if (image.area() == 0) { return true; }  // Nobody knows.
    const auto across = std::int64_t{size.height} * image.width;
    const auto down = std::int64_t{size.width} * image.height;
    return size.height <= image.height && size.width <= image.width &&
           std::abs(across - down) <= std::max(image.height, image.width);
}

std::string size_text_of(const MapSize& size) { return concat(size.width, " x ", size.height); }

/// The size of a sound map.
MapSize check_map(const fs::path& folder, const std::string& name, const MapSize& image) {
    const auto map = read_half_tiff(folder / name, name);
    const auto odd = std::ranges::find_if(map.values, [](float v) { return !std::isfinite(v); });
    require<DataError>(odd == map.values.end(), "'", name, "' has values that are not finite");
    require<DataError>(has_shape(map.size, image), "'", name, "' has ", size_text_of(map.size),
                       " px, which is not the shape of its image, ", size_text_of(image), " px");
    return map.size;
}

void check_picture(const fs::path& folder, const std::string& name,
                   const std::optional<MapSize>& map) {
    const auto bytes = read_text(folder / name);
    const std::vector<std::uint8_t> file(bytes.begin(), bytes.end());
    require<DataError>(bytes.starts_with("\x89PNG"), "'", name, "' is no PNG file");
    const auto pixels = cv::imdecode(file, cv::IMREAD_UNCHANGED);
    require<DataError>(!pixels.empty(), "'", name, "' is damaged");
    require<DataError>(pixels.channels() == 1 && pixels.depth() == CV_8U, "'", name, "' has ",
                       pixels.channels(), " channels of ", 8 * pixels.elemSize1(),
                       " bits in place of one of 8");
    require<DataError>(cv::countNonZero((pixels != 0) & (pixels != 255)) == 0, "'", name,
                       "' has values other than 0 and 255");
    require<DataError>(!map || *map == MapSize{pixels.rows, pixels.cols}, "'", name, "' has ",
                       size_text_of({pixels.rows, pixels.cols}), " px, its map ",
                       size_text_of(map.value_or(MapSize{})));
}

/// What `look` returns, or nothing if it finds a fault, or if there is no such file.
template <class Look>
auto looked_at(const std::set<std::string>& there, const std::string& name, const Look& look,
               std::vector<std::string>& faults) -> std::optional<decltype(look())> {
    if (!there.contains(name)) {
        faults.push_back(concat("'", name, "' is missing"));
        return {};
    }
    try {
        return look();
    } catch (const Error& error) { faults.emplace_back(error.what()); }
    return {};
}

void check_images(const fs::path& folder, const SubmittedSplit& split,
                  const std::set<std::string>& there, std::vector<std::string>& faults) {
    for (std::size_t i = 0; i < split.images.size(); ++i) {
        const auto place = concat("/", split.category, "/", split.split, "/", split.images[i]);
        const auto map = concat(kMapFolder, place, ".tiff");
        const auto size = looked_at(
            there, map, [&] { return check_map(folder, map, split.sizes[i]); }, faults);
        const auto picture = concat(kBinaryFolder, place, ".png");
        static_cast<void>(looked_at(
            there, picture,
            [&] {
                check_picture(folder, picture, size);
                return true;
            },
            faults));
    }
}

}  // namespace

std::vector<std::string> check_submission(const fs::path& folder,
                                          std::span<const SubmittedSplit> splits) {
    std::vector<std::string> faults;
    std::set<std::string> there;
    for (const auto root : {kMapFolder, kBinaryFolder}) {
        if (!fs::is_directory(folder / root)) {
            faults.push_back(concat("there is no folder '", (folder / root).string(), "'"));
            continue;
        }
        for (const auto& file : list_tree(folder / root).files) {
            there.insert(concat(root, "/", file));
        }
    }
    const auto expected = submitted_files(splits);
    for (const auto& file : there) {
        if (!std::ranges::binary_search(expected, file)) {
            faults.push_back(concat("'", file, "' is no file of a submission"));
        }
    }
    for (const auto& split : splits) { check_images(folder, split, there, faults); }
    return faults;
}

}  // namespace patchead
