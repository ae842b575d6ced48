#include "datasets/visa_raw.hpp"

#include <algorithm>
#include <set>
#include <unordered_set>

#include "datasets/folders.hpp"
#include "datasets/layout.hpp"
#include "patchead/core/counted.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/text.hpp"
#include "patchead/core/user_text.hpp"

namespace patchead::inline data_detail {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kHeader = "object,split,label,image,mask";
constexpr std::string_view kBad = "bad";

fs::path split_file(const fs::path& root) { return root / "split_csv/1cls.csv"; }
fs::path images_of(const fs::path& object) { return object / "Data/Images"; }
fs::path masks_of(const fs::path& object) { return object / "Data/Masks/Anomaly"; }

/// A line of the split file. Paths are relative to the root; `mask` is empty for normal images.
struct Row {
    std::string object;
    std::string split;
    bool anomalous = false;
    std::string image;
    std::string mask;
};

/// Reads the split file; knows its name and line for messages.
class SplitFile {
  public:
    explicit SplitFile(const fs::path& file)
        : file_(file.string()), text_(plain_text(read_text(file), file.string())) {}

    [[nodiscard]] std::vector<Row> rows() {
        std::vector<Row> rows;
        for (std::size_t at = 0; at < text_.size(); ++line_) {
            const auto end = std::min(text_.find('\n', at), text_.size());
            auto line = std::string_view(text_).substr(at, end - at);
            at = end + 1;
            if (line_ == 1) {
                check(line == kHeader, "the header is not", kHeader);
            } else if (!line.empty()) {
                rows.push_back(parse(line));
            }
        }
        return rows;
    }

  private:
    [[nodiscard]] Row parse(std::string_view line) const {
        const auto fields = split_at_commas(line);
        check(fields.size() == 5, "it has not five fields", line);
        check(fields[1] == "train" || fields[1] == "test", "the split is", fields[1]);
        check(fields[2] == "normal" || fields[2] == "anomaly", "the label is", fields[2]);
        const bool anomalous = fields[2] == "anomaly";
        check(anomalous != fields[4].empty(), "a mask is for defective images", fields[4]);
        return {fields[0], fields[1], anomalous, fields[3], fields[4]};
    }

    void check(bool ok, std::string_view reason, std::string_view value) const {
        require<DataError>(ok, "line ", line_, " of '", file_, "' is wrong (", reason, " '", value,
                           "'); unpack the file again");
    }

    std::string file_;
    std::string text_;
    std::size_t line_ = 1;
};

using Files = std::unordered_set<std::string>;

void require_listed(ImageListings& listings, const fs::path& file, const fs::path& split) {
    require<DataError>(listings.contains(file), "no file '", file.string(), "' (", split.string(),
                       " names it); unpack the archive again, completely");
}

/// Throws DataError if a mask of `object` is not in `named`.
void require_masks_named(const fs::path& object, const Files& named) {
    if (!is_folder(masks_of(object))) { return; }
    for (const auto& mask : image_files(masks_of(object))) {
        require<DataError>(named.contains(mask.native()), "no image for the mask '", mask.string(),
                           "' (the split file does not name it); unpack the archive again or "
                           "remove the mask");
    }
}

/// Images of `object` that are not in `named`.
std::vector<fs::path> unnamed_images(const fs::path& object, const Files& named) {
    std::vector<fs::path> unnamed;
    for (const auto* kind : {"Normal", "Anomaly"}) {
        const auto folder = images_of(object) / kind;
        if (!is_folder(folder)) { continue; }
        std::ranges::copy_if(image_files(folder), std::back_inserter(unnamed),
                             [&](const fs::path& file) { return !named.contains(file.native()); });
    }
    return unnamed;
}

std::vector<std::string> objects_in(const std::vector<Row>& rows, const fs::path& root) {
    std::set<std::string> objects;
    for (const auto& row : rows) { objects.insert(row.object); }
    std::erase_if(objects, [&](const std::string& object) { return !is_folder(root / object); });
    return {objects.begin(), objects.end()};
}

}  // namespace

bool has_visa_split(const fs::path& root) {
    std::error_code error;
    return fs::is_regular_file(split_file(root), error);
}

std::vector<std::string> raw_visa_objects(const fs::path& root,
                                          std::span<const PublishedCategory> known) {
    std::vector<std::string> objects;
    for (const auto& category : known) {
        if (is_folder(images_of(root / category.name))) { objects.emplace_back(category.name); }
    }
    return objects;
}

DatasetIndex index_visa_split(std::string_view name, const fs::path& root,
                              std::span<const std::string> categories) {
    const auto file = split_file(root);
    const auto rows = SplitFile(file).rows();
    DatasetIndex index{std::string(name), root, "raw, split_csv/1cls.csv", {}, {}};
    const auto objects = chosen(objects_in(rows, root), categories, root);
    ImageListings listings;
    Files named;
    for (const auto& row : rows) {
        if (!std::ranges::binary_search(objects, row.object)) { continue; }
        auto sample = make_sample({name, row.object, row.split, row.anomalous ? kBad : kGood},
                                  root / row.image);
        require_listed(listings, sample.image, file);
        named.insert(sample.image.native());
        if (row.anomalous) {
            sample.mask = root / row.mask;
            require_listed(listings, sample.mask, file);
            named.insert(sample.mask.native());
        }
        index.samples.push_back(std::move(sample));
    }
    for (const auto& object : objects) {
        require_masks_named(root / object, named);
        const auto unnamed = unnamed_images(root / object, named);
        if (!unnamed.empty()) {
            index.notes.push_back(concat(object, ": ", counted(unnamed.size(), "image"),
                                         " left out, not in '", file.string(), "' (e.g. '",
                                         unnamed.front().string(), "')"));
            index.ignored.insert(index.ignored.end(), unnamed.begin(), unnamed.end());
        }
    }
    return index;
}

namespace {

void add_unsplit(std::string_view dataset, const fs::path& root, const std::string& object,
                 DatasetIndex& index) {
    const auto images_in = [&](const char* folder) {
        const auto path = images_of(root / object) / folder;
        return is_folder(path) ? image_files(path) : std::vector<fs::path>{};
    };
    const bool has_masks = is_folder(masks_of(root / object));
    MaskFolder masks(masks_of(root / object), "_mask");
    for (const auto& image : images_in("Normal")) {
        index.samples.push_back(make_sample({dataset, object, "train", kGood}, image));
    }
    for (const auto& image : images_in("Anomaly")) {
        index.samples.push_back(make_sample({dataset, object, "test", kBad}, image));
        if (has_masks) { index.samples.back().mask = masks.take(image); }
    }
    masks.require_empty();
    if (!has_masks) {
        index.notes.push_back(concat(object, ": no masks, so no pixel-level metrics"));
    }
}

}  // namespace

DatasetIndex index_visa_unsplit(std::string_view name, const fs::path& root,
                                const std::vector<std::string>& objects,
                                std::span<const std::string> categories) {
    DatasetIndex index{std::string(name), root, "raw, without split file", {}, {}};
    index.notes.push_back(
        concat("no split file '", split_file(root).string(),
               "': normal images count as training images, so this is not the published split; ",
               "unpack split_csv from the archive"));
    for (const auto& object : chosen(objects, categories, root)) {
        add_unsplit(name, root, object, index);
    }
    return index;
}

}  // namespace patchead::inline data_detail
