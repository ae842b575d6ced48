#include "datasets/redistributed.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <utility>

#include "datasets/path_shape.hpp"
#include "patchead/core/error.hpp"

namespace patchead::inline data_detail {
namespace {

enum class Use { unknown, left_out, normal, anomalous };

/// A file in the shape that it shares with its neighbours: each number in its name is "#".
struct Entry {
    std::string path;   ///< One of the files of that shape, as the tree has it.
    std::string shape;  ///< From the first folder on that names a split or a kind of file.
    std::string lower;  ///< The same in lower case.
    std::string whole;  ///< In lower case, with all folders.
    Use use = Use::unknown;
};

/// What lies below one folder, a category or a whole data set.
struct FileGroup {
    std::string where;
    std::string_view expected;
    std::vector<Entry> entries;
    std::set<std::string_view> files;
};

/// The file that shows a layout.
struct Example {
    std::string path;
    Use use = Use::unknown;
};
using Match = std::optional<Example>;

bool is_left_out(const Entry& entry) {
    return entry.use == Use::unknown || entry.use == Use::left_out;
}
bool is_defective(const Entry& entry) {
    return entry.use == Use::unknown || entry.use == Use::anomalous;
}
bool is_any(const Entry&) { return true; }

const std::regex& compiled(std::string_view pattern) {
    thread_local std::map<std::string_view, std::regex> cache;
    const auto found = cache.find(pattern);
    if (found != cache.end()) { return found->second; }
    return cache.emplace(pattern, std::regex(std::string(pattern))).first->second;
}

/// The first entry of which `text` has `pattern` and that is of the wanted use. What the pattern's
/// first group matches must not be a part of the data set's own layout, unless it was misread.
Match find_shape(const FileGroup& group, const char* pattern, bool (*wanted)(const Entry&) = is_any,
                 std::string Entry::*text = &Entry::lower) {
    const auto& regex = compiled(pattern);
    for (const auto& entry : group.entries) {
        std::smatch match;
        if (!wanted(entry) || !std::regex_search(entry.*text, match, regex)) { continue; }
        const bool is_own = match.size() > 1 && is_left_out(entry) &&
                            group.expected.find(match.str(1)) != std::string_view::npos;
        if (!is_own) { return Example{entry.path, entry.use}; }
    }
    return std::nullopt;
}

/// `first`, if there is `second` too.
Match both(Match first, const Match& second) { return second ? std::move(first) : std::nullopt; }
Match unless(Match first, const Match& other) { return other ? std::nullopt : std::move(first); }

constexpr auto kYolo = R"((?:^|/)labels/.*\.txt$|^data\.ya?ml$)";
constexpr auto kCoco = R"((?:^|/)(?:_annotations\.coco|instances_[^/]*)\.json$)";

/// Images in images/, those first that were taken for defective ones.
Match find_images(const FileGroup& group) {
    constexpr auto pattern = R"((?:^|/)images?/.*\.(?:png|jpe?g|bmp|tiff?)$)";
    auto misread = find_shape(group, pattern, is_defective);
    return misread ? misread : find_shape(group, pattern);
}

Match find_yolo(const FileGroup& group) {
    return both(find_images(group), find_shape(group, kYolo));
}

Match find_coco(const FileGroup& group) {
    auto annotations = find_shape(group, kCoco);
    auto images = both(find_images(group), annotations);
    return images ? images : annotations;
}

Match find_images_and_masks(const FileGroup& group) {
    const auto split = find_shape(group, "^(?:train|val|valid|validation|test)/images?/");
    return unless(unless(both(find_images(group), split), find_shape(group, kYolo)),
                  find_shape(group, kCoco));
}

Match find_merged_types(const FileGroup& group) {
    return unless(both(find_shape(group, "^test/0/", is_defective), find_shape(group, "^test/1/")),
                  find_shape(group, "^test/good/"));
}

Match find_flat_loco(const FileGroup& group) {
    return unless(find_shape(group, R"(^ground_truth/[^/]+/#_#\.)"),
                  find_shape(group, R"(^test/[^/]+/#_#\.)"));
}

/// "Copy of x.png" and its like, if "x.png" lies beside it.
Match find_copy(const FileGroup& group) {
    static const std::regex marks(
        R"(^(copy of |copia de |kopie von )|( - copy| - kopie| copy|_copy)?( ?\([0-9]+\))?(?=\.[^.]*$))",
        std::regex::icase);
    // Of a shape, one file may have its original beside it and another not: all files are tried.
    for (const auto path : group.files) {
        const std::string name(name_part(path));
        if (name.find('(') == std::string::npos &&
            lower_case(name).find("cop") == std::string::npos &&
            lower_case(name).find("kop") == std::string::npos) {
            continue;
        }
        const auto original =
            concat(path.substr(0, path.size() - name.size()), std::regex_replace(name, marks, ""));
        if (original != path && group.files.contains(original)) {
            return Example{std::string(path), Use::unknown};
        }
    }
    return std::nullopt;
}

/// A layout: its name, how it is recognised, and what makes one of it that can be used.
struct Layout {
    std::string_view name;
    Match (*find)(const FileGroup&);
    std::string_view mend;
    bool can_be_misread = false;  ///< As defects, since masks of own data are optional.
};

constexpr auto kLayouts = std::to_array<Layout>({
    {"a YOLO export, images/ with boxes in labels/", &find_yolo,
     "boxes are no masks: sort the images into normal/ and abnormal/ and use --dataset folder",
     true},
    {"a COCO export, annotations in a JSON file", &find_coco,
     "draw its polygons as masks, sort the images into normal/ and abnormal/ and use --dataset "
     "folder",
     true},
    {"defect types merged into test/0 and test/1", &find_merged_types,
     "rename test/0 to test/good and test/1 to test/defect, ground_truth/1 to "
     "ground_truth/defect",
     true},
    {"defect types merged into one folder, names like '000(1).png'",
     [](const FileGroup& group) {
         return find_shape(group, R"(^(?:test|ground_truth)/[^/]+/[^/]*[^ /]\(#\)[^/]*$)");
     },
     "make sure that each mask has the name of its image, or take the original folders"},
    {"{train,val,test}/{images,masks}", &find_images_and_masks,
     "sort test/images into test/good and test/<defect>, masks into ground_truth/<defect>, and "
     "rename train/images to train/good",
     true},
    {"normal images under another name than test/good",
     [](const FileGroup& group) {
         return find_shape(group,
                           "^(test/(?:good|normal|nominal|ok|no_?defects?|defect_?free|healthy))/",
                           is_defective);
     },
     "rename the folder to test/good", true},
    {"the test split inside train/",
     [](const FileGroup& group) { return find_shape(group, "^train/(?:test|ground_truth)/"); },
     "move train/test and train/ground_truth up, beside train"},
    {"RGB images with depth, MVTec 3D's rgb/ gt/ xyz/ below each type",
     [](const FileGroup& group) { return find_shape(group, "^[^/]+/[^/]+/(rgb)/", is_left_out); },
     "use --dataset mvtec-3d"},
    {"MVTec AD 2, test_public/ and test_private/ in place of test/",
     [](const FileGroup& group) {
         return find_shape(group, "(?:^|/)(test_public)/(?:good|bad|ground_truth)/", is_left_out,
                           &Entry::whole);
     },
     "use --dataset mvtec-ad2"},
    {"KolektorSDD2, train/ and test/ with a NNNNN_GT.png beside each image",
     [](const FileGroup& group) {
         return find_shape(group, R"(^(?:train|test)/#(_gt)\.png$)", is_left_out);
     },
     "use --dataset ksdd2"},
    {"the magnetic tiles, MT_*/Imgs with a .png mask beside each .jpg",
     [](const FileGroup& group) {
         return find_shape(group, R"((?:^|/)(mt_)[a-z]+/imgs/[^/]*\.jpg$)", is_left_out,
                           &Entry::whole);
     },
     "use --dataset magnetic-tile"},
    {"LOCO's folder of masks for each image, ground_truth/<type>/NNN/000.png",
     [](const FileGroup& group) {
         return find_shape(group, "^ground_truth/[^/]+/[0-9]+/[^/]+$", is_left_out);
     },
     "use --dataset loco, or autovi, or unite the masks of an image into "
     "ground_truth/<type>/NNN_mask.png"},
    {"LOCO's masks laid flat, ground_truth/<type>/NNN_000.png", &find_flat_loco,
     "unite the masks of an image into ground_truth/<type>/NNN_mask.png"},
    {"folders beside train/good, as of defects in train",
     [](const FileGroup& group) {
         return find_shape(group,
                           "^train/(?!good/|images?/|masks?/|labels?/|test/|ground_truth/)"
                           R"([^/]+/[^/]+\.(?:png|jpe?g|bmp|tiff?)$)",
                           is_left_out);
     },
     "train/good holds all training images, and they are normal: move defects to test/<defect>"},
    {"folders spelled otherwise than train/, test/ and ground_truth/",
     [](const FileGroup& group) {
         return find_shape(
             group,
             "^(Train|TRAIN|Test|TEST|[Tt]raining|[Tt]esting|Ground_?Truth|GROUND_?TRUTH|"
             "ground_?Truth|groundtruth|ground-truth|(?:train|test)/(?:Good|GOOD))/",
             is_left_out, &Entry::shape);
     },
     "rename them to train/good, test/<defect> and ground_truth/<defect>, in lower case"},
    {"JPEG masks, NNN_mask.jpg",
     [](const FileGroup& group) {
         return find_shape(group, R"((?:^(?:ground_truth|masks?)/.*|_mask)\.jpe?g$)");
     },
     "JPEG blurs edges: take the original masks, or save them as PNG with values 0 and 255"},
    {"heat maps or overlays, by their names",
     [](const FileGroup& group) {
         return find_shape(group,
                           "(?:^|[/_ .-])(?:heat[_ -]?maps?|(?:anomaly|score)[_ -]?maps?|overlays?|"
                           R"(grad[_-]?cam)(?:[/_ .-].*)?\.(?:png|jpe?g|bmp|tiff?)$)",
                           is_any, &Entry::whole);
     },
     "they are results, no images: move them away"},
    {"resized or augmented copies, by their names",
     [](const FileGroup& group) {
         return find_shape(group,
                           "(?:^|[/_ .-])(?:resized?|augment(?:ed|ations?)?|aug)(?:[/_ .-].*)?"
                           R"(\.(?:png|jpe?g|bmp|tiff?)$)",
                           is_any, &Entry::whole);
     },
     "take the original images: copies are not independent, and sizes change scores"},
    {"copies of files, like 'Copy of x.png' or 'x (1).png'", &find_copy,
     "remove the copies, or rename them if they are other images"},
});

Use use_of(const std::string& path, const Taken* taken) {
    if (taken == nullptr) { return Use::unknown; }
    if (taken->anomalous.contains(path)) { return Use::anomalous; }
    return taken->files.contains(path) ? Use::normal : Use::left_out;
}

bool is_ignored(std::string_view path, const Taken* taken) {
    return taken != nullptr &&
           (taken->ignored.contains(path) || taken->ignored.contains(folder_part(path)));
}

std::map<std::string, FileGroup> groups_of(const Tree& tree, const Taken* taken,
                                           std::string_view expected) {
    std::map<std::string, FileGroup> groups;
    std::set<std::pair<std::string, Use>> seen;
    for (const auto& path : tree.files) {
        if (is_ignored(path, taken)) { continue; }
        const auto begin = begin_of_shape(path);
        const auto where = path.substr(0, begin > 0 ? begin - 1 : 0);
        auto& group = groups.try_emplace(where, FileGroup{where, expected, {}, {}}).first->second;
        group.files.insert(path);
        const auto use = use_of(path, taken);
        const auto shape = shape_of(path);
        if (!seen.emplace(shape, use).second) { continue; }
        const auto tail = shape.substr(begin);
        group.entries.push_back({path, tail, lower_case(tail), lower_case(shape), use});
    }
    return groups;
}

}  // namespace

std::vector<Recognised> recognise(const Tree& tree, const Taken* taken, std::string_view expected) {
    std::vector<Recognised> recognised;
    for (const auto& [where, group] : groups_of(tree, taken, expected)) {
        for (const auto& layout : kLayouts) {
            const auto match = layout.find(group);
            if (!match) { continue; }
            recognised.push_back({concat(where, where.empty() ? "" : ": ", "looks like ",
                                         layout.name, " ('", match->path, "'); ", layout.mend),
                                  layout.can_be_misread && match->use == Use::anomalous});
        }
    }
    return recognised;
}

}  // namespace patchead::inline data_detail
