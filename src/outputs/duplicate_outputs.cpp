#include "patchead/outputs/duplicate_outputs.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "patchead/core/counted.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/data/image_io.hpp"
#include "patchead/pictures/image_pair.hpp"
#include "patchead/results/csv.hpp"

namespace patchead {
namespace {

/// The images of a pair.
struct Two {
    const Sample& one;
    const Sample& other;
};

Two images_of(const SweepPlan& plan, const DuplicatePair& pair) {
    return {plan.spec.samples[pair.one], plan.spec.samples[pair.other]};
}

std::string splits_of(const Two& two) {
    const auto [low, high] = std::minmax(two.one.split, two.other.split);
    return fmt::format("{}-{}", low, high);
}

std::string types_of(const Two& two) {
    return fmt::format("{}-{}", two.one.defect_type, two.other.defect_type);
}

const Sample& left_out(const Two& two) {
    if (two.one.split == two.other.split) { return two.other; }
    return two.one.split == "train" ? two.one : two.other;
}

std::size_t count_pairs(const std::vector<CategoryDuplicates>& found) {
    std::size_t count = 0;
    for (const auto& category : found) { count += category.pairs.size(); }
    return count;
}

std::string summary_line(const CategoryDuplicates& category) {
    const auto place =
        fmt::format("{}/{}: {}, {}", category.dataset, category.category,
                    counted(category.images, "image"), counted(category.pairs.size(), "pair"));
    if (category.usual > 0) {
        return fmt::format("{} (an image is usually {:.4f} from its nearest)", place,
                           category.usual);
    }
    return fmt::format("{} (with fewer than {} images only those with the same features are told)",
                       place, kFewestToCompare);
}

}  // namespace

std::string duplicates_csv(const SweepPlan& plan, const std::vector<CategoryDuplicates>& found) {
    std::string text = "dataset,category,one,other,splits,types,distance,ratio,same_file\n";
    for (const auto& category : found) {
        for (const auto& pair : category.pairs) {
            const auto two = images_of(plan, pair);
            text += fmt::format("{},{},{},{},{},{},{},{},{}\n", csv_field(category.dataset),
                                csv_field(category.category), csv_field(two.one.id),
                                csv_field(two.other.id), splits_of(two), csv_field(types_of(two)),
                                csv_number(pair.distance), csv_number(pair.ratio),
                                pair.same_file ? "yes" : "no");
        }
    }
    return text;
}

std::string duplicates_to_leave_out(const SweepPlan& plan,
                                    const std::vector<CategoryDuplicates>& found) {
    std::string text = "# One image of each pair of near-duplicates: dataset, category, image.\n";
    for (const auto& category : found) {
        std::set<std::string> gone;
        for (const auto& pair : category.pairs) {
            const auto two = images_of(plan, pair);
            if (gone.contains(two.one.id) || gone.contains(two.other.id)) { continue; }
            const auto& out = left_out(two);
            gone.insert(out.id);
            text += fmt::format("{}\t{}\t{}\n", category.dataset, category.category, out.id);
        }
    }
    return text;
}

PlainTable duplicates_table(const SweepPlan& plan, const std::vector<CategoryDuplicates>& found) {
    using Kind = PlainTable::Kind;
    PlainTable table{
        .name = "duplicates",
        .caption = fmt::format("{} of near-duplicates", counted(count_pairs(found), "pair")),
        .columns = {{"dataset"},
                    {"category"},
                    {"image"},
                    {"other image"},
                    {"splits"},
                    {"defect types"},
                    {"same file"},
                    {"distance", Kind::percent},
                    {"of the usual one", Kind::percent}},
        .labels = 4,
        .rows = {},
        .footnotes = {}};
    for (const auto& category : found) {
        for (const auto& pair : category.pairs) {
            const auto two = images_of(plan, pair);
            table.rows.push_back({{category.dataset},
                                  {category.category},
                                  {two.one.id},
                                  {two.other.id},
                                  {splits_of(two)},
                                  {types_of(two)},
                                  {pair.same_file ? "yes" : "no"},
                                  {"", pair.distance},
                                  {"", pair.ratio}});
        }
        table.footnotes.push_back(summary_line(category));
    }
    return table;
}

std::vector<std::string> write_duplicates(const std::filesystem::path& folder,
                                          const SweepPlan& plan,
                                          const std::vector<CategoryDuplicates>& found) {
    write_whole(folder / "duplicates.csv", duplicates_csv(plan, found));
    write_plain_tables(folder / "tables", {duplicates_table(plan, found)});
    write_whole(folder / "without.tsv", duplicates_to_leave_out(plan, found));
    std::vector<std::string> notes;
    for (const auto& category : found) {
        std::size_t number = 0;
        for (const auto& pair : category.pairs) {
            const auto two = images_of(plan, pair);
            const auto file = fmt::format("{:03}.png", number++);
            try {
                write_image_pair(folder / "pairs" / category.dataset / category.category / file,
                                 read_image(two.one), two.one.id, read_image(two.other),
                                 two.other.id);
            } catch (const Error& error) { notes.push_back(concat("no picture: ", error.what())); }
        }
    }
    return notes;
}

}  // namespace patchead
