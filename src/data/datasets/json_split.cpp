#include "datasets/json_split.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <unordered_set>

#include "datasets/folders.hpp"
#include "datasets/json_file.hpp"
#include "datasets/layout.hpp"
#include "datasets/tree.hpp"
#include "patchead/core/counted.hpp"
#include "patchead/core/error.hpp"

namespace patchead::inline data_detail {
namespace {

namespace fs = std::filesystem;

constexpr std::array kSplits{"train", "test"};

/// `text` as a path inside a folder.
fs::path path_inside(const std::string& text, const char* name, const std::string& where) {
    auto path = fs::path(text).lexically_normal();
    const bool leaves = path.is_absolute() || std::ranges::find(path, fs::path("..")) != path.end();
    require<DataError>(!leaves, where, "\"", name, "\" leaves the folder of the data set ('", text,
                       "'); give a path relative to it, without \"..\"");
    return path;
}

/// "cap_0001_OK" of "cap_0001_OK_C1_20231021"; empty if the name is none of a view.
std::string sample_of_view(const std::string& stem) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    for (auto mark = stem.rfind("_C"); mark != std::string::npos && mark > 0;
         mark = stem.rfind("_C", mark - 1)) {
        const auto begin = mark + 2;
        const auto end = std::min(stem.find('_', begin), stem.size());
        if (end > begin && std::all_of(stem.begin() + static_cast<std::ptrdiff_t>(begin),
                                       stem.begin() + static_cast<std::ptrdiff_t>(end), is_digit)) {
            return stem.substr(0, mark);
        }
    }
    return {};
}

/// Reads one split file into samples.
class JsonReader {
  public:
    JsonReader(const JsonCategory& category, const fs::path& images, const JsonRules& rules,
               DatasetIndex& index)
        : category_(category), images_(images), rules_(rules), index_(index) {}

    void run() {
        const auto json = read_json(category_.file);
        const auto where = concat("'", category_.file.string(), "': ");
        require<DataError>(json.is_object() && json.contains("meta"), where,
                           "it is no split (there is no \"meta\"); docs/datasets.md has the form");
        const auto meta = concat("'", category_.file.string(), "', meta: ");
        folder_ = (images_ / path_inside(text_if_any(json["meta"], "prefix", meta), "prefix", meta))
                      .lexically_normal();
        normal_class_ = text_in(json["meta"], "normal_class", meta);
        require<DataError>(is_folder(folder_), "no folder '", folder_.string(), "' (",
                           category_.file.string(),
                           " says that its images lie there); unpack the archive of '",
                           category_.name, "', completely");
        for (const auto* split : kSplits) {
            require<DataError>(json.contains(split) && json[split].is_array(), where,
                               "there is no list \"", split, "\"; mend the file");
            for (std::size_t i = 0; i < json[split].size(); ++i) {
                add(json[split][i], split,
                    concat("'", category_.file.string(), "', ", split, " ", i + 1, ": "));
            }
        }
    }

    [[nodiscard]] const fs::path& folder() const { return folder_; }

  private:
    void add(const Json& entry, const char* split, const std::string& where) {
        const auto category = text_if_any(entry, "category", where);
        require<DataError>(category.empty() || category == category_.name, where,
                           "it is of the category '", category, "'; move it to ", category,
                           ".json, or rename the file");
        const auto path = path_inside(text_in(entry, "image_path", where), "image_path", where);
        auto sample = make_sample({index_.dataset, category_.name, split, type_of(entry, where)},
                                  stem_of(path), found(path, "image_path", where));
        const auto mask = text_if_any(entry, "mask_path", where);
        if (!mask.empty()) {
            auto file = found(path_inside(mask, "mask_path", where), "mask_path", where);
            if (sample.anomalous) {
                sample.mask = std::move(file);
            } else {
                index_.ignored.push_back(std::move(file));
            }
        }
        sample.group = text_if_any(entry, "sample", where);
        if (sample.group.empty()) { sample.group = sample_of_view(path.stem().string()); }
        require_name(sample.group);
        if (rules_.is_contaminated && sample.split == "train") { sample.anomalous = false; }
        index_.samples.push_back(std::move(sample));
    }

    [[nodiscard]] std::string type_of(const Json& entry, const std::string& where) const {
        auto type = text_in(entry, "anomaly_class", where);
        if (type == normal_class_) { return std::string(kGood); }
        require<DataError>(!type.empty() && type != kGood && type.find('/') == std::string::npos,
                           where, "the anomaly_class '", type, "' cannot be a defect's (the ",
                           "normal_class is '", normal_class_, "'); give it another name");
        require_name(type);
        return type;
    }

    [[nodiscard]] std::string stem_of(const fs::path& path) const {
        if (rules_.ids_by_stem) { return path.stem().string(); }
        return fs::path(path).replace_extension().generic_string();
    }

