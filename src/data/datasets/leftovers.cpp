#include "datasets/leftovers.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "datasets/folders.hpp"
#include "datasets/path_shape.hpp"
#include "patchead/core/counted.hpp"
#include "patchead/core/error.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kExamples = 3;

/// A reason, with what one can do about it.
struct Reason {
    std::string unit;
    std::string why;
    std::string mend;
};

const Reason kDeeper{"image", "lying deeper than the layout's folders", "move them up"};
const Reason kElsewhere{"image", "lying where the layout has no images",
                        "move them into its folders, or away"};
const Reason kNoCategory{"image", "lying in no category",
                         "give their folder those of the layout, or move it away"};
const Reason kNoImage{"folder", "without an image", "fill or remove them"};
const Reason kUnreadable{"folder", "not readable", "check the permissions"};

/// The suffix of `file` in lower case, without its dot.
std::string suffix_of(const fs::path& file) {
    auto suffix = file.extension().string();
    if (!suffix.empty()) { suffix.erase(0, 1); }
    return lower_case(suffix);
}

bool starts_like_an_image(const fs::path& file) {
    using namespace std::string_view_literals;
    // Where in the file, and what is there: PNG, JPEG, GIF, TIFF, JPEG 2000, WebP, HEIF, NumPy.
    constexpr std::array<std::pair<std::size_t, std::string_view>, 12> signatures{
        {{0, "\x89PNG"sv},
         {0, "\xff\xd8\xff"sv},
         {0, "GIF8"sv},
         {0, "II*\0"sv},
         {0, "MM\0*"sv},
         {4, "jP  "sv},
         {8, "WEBP"sv},
         {4, "ftyphe"sv},
         {4, "ftypmif1"sv},
         {4, "ftypavif"sv},
         {0, "\xff\x4f\xff\x51"sv},
         {0, "\x93NUMPY"sv}}};
    std::string bytes(12, '\0');
    std::ifstream(file, std::ios::binary).read(bytes.data(), 12);
    return std::ranges::any_of(signatures, [&](const auto& signature) {
        return std::string_view(bytes).substr(signature.first).starts_with(signature.second);
    });
}

/// Whether `file`, whose suffix is none that is read, is an image all the same.
bool is_foreign_image(const fs::path& file) {
    constexpr auto known = std::to_array<std::string_view>(
        {"webp", "gif",  "npy", "npz", "heic", "heif", "avif", "jp2", "j2k", "j2c", "jpx", "jxl",
         "jpe",  "jfif", "ppm", "pgm", "pbm",  "pnm",  "pfm",  "exr", "hdr", "tga", "psd", "dng",
         "cr2",  "nef",  "arw", "dcm", "raw",  "dib",  "pcx",  "qoi", "bpg", "jxr", "apng"});
    constexpr auto texts = std::to_array<std::string_view>(
        {"txt", "md", "csv", "tsv", "json", "xml", "yaml", "yml", "html", "db", "ini", "log"});
    const auto suffix = suffix_of(file);
    if (std::ranges::find(known, suffix) != known.end()) { return true; }
    return std::ranges::find(texts, suffix) == texts.end() && starts_like_an_image(file);
}

/// `path` as the tree names it; nothing if it lies elsewhere.
std::optional<std::string> relative_to(const fs::path& root, const fs::path& path) {
    const auto base = (root / "").native();
    if (!path.native().starts_with(base)) { return std::nullopt; }
    return path.native().substr(base.size());
}

std::ptrdiff_t depth(std::string_view folder) {
    return folder.empty() ? 0 : std::ranges::count(folder, '/') + 1;
}

/// The first `levels` parts of `path`.
std::string first_parts(std::string_view path, std::ptrdiff_t levels) {
    std::size_t end = 0;
    for (; levels > 0 && end < path.size(); --levels) {
        end = std::min(path.find('/', end + (end > 0 ? 1 : 0)), path.size());
    }
    return std::string(path.substr(0, end));
}

/// The folder of a sample's category: the part of the path that has its name, else everything.
std::string category_folder(const std::string& path, const std::string& category) {
    for (std::ptrdiff_t levels = 1; levels <= depth(folder_part(path)); ++levels) {
        auto folder = first_parts(path, levels);
        if (name_part(folder) == category) { return folder; }
    }
    return {};
}

/// Whether a folder of this name holds another data set, which lies beside this one.
bool is_another_set(std::string_view path) {
    const auto name = first_parts(path, 1);
    return std::ranges::any_of(datasets(), [&](const DatasetEntry& entry) {
        return std::ranges::find(entry.roots, name) != entry.roots.end();
    });
}

/// The folder of the category in which `path` lies; null if it lies in none.
const std::string* category_of(const Taken& taken, std::string_view path) {
    for (const auto& folder : taken.categories) {
        if (lies_in(path, folder)) { return &folder; }
    }
    return nullptr;
}

bool is_ignored(const Taken& taken, std::string_view path) {
    for (auto part = path; !part.empty(); part = folder_part(part)) {
        if (taken.ignored.contains(part)) { return true; }
    }
    return false;
}

class Comparison {
  public:
    Comparison(const Tree& tree, const Taken& taken) : tree_(tree), taken_(taken) {
        for (const auto& file : taken.files) { used_folders_.emplace(folder_part(file)); }
        for (const auto& folder : used_folders_) {
            deepest_ = std::max(deepest_, depth(folder));
            parents_.emplace(folder_part(folder));
        }
        for (const auto& folder : tree.folders) { with_folders_.insert(folder_part(folder)); }
    }

