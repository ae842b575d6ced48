#include <array>
#include <chrono>
#include <iostream>

#include "native_trees.hpp"
#include "patchead/data/check.hpp"

/// \file
/// \brief Data sets with their published numbers of images, tiny or empty ones.

namespace patchead {
namespace {

namespace fs = std::filesystem;

/// The trees are drawn once; each test only reads them.
class FullScale : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        root_ = fs::path(testing::TempDir()) / concat("patchead_", ::getpid(), "_full_scale");
        fs::create_directories(root_);
        for (const auto& category : published("mvtec")) {
            mvtec("mvtec/", category, "good", "crack");
        }
        for (const auto& category : published("mpdd")) { mvtec("mpdd/", category, "good", "hole"); }
        for (const auto& category : published("btad")) { mvtec("btad/", category, "ok", "ko"); }
        for (const auto& category : dtd()) { mvtec("dtd-synthetic/", category, "good", "bad"); }
        visa();
        dagm();
        ksdd();
        for (const auto& category : published("loco")) { loco(category); }
    }
    static void TearDownTestSuite() { fs::remove_all(root_); }

    static std::span<const PublishedCategory> published(std::string_view name) {
        for (const auto& entry : datasets()) {
            if (entry.name == name) { return entry.get().info().categories; }
        }
        return {};
    }

    /// Files `<folder>/<first> ...`, four digits and `suffix`.
    static void draw(const std::string& folder, int first, int count, const std::string& suffix) {
        fs::create_directories(root_ / folder);
        for (int i = first; i < first + count; ++i) {
            std::ofstream(root_ / folder / (std::to_string(10000 + i).substr(1) + suffix));
        }
    }

    static void mvtec(const std::string& root, const PublishedCategory& category,
                      const std::string& good, const std::string& defect) {
        const auto folder = concat(root, category.name, '/');
        draw(folder + "train/" + good, 0, category.images->train, ".png");
        draw(folder + "test/" + good, 0, category.images->test_normal, ".png");
        draw(folder + "test/" + defect, 0, category.images->test_anomalous, ".png");
        draw(folder + "ground_truth/" + defect, 0, category.images->test_anomalous, "_mask.png");
    }

    /// Two mask files for each tenth defective image.
    static void loco(const PublishedCategory& category) {
        const auto folder = concat("loco/", category.name, '/');
        const auto& images = *category.images;
        draw(folder + "train/good", 0, images.train, ".png");
        draw(folder + "validation/good", 0, images.validation, ".png");
        draw(folder + "test/good", 0, images.test_normal, ".png");
        for (int i = 0; i < images.test_anomalous; ++i) {
            const std::string type = i % 2 == 0 ? "logical_anomalies" : "structural_anomalies";
            draw(folder + "test/" + type, i, 1, ".png");
            draw(concat(folder, "ground_truth/", type, '/', std::to_string(10000 + i).substr(1)), 0,
                 i % 10 == 0 ? 2 : 1, ".png");
        }
        write_bytes(root_ / folder / "defects_config.json",
                    R"([{"defect_name": "x", "pixel_value": 255, "saturation_threshold": 9,
                         "relative_saturation": false}])");
    }

    /// Per-category numbers of DTD-Synthetic were not published: any with the paper's sums.
    static std::vector<PublishedCategory> dtd() {
        std::vector<PublishedCategory> categories;
        for (const auto& category : published("dtd-synthetic")) {
            categories.push_back({category.name, ImageCounts{40, 29, 78}});
        }
        categories.back().images = ImageCounts{40, 357 - 11 * 29, 947 - 11 * 78};
        return categories;
    }

    static void visa() {
        std::string split = "object,split,label,image,mask\n";
        for (const auto& category : published("visa")) {
            const auto data = concat(category.name, "/Data/");
            const auto& images = *category.images;
            draw("visa/" + data + "Images/Normal", 0, images.train + images.test_normal, ".JPG");
            draw("visa/" + data + "Images/Anomaly", 0, images.test_anomalous, ".JPG");
            draw("visa/" + data + "Masks/Anomaly", 0, images.test_anomalous, ".png");
            for (int i = 0; i < images.train + images.test_normal; ++i) {
                split +=
                    concat(category.name, i < images.train ? ",train" : ",test", ",normal,", data,
                           "Images/Normal/", std::to_string(10000 + i).substr(1), ".JPG,\n");
            }
            for (int i = 0; i < images.test_anomalous; ++i) {
                const auto stem = std::to_string(10000 + i).substr(1);
                split += concat(category.name, ",test,anomaly,", data, "Images/Anomaly/", stem,
                                ".JPG,", data, "Masks/Anomaly/", stem, ".png\n");
            }
        }
        write_bytes(root_ / "visa/split_csv/1cls.csv", split);
    }

    static void dagm() {
        for (const auto& category : published("dagm")) {
            const auto folder = concat("dagm/", category.name, '/');
            const auto& images = *category.images;
            const auto tests = images.test_normal + images.test_anomalous;
            draw(folder + "Test", 1, tests, ".PNG");
            draw(folder + "Test/Label", 1, images.test_anomalous, "_label.PNG");
            draw(folder + "Train", tests + 1, images.train, ".PNG");
            draw(folder + "Train/Label", tests + 1, 70, "_label.PNG");
        }
    }

    /// 50 x 8 images but one; 52 have a defect, two of them in two parts.
    static void ksdd() {
        const auto image = tiny(Image{4, 1, std::vector<std::uint8_t>(12)});
        const std::array labels{tiny(Mask{4, 1, {0, 0, 0, 0}}), tiny(Mask{4, 1, {0, 1, 0, 0}}),
                                tiny(Mask{4, 1, {0, 1, 1, 0}})};
        for (int i = 0; i < 399; ++i) {
            const auto folder = root_ / "ksdd" / ("kos" + std::to_string(101 + i / 8).substr(1));
            write_bytes(folder / concat("Part", i % 8, ".png"), image);
            write_bytes(folder / concat("Part", i % 8, "_label.png"), labels[i < 2    ? 2
                                                                             : i < 52 ? 1
                                                                                      : 0]);
        }
    }

    /// The bytes of `write_png`, which flushes each file to disk, for files that need no flush.
    template <class Picture>
    static std::string tiny(const Picture& picture) {
        write_png(root_ / "tiny.png", picture);
        std::ifstream in(root_ / "tiny.png", std::ios::binary);
        std::string bytes(std::istreambuf_iterator<char>(in), {});
        fs::remove(root_ / "tiny.png");
        return bytes;
    }

    inline static fs::path root_;
};

