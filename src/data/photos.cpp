#include "patchead/data/photos.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "datasets/folders.hpp"
#include "images/foreign_format.hpp"
#include "patchead/core/bounded_files.hpp"
#include "patchead/core/digest.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/key.hpp"
#include "patchead/data/image_io.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

class PhotoLister {
  public:
    PhotoLister(bool below, const fs::path& except) : below_(below), except_(except) {}

    void add_place(const fs::path& place) {
        std::error_code error;
        const auto type = fs::status(place, error).type();
        if (type == fs::file_type::directory) { return add_folder(place); }
        if (type == fs::file_type::not_found) {
            list_.unread.push_back({place.string(), "there is no such file; check the path"});
            return;
        }
        add_file(place, true);
    }

    PhotoList take() {
        std::ranges::sort(list_.photos, {}, &fs::path::native);
        list_.photos.erase(std::unique(list_.photos.begin(), list_.photos.end()),
                           list_.photos.end());
        std::ranges::sort(list_.unread, {}, &UnreadPhoto::path);
        return std::move(list_);
    }

  private:
    void add_folder(const fs::path& folder) {
        for (const auto& name : files_in(folder)) { add_file(folder / name, false); }
        for (const auto& name : subfolders(folder)) {
            std::error_code error;
            if (!below_) {
                ++list_.folders;
            } else if (!fs::equivalent(folder / name, except_, error)) {
                add_folder(folder / name);
            }
        }
    }

    /// Whatever is named by itself is meant to be a picture.
    void add_file(const fs::path& file, bool is_named) {
        if (auto reason = foreign_name(file.string()); !reason.empty()) {
            list_.unread.push_back({file.string(), std::move(reason)});
        } else if (is_named || is_photo_name(file)) {
            list_.photos.push_back(file);
        } else if (++list_.others == 1) {
            list_.example = file.string();
        }
    }

    bool below_;
    const fs::path& except_;
    PhotoList list_;
};

}  // namespace

bool is_photo_name(const fs::path& name) {
    return has_image_suffix(name) || same_in_any_case(name.extension().string(), ".webp");
}

PhotoList list_photos(std::span<const std::string> places, bool below, const fs::path& except) {
    PhotoLister lister(below, except);
    for (const auto& place : places) { lister.add_place(place); }
    return lister.take();
}

std::string photo_id(const std::string& name, const std::string& category, PhotoRole role) {
    return concat(category, role == PhotoRole::prompt ? "/train/good/" : "/test/photo/", name);
}

Sample read_photo(const fs::path& file, const std::string& name, const std::string& category,
                  PhotoRole role, bool upright) {
    const bool is_prompt = role == PhotoRole::prompt;
    Sample sample;
    sample.id = photo_id(name, category, role);
    sample.dataset = kPhotoDataset;
    sample.category = category;
    sample.split = is_prompt ? "train" : "test";
    sample.defect_type = is_prompt ? "good" : "photo";
    sample.image = file;
    sample.upright = upright;
    sample.bytes = std::make_shared<const std::string>(read_text(file, kMostPictureBytes));
    sample.digest = digest_of({sha256(*sample.bytes)});
    std::tie(sample.size.height, sample.size.width) = image_size(sample);
    return sample;
}

}  // namespace patchead