    std::vector<LeftOut> run() {
        for (const auto& file : tree_.files) { see_file(file); }
        for (const auto& folder : tree_.folders) { see_folder(folder); }
        for (const auto& folder : tree_.unreadable) {
            if (!is_ignored(taken_, folder)) { add(folder, kUnreadable); }
        }
        std::vector<LeftOut> found;
        for (auto& [key, left_out] : found_) { found.push_back(std::move(left_out)); }
        return found;
    }

  private:
    void see_file(const std::string& file) {
        if (taken_.files.contains(file) || is_ignored(taken_, file)) { return; }
        if (has_image_suffix(file)) {
            with_images_.insert(folder_part(file));
            add(file, category_of(taken_, file) == nullptr  ? kNoCategory
                      : depth(folder_part(file)) > deepest_ ? kDeeper
                                                            : kElsewhere);
        } else if (is_foreign_image(tree_.root / file)) {
            with_images_.insert(folder_part(file));
            const auto suffix = suffix_of(file);
            add(file, suffix.empty()
                          ? Reason{"image", "without a suffix", "name them .png or .jpg"}
                          : Reason{"image", concat("in a format not read here (", suffix, ")"),
                                   "convert them to png"});
        } else {
            with_texts_.insert(folder_part(file));
        }
    }

    /// A folder of defects without images, say. One of texts counts only beside folders of images.
    void see_folder(const std::string& folder) {
        if (with_folders_.contains(folder) || used_folders_.contains(folder) ||
            with_images_.contains(folder) || std::ranges::count(tree_.unreadable, folder) > 0 ||
            is_ignored(taken_, folder)) {
            return;
        }
        const auto parent = folder_part(folder);
        const bool is_beside_images =
            parents_.contains(parent) && taken_.categories.count(parent) == 0 && !parent.empty();
        if (is_beside_images || !with_texts_.contains(folder)) { add(folder, kNoImage); }
    }

    void add(const std::string& path, const Reason& reason) {
        const auto* category = category_of(taken_, path);
        const auto levels = taken_.categories.empty() ? 0 : depth(*taken_.categories.begin());
        const auto where = category != nullptr ? *category : first_parts(folder_part(path), levels);
        auto& left_out = found_[{where, reason.why}];
        if (left_out.count++ == 0) {
            left_out = {where, reason.unit, reason.why, reason.mend, 1, {}};
        }
        if (left_out.examples.size() < kExamples) { left_out.examples.push_back(path); }
    }

    const Tree& tree_;
    const Taken& taken_;
    std::set<std::string, std::less<>> used_folders_;
    std::set<std::string, std::less<>> parents_;  ///< Of used folders.
    std::set<std::string_view> with_folders_;     ///< Folders with folders.
    std::set<std::string_view> with_images_;      ///< Folders with images that are left out.
    std::set<std::string_view> with_texts_;
    std::ptrdiff_t deepest_ = 0;
    std::map<std::pair<std::string, std::string>, LeftOut> found_;
};

}  // namespace

std::string describe(const LeftOut& left_out) {
    std::string examples;
    for (const auto& example : left_out.examples) {
        examples += concat(examples.empty() ? "'" : ", '", example, "'");
    }
    if (left_out.count > left_out.examples.size()) { examples += ", ..."; }
    return concat(left_out.where, left_out.where.empty() ? "" : ": ",
                  counted(left_out.count, left_out.unit), " left out, ", left_out.why, " (",
                  examples, "); ", left_out.mend);
}

std::vector<std::string> summarise(std::span<const LeftOut> left_out) {
    std::vector<LeftOut> sums;
    for (const auto& part : left_out) {
        const auto same = std::ranges::find(sums, part.why, &LeftOut::why);
        if (same == sums.end()) {
            sums.push_back(part);
        } else {
            same->count += part.count;
        }
    }
    std::vector<std::string> notes;
    notes.reserve(sums.size());
    for (const auto& sum : sums) {
        notes.push_back(concat(counted(sum.count, sum.unit), " left out, ", sum.why, " (e.g. '",
                               sum.examples.front(), "'); `patchead datasets check` has all"));
    }
    return notes;
}

}  // namespace patchead

namespace patchead::inline data_detail {

Taken taken_from(const Tree& tree, const DatasetIndex& index) {
    Taken taken;
    for (const auto& path : index.ignored) {
        if (const auto inside = relative_to(tree.root, path)) { taken.ignored.insert(*inside); }
    }
    for (const auto& sample : index.samples) {
        auto paths = sample.masks();
        paths.push_back(sample.image);
        for (const auto& path : paths) {
            const auto inside = relative_to(tree.root, path);
            if (!inside) { continue; }
            taken.files.insert(*inside);
            if (sample.anomalous && path == sample.image) { taken.anomalous.insert(*inside); }
            taken.categories.insert(category_folder(*inside, sample.category));
        }
    }
    return taken;
}

void keep_what_matters(Tree& tree, const Taken& taken, bool is_whole) {
    const auto is_no_matter = [&](const std::string& path) {
        return category_of(taken, path) == nullptr && (!is_whole || is_another_set(path));
    };
    std::erase_if(tree.files, is_no_matter);
    std::erase_if(tree.folders, is_no_matter);
    std::erase_if(tree.unreadable, is_no_matter);
}

std::vector<LeftOut> find_left_out(const Tree& tree, const Taken& taken) {
    return Comparison(tree, taken).run();
}

}  // namespace patchead::inline data_detail