TEST_F(FullScale, GivesTable6AndSaysHowLongTheListingTook) {
    static_cast<void>(table6(root_));  // Warm.
    const auto begin = std::chrono::steady_clock::now();
    const auto rows = table6(root_);
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
    int tests = 0;
    ASSERT_EQ(rows.size(), 7U);
    for (const auto& row : rows) {
        ASSERT_TRUE(row.found.has_value()) << row.title;
        EXPECT_EQ(row.found->categories, row.paper.categories) << row.title;
        EXPECT_EQ(row.found->test_normal, row.paper.test_normal) << row.title;
        EXPECT_EQ(row.found->test_anomalous, row.paper.test_anomalous) << row.title;
        tests += row.found->test_normal + row.found->test_anomalous;
    }
    EXPECT_EQ(tests, 14780);
    std::cout << "listed " << tests << " test records of seven data sets in " << time.count()
              << " s\n";
    RecordProperty("seconds", std::to_string(time.count()));
}

TEST_F(FullScale, HasNoNoteAtAll) {
    for (const auto& entry : datasets()) {
        if (!entry.get().info().paper && entry.name != "loco") { continue; }
        const auto check = check_dataset(entry.name, root_, {}, {.read_files = false});
        EXPECT_TRUE(check.findings.empty()) << entry.name << ": " << check.findings[0].text;
        EXPECT_FALSE(check.id_digest.empty());
    }
}

TEST_F(FullScale, PrintsTable6AsMarkdown) {
    const auto text = table6_markdown(table6(root_));
    EXPECT_NE(text.find("| DAGM | texture | 10 | 10 | 6996 | 6996 | 1054 | 1054 |\n"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("| sum |"), std::string::npos);
}

// The expected numbers are those of a restatement in Python of tests/data/ksdd_test.cpp.
TEST_F(FullScale, KsddTestsTheNormalPartsThatTheDocumentedShuffleChooses) {
    const auto index = index_dataset("ksdd", root_, {});
    std::vector<std::pair<std::string, bool>> normal;  // Name and whether it is tested.
    for (const auto& sample : index.samples) {
        const auto name = sample.id.substr(sample.id.rfind('/') + 1);
        if (!sample.anomalous) { normal.emplace_back(name, sample.split == "test"); }
    }
    std::ranges::sort(normal);
    ASSERT_EQ(normal.size(), 1143U);
    std::size_t sum = 0;
    std::vector<std::size_t> first;
    for (std::size_t i = 0; i < normal.size(); ++i) {
        if (!normal[i].second) { continue; }
        sum += i;
        if (first.size() < 6) { first.push_back(i); }
    }
    EXPECT_EQ(sum, 161678U);
    EXPECT_EQ(first, (std::vector<std::size_t>{2, 4, 5, 10, 16, 25}));
}

TEST(ReferenceTable6, IsTheTableOfThePaper) {
    SKIP_WITHOUT_SHARED();
    std::ifstream in(shared_folder() / "paper/datasets.csv");
    std::string line;
    std::getline(in, line);
    for (const auto& entry : datasets()) {
        const auto& paper = entry.get().info().paper;
        if (!paper) { continue; }
        ASSERT_TRUE(std::getline(in, line));
        EXPECT_EQ(line, concat(entry.title, ',', paper->kind, ',', paper->categories, ',',
                               paper->test_normal, ',', paper->test_anomalous));
    }
    EXPECT_FALSE(std::getline(in, line) && !line.empty());
}

}  // namespace
}  // namespace patchead