    fs::path found(const fs::path& path, const char* name, const std::string& where) {
        auto file = folder_ / path;
        require_name(file);
        require<DataError>(path.has_filename() && listings_.contains(file), where, "the ", name,
                           " '", file.string(), "' is no image file that is there; unpack the ",
                           "archive of '", category_.name, "' again, completely");
        return file;
    }

    const JsonCategory& category_;
    const fs::path& images_;
    const JsonRules& rules_;
    DatasetIndex& index_;
    ImageListings listings_;
    fs::path folder_;
    std::string normal_class_;
};

/// Anomalous images without a mask show no defect, if others have masks; else nobody knows.
void settle_masks(const std::string& category, std::span<Sample> samples, DatasetIndex& index) {
    const auto has_mask = [](const Sample& sample) { return !sample.mask.empty(); };
    if (std::ranges::none_of(samples, has_mask)) { return; }
    std::size_t unseen = 0;
    for (auto& sample : samples) {
        sample.unseen = sample.anomalous && sample.mask.empty();
        unseen += sample.unseen ? 1 : 0;
    }
    if (unseen == 0) { return; }
    index.notes.push_back(concat(category, ": ", counted(unseen, "image"),
                                 " anomalous by class and without mask: the defect is not seen in ",
                                 "this view; such an image counts as anomalous, with no anomalous ",
                                 "pixel"));
}

/// Prompts are not drawn from them (plan/sampling.hpp).
void note_split_samples(const std::string& category, std::span<const Sample> samples,
                        DatasetIndex& index) {
    std::set<std::string> train;
    std::set<std::string> both;
    for (const auto& sample : samples) {
        if (sample.split == "train" && !sample.group.empty()) { train.insert(sample.group); }
    }
    for (const auto& sample : samples) {
        if (sample.split == "test" && train.contains(sample.group)) { both.insert(sample.group); }
    }
    if (both.empty()) { return; }
    index.notes.push_back(concat(category, ": ", counted(both.size(), "sample"),
                                 " with views in both splits (e.g. '", *both.begin(),
                                 "'); no view of them is drawn as a prompt"));
}

void note_contamination(const std::string& category, std::span<const Sample> samples,
                        DatasetIndex& index) {
    const auto count = std::ranges::count_if(samples, [](const Sample& sample) {
        return sample.split == "train" && !sample.anomalous && sample.defect_type != kGood;
    });
    if (count == 0) { return; }
    index.notes.push_back(concat(category, ": ", counted(static_cast<std::size_t>(count), "image"),
                                 " of a defect in the training images, which count as normal, as ",
                                 "this split has it"));
}

/// Images below `folders` that no split names, which is no fault.
void leave_out_unlisted(const std::set<fs::path>& folders, DatasetIndex& index) {
    std::unordered_set<std::string> named;
    for (const auto& sample : index.samples) {
        named.insert(sample.image.native());
        named.insert(sample.mask.native());
    }
    for (const auto& file : index.ignored) { named.insert(file.native()); }
    std::vector<fs::path> unlisted;
    for (const auto& folder : folders) {
        for (const auto& file : list_tree(folder).files) {
            if (has_image_suffix(file) && named.insert((folder / file).native()).second) {
                unlisted.push_back(folder / file);
            }
        }
    }
    if (unlisted.empty()) { return; }
    index.notes.push_back(concat(counted(unlisted.size(), "image"),
                                 " left out, in no split file (e.g. '", unlisted.front().string(),
                                 "')"));
    index.ignored.insert(index.ignored.end(), unlisted.begin(), unlisted.end());
}

}  // namespace

std::vector<JsonCategory> json_categories(const fs::path& folder) {
    std::vector<JsonCategory> categories;
    if (!is_folder(folder) || !can_list(folder)) { return categories; }
    for (const auto& name : files_in(folder)) {
        const fs::path file(name);
        if (same_in_any_case(file.extension().string(), ".json")) {
            categories.push_back({file.stem().string(), folder / file});
        }
    }
    return categories;
}

void index_json_splits(std::span<const JsonCategory> categories, const fs::path& images,
                       const JsonRules& rules, DatasetIndex& index) {
    std::set<fs::path> folders;
    for (const auto& category : categories) {
        const auto before = index.samples.size();
        JsonReader reader(category, images, rules, index);
        reader.run();
        const auto samples = std::span(index.samples).subspan(before);
        require<DataError>(!samples.empty(), "no images in the split '", category.file.string(),
                           "' (its lists are empty); unpack or copy it again, completely");
        settle_masks(category.name, samples, index);
        note_split_samples(category.name, samples, index);
        note_contamination(category.name, samples, index);
        folders.insert(reader.folder());
    }
    leave_out_unlisted(folders, index);
}

}  // namespace patchead::inline data_detail
