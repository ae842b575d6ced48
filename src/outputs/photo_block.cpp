#include "patchead/outputs/photo_block.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "patchead/core/digest.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/npy.hpp"
#include "patchead/core/user_text.hpp"
#include "patchead/data/image_io.hpp"
#include "patchead/data/photos.hpp"
#include "patchead/data/thumbnail.hpp"
#include "patchead/pictures/heatmap.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

constexpr int kThumbnailPx = 320;  ///< Longer side.

/// Names that no two paths share, for any file system: the name of the file, and where it lies.
std::string picture_name(const fs::path& file) {
    auto name = file.stem().string();
    const auto is_plain = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '-' || c == '_' || c == '.';
    };
    std::ranges::replace_if(
        name, [&](char c) { return !is_plain(c); }, '_');
    constexpr std::size_t kMostLetters = 80;
    name.resize(std::min(name.size(), kMostLetters));
    return concat(name, "-", sha256(file.string()).substr(0, 8));
}

/// The photos that can be read, by id, and those that cannot.
struct ReadPhotos {
    std::vector<Sample> samples;
    std::vector<FailedPhoto> failed;
};

/// Calls `use`, which reads `file`; what is wrong with it is told. Whether nothing was.
template <class Use>
bool is_read(const fs::path& file, std::vector<FailedPhoto>& failed, Use use) {
    try {
        use();
        return true;
    } catch (const DataError& error) {
        failed.push_back({file.string(), error.what()});
        return false;
    }
}

ReadPhotos read_all(const PhotoOutputs& outputs, std::span<const fs::path> files, bool keep_bytes) {
    ReadPhotos read;
    for (const auto& file : files) {
        if (const auto fault = fault_of_name(file.string()); !fault.empty()) {
            read.failed.push_back(
                {escaped_name(file.string()),
                 concat("its name cannot stand in results (", fault, "); rename the file")});
            continue;
        }
        is_read(file, read.failed, [&] {
            auto sample = read_photo(file, file.string(), outputs.category, PhotoRole::query,
                                     outputs.upright);
            if (!keep_bytes) { sample.bytes.reset(); }
            read.samples.push_back(std::move(sample));
        });
    }
    std::ranges::sort(read.samples, {}, &Sample::id);
    return read;
}

/// Takes out the photos that cannot be decoded; whether there were any.
bool drop_undecodable(ReadPhotos& photos) {
    const auto before = photos.samples.size();
    std::erase_if(photos.samples, [&](const Sample& sample) {
        return !is_read(sample.image, photos.failed, [&] { (void)read_image(sample); });
    });
    return photos.samples.size() < before;
}

/// One that is damaged deep inside shows when it is decoded, together with others.
ScoredImages score_readable(PhotoScorer& scorer, ReadPhotos& photos) {
    if (photos.samples.empty()) { return {}; }
    try {
        return scorer.score(photos.samples);
    } catch (const DataError&) {
        if (!drop_undecodable(photos)) { throw; }
    }
    return photos.samples.empty() ? ScoredImages{} : scorer.score(photos.samples);
}

/// Where the highest value of a map lies in the photo that it covers.
void find_highest(const ScoredImages& scored, std::size_t i, PhotoScore& photo) {
    const auto& map = scored.maps[i];
    const auto& size = scored.sizes[i];
    const auto place = static_cast<int>(std::ranges::max_element(map) - map.begin());
    const auto in_photo = [](int at, int of, int side) {
        return std::min(side - 1, static_cast<int>((at + 0.5) * side / of));
    };
    photo.x = in_photo(place % size.width, size.width, photo.width);
    photo.y = in_photo(place / size.width, size.height, photo.height);
}

void write_photo_pictures(const PhotoOutputs& outputs, const Sample& sample,
                          const ScoredImages& scored, std::size_t i, PhotoScore& photo) {
    const auto image = read_image(sample);
    const auto name = picture_name(sample.image);
    photo.heatmap = concat("heatmaps/", name, ".png");
    photo.thumbnail = concat("thumbnails/", name, ".jpg");
    auto [low, high] = std::pair(outputs.low, outputs.high);
    if (!(high > low)) {
        auto sorted = scored.maps[i];
        std::ranges::sort(sorted);
        low = sorted[sorted.size() / 2];
        high = sorted.back();
    }
    const auto caption = fmt::format("{}  score {:.4f}  {}", sample.image.filename().string(),
                                     photo.score, outputs.scale.verdict(photo.score));
    photo.map_panel =
        write_heatmap(outputs.folder / photo.heatmap,
                      {image, {}, scored.sizes[i], scored.maps[i], low, high, caption});
    write_whole(outputs.folder / photo.thumbnail, jpeg_thumbnail(image, kThumbnailPx));
}

void write_map(const PhotoOutputs& outputs, const Sample& sample, const ScoredImages& scored,
               std::size_t i, PhotoScore& photo) {
    const auto& [rows, cols] = scored.recorded.grid;
    const auto area = static_cast<std::size_t>(scored.recorded.grid.size());
    photo.map = concat("maps/", picture_name(sample.image), ".npy");
    write_whole(outputs.folder / photo.map,
                npy_text(std::span(scored.recorded.patches).subspan(i * area, area),
                         std::vector<std::int64_t>{rows, cols}));
}

PhotoScore photo_score(const PhotoOutputs& outputs, const Sample& sample,
                       const ScoredImages& scored, std::size_t i) {
    PhotoScore photo;
    photo.path = sample.image.string();
    photo.score = scored.recorded.scores[i];
    photo.height = sample.size.height;
    photo.width = sample.size.width;
    photo.turned = is_turned_by_exif(sample);
    photo.is_prompt = outputs.prompts.contains(sample.digest);
    find_highest(scored, i, photo);
    const bool is_shown =
        outputs.pictures == PhotoPictures::all || (outputs.pictures == PhotoPictures::defects &&
                                                   outputs.scale.verdict(photo.score) == "defect");
    if (is_shown) { write_photo_pictures(outputs, sample, scored, i, photo); }
    if (outputs.maps) { write_map(outputs, sample, scored, i, photo); }
    return photo;
}

}  // namespace

PhotoScores score_photos(PhotoScorer& scorer, const PhotoOutputs& outputs,
                         std::span<const fs::path> files, bool keep_bytes) {
    auto photos = read_all(outputs, files, keep_bytes);
    if (!keep_bytes) { drop_undecodable(photos); }  // A batch is scored as a whole.
    const auto scored = score_readable(scorer, photos);
    auto shown = outputs;
    if (scorer.inputs().spec.samples.empty()) {  // A batch has colours in common.
        shown.low = scored.recorded.low;
        shown.high = scored.recorded.high;
    }
    PhotoScores scores{{}, std::move(photos.failed)};
    scores.images.reserve(photos.samples.size());
    for (std::size_t i = 0; i < photos.samples.size(); ++i) {
        scores.images.push_back(photo_score(shown, photos.samples[i], scored, i));
    }
    return scores;
}

}  // namespace patchead
