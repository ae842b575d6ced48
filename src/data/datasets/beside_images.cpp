#include "datasets/beside_images.hpp"

#include <algorithm>
#include <map>

#include "datasets/folders.hpp"
#include "datasets/path_shape.hpp"
#include "patchead/core/error.hpp"
#include "patchead/data/image_io.hpp"

namespace patchead::inline data_detail {
namespace {

namespace fs = std::filesystem;

bool ends_in(const fs::path& file, std::string_view end) {
    return lower_case(file.filename().string()).ends_with(lower_case(std::string(end)));
}

/// The name of `file` without `end`.
std::string without(const fs::path& file, std::string_view end) {
    const auto name = file.filename().string();
    return name.substr(0, name.size() - end.size());
}

}  // namespace

std::vector<ImageWithMask> images_with_masks(const fs::path& folder, const MaskEnding& ending) {
    std::map<std::string, fs::path> masks;
    std::vector<fs::path> images;
    for (const auto& file : image_files(folder)) {
        if (ends_in(file, ending.mask)) {
            const auto [first, is_new] = masks.emplace(without(file, ending.mask), file);
            require<DataError>(is_new, "two masks of one name, '", first->second.string(),
                               "' and '", file.string(),
                               "' (it is not clear which one counts); remove one");
        } else if (ends_in(file, ending.image)) {
            images.push_back(file);
        }
    }
    std::vector<ImageWithMask> pairs;
    pairs.reserve(images.size());
    for (const auto& image : images) {
        const auto mask = masks.extract(without(image, ending.image));
        require<DataError>(!mask.empty(), "no mask for the image '", image.string(), "' (",
                           without(image, ending.image), ending.mask,
                           " is not beside it); unpack the archive again, completely");
        pairs.push_back({image, mask.mapped()});
    }
    require<DataError>(masks.empty(), "no image for the mask '",
                       masks.empty() ? std::string() : masks.begin()->second.string(), "' (no ",
                       ending.image, " has its name); add the image or remove the mask");
    return pairs;
}

bool shows_defect(const ImageWithMask& pair) {
    Sample sample;
    sample.image = pair.image;
    sample.mask = pair.mask;
    const auto [height, width] = image_size(sample);
    return std::ranges::count(read_mask(sample, height, width).anomalous, 1) > 0;
}

}  // namespace patchead::inline data_detail
