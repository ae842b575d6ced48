#include "patchead/data/map_file.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include <opencv2/core.hpp>

#include "datasets/path_shape.hpp"
#include "images/decode.hpp"
#include "images/image_file.hpp"
#include "images/tiff_file.hpp"
#include "maps/array_map.hpp"
#include "maps/map_bytes.hpp"
#include "patchead/core/files.hpp"

namespace patchead {
namespace {

/// Of all numbers as they are, without colours: 16 bits or more.
FloatMap map_of_picture(const std::string& bytes, const std::string& name) {
    const auto header = check_image_file(bytes, name);
    require_map(header.has_value(), name, "is no PNG or TIFF (whatever its name says); save it ",
                "again, e.g. with numpy.save");
    const auto pixels = std::int64_t{header->height} * header->width;
    require_map(pixels <= kMostMapPixels, name, "is too large (it says that it has ",
                header->height, " x ", header->width, " pixels); a map has at most ",
                kMostMapPixels);
    require_map(!header->is_lossy, name, "is a JPEG (whatever its name says), which changes ",
                "values; save the scores as float32");
    require_map(header->bits >= 16, name, "has 8 bits a pixel (it is a picture, or scores of 256 ",
                "steps at most, of which most pixels would be equal); save the scores as float32, ",
                "or as 16-bit PNG with one scale for all images");
    const auto samples = decode_samples(bytes, name);
    require_map(samples.channels() == 1, name, "has ", samples.channels(), " channels (a picture?)",
                "; save the scores that it was drawn from");
    cv::Mat values;
    samples.convertTo(values, CV_32F);
    const auto* begin = values.ptr<float>();
    return {{values.rows, values.cols}, {begin, begin + values.total()}};
}

FloatMap map_of_bytes(const std::string& bytes, const std::string& name,
                      const std::string& ending) {
    require_map(!bytes.empty(), name, "is empty (its file has no bytes); write it again");
    if (ending == ".npy") { return map_of_npy(bytes, name); }
    if (ending == ".npz") { return map_of_npz(bytes, name); }
    return map_of_picture(bytes, name);
}

std::string ending_of(const std::filesystem::path& file) {
    return lower_case(file.extension().string());
}

}  // namespace

bool is_map_name(const std::filesystem::path& file) {
    constexpr auto endings =
        std::to_array<std::string_view>({".npy", ".npz", ".tif", ".tiff", ".png"});
    return std::ranges::count(endings, ending_of(file)) > 0;
}

bool is_other_map_name(const std::filesystem::path& file) {
    constexpr auto endings =
        std::to_array<std::string_view>({".jpg", ".jpeg", ".bmp", ".webp", ".exr", ".mat", ".pkl",
                                         ".pickle", ".pt", ".pth", ".raw", ".bin"});
    return std::ranges::count(endings, ending_of(file)) > 0;
}

FloatMap read_map(const std::filesystem::path& file) {
    const auto name = file.string();
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    require_map(error || size <= kMostMapBytes, name, "is too large (its file has ", size,
                " bytes); save one file for each image");
    auto map = map_of_bytes(read_text(file), name, ending_of(file));
    const auto odd =
        std::ranges::find_if(map.values, [](float value) { return !std::isfinite(value); });
    if (odd == map.values.end()) { return map; }
    const auto at = odd - map.values.begin();
    require_map(false, name, "holds ", std::isnan(*odd) ? "NaN" : "a value that is infinite",
                " (row ", at / map.size.width, ", column ", at % map.size.width, ", of ",
                std::ranges::count_if(map.values, [](float v) { return !std::isfinite(v); }),
                " such values, as float32); mend the program that wrote it: every pixel needs a ",
                "score");
    return map;
}

}  // namespace patchead
