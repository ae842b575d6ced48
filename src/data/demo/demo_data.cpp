#include "patchead/data/demo_data.hpp"

#include <array>
#include <system_error>

#include <unistd.h>

#include "demo/category.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/data/image_io.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kReadme = "readme.txt";

/// What the data set says of itself. It is equal for equal content and for that alone: whoever
/// changes a drawing changes the version.
std::string readme(const DemoDataOptions& options) {
    return concat(
        "Synthetic images for anomaly detection in the folder layout of MVTec AD.\n"
        "Drawn by the patchead demo-data command, version 1; no photographs, free to use.\n"
        "Good for trying the program out; results on it say nothing about real data.\n\n",
        "seed ", options.seed, "\nside ", options.side_px, " px\nper category: ", options.train,
        " training images, ", options.test_good, " good test images, ", options.per_defect,
        " test images of each defect\n");
}

std::string number(int index) {
    const auto digits = std::to_string(index);
    return std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits;
}

/// The folder of one category and what all its images share.
struct CategoryFolder {
    fs::path path;
    demo::DemoCategory category;
    DemoDataOptions options;

    [[nodiscard]] demo::Draw draw(const fs::path& image) const {
        return {concat(category.name, '/', image.generic_string()), options.seed};
    }
};

void write_good(const CategoryFolder& folder, const fs::path& split, int images) {
    for (int i = 0; i < images; ++i) {
        const auto image = split / "good" / number(i);
        const auto draw = folder.draw(image);
        const auto exposure =
            demo::expose(*folder.category.make(draw, "good"), folder.options.side_px, draw);
        write_png(folder.path / concat(image.string(), ".png"), demo::photograph(exposure, draw));
    }
}

void write_defects(const CategoryFolder& folder, std::string_view flaw) {
    const auto side_px = folder.options.side_px;
    for (int i = 0; i < folder.options.per_defect; ++i) {
        const auto image = fs::path("test") / flaw / number(i);
        const auto draw = folder.draw(image);
        const auto with = demo::expose(*folder.category.make(draw, flaw), side_px, draw);
        const auto without = demo::expose(*folder.category.make(draw, "good"), side_px, draw);
        write_png(folder.path / concat(image.string(), ".png"), demo::photograph(with, draw));
        write_png(folder.path / "ground_truth" / flaw / concat(number(i), "_mask.png"),
                  demo::visible_difference(with, without));
    }
}

void write_all(const fs::path& folder, const DemoDataOptions& options) {
    for (const auto& category : {demo::bracket(), demo::fabric(), demo::gelcap()}) {
        const CategoryFolder target{folder / category.name, category, options};
        write_good(target, "train", options.train);
        write_good(target, "test", options.test_good);
        for (const auto flaw : category.flaws) { write_defects(target, flaw); }
    }
    write_whole(folder / kReadme, readme(options));
}

bool holds(const fs::path& folder, const DemoDataOptions& options) {
    return fs::is_regular_file(folder / kReadme) && read_text(folder / kReadme) == readme(options);
}

}  // namespace

void write_demo_data(const fs::path& root, const DemoDataOptions& options) {
    require<DataError>(options.side_px >= 32 && options.train > 0 && options.test_good >= 0 &&
                           options.per_defect >= 0,
                       "no demo data of ", options.side_px, " px with ", options.train,
                       " training images (it takes 32 px and one image at least); give larger ",
                       "numbers");
    const auto target = root / "mvtec-like";
    if (holds(target, options)) { return; }
    require<DataError>(!fs::exists(target), "'", target.string(), "' already holds something else ",
                       "(not the demo data of these options); choose another folder or remove it");
    require_writable(root);
    // Made beside the target and renamed when whole: what is there is never half of it.
    const auto temporary = root / concat(".mvtec-like.tmp.", ::getpid());
    std::error_code error;
    try {
        write_all(temporary, options);
        fs::rename(temporary, target, error);
    } catch (...) {
        fs::remove_all(temporary, error);
        throw;
    }
    if (!error) { return; }
    std::error_code ignored;
    fs::remove_all(temporary, ignored);
    // Another process may have been faster with the same.
    require<DataError>(holds(target, options), "cannot write '", target.string(), "' (",
                       error.message(), "); check the folder or choose another");
}

}  // namespace patchead
