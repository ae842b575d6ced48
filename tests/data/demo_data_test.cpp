#include "patchead/data/demo_data.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "data/demo/category.hpp"
#include "fixtures.hpp"
#include "patchead/core/digest.hpp"
#include "patchead/core/files.hpp"
#include "patchead/data/dataset.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

const DemoDataOptions kSmall{.seed = 5, .side_px = 48, .train = 2, .test_good = 1, .per_defect = 1};

/// SHA-256 of every file below `folder`, by its path there.
std::map<std::string, std::string> digests(const fs::path& folder) {
    std::map<std::string, std::string> result;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) { continue; }
        result[entry.path().lexically_relative(folder).string()] = sha256_file(entry.path());
    }
    return result;
}

class DemoData : public FolderTest {};

TEST_F(DemoData, IsADataSetInMvtecLayout) {
    write_demo_data(folder_, kSmall);
    const auto index = index_dataset("mvtec-like", folder_, {});
    std::set<std::string> categories;
    std::map<std::string, std::set<std::string>> defects;
    for (const auto& sample : index.samples) {
        categories.insert(sample.category);
        if (sample.anomalous) { defects[sample.category].insert(sample.defect_type); }
        const auto image = read_image(sample);
        EXPECT_EQ(image.height, 48);
        EXPECT_EQ(image.width, 48);
        const auto mask = read_mask(sample, 48, 48);
        const auto area = std::accumulate(mask.anomalous.begin(), mask.anomalous.end(), 0);
        EXPECT_EQ(area > 0, sample.anomalous) << sample.id;
    }
    EXPECT_EQ(categories.size(), 3U);
    std::size_t kinds = 0;
    for (const auto& [category, names] : defects) {
        EXPECT_GE(names.size(), 3U) << category;
        kinds += names.size();
    }
    EXPECT_EQ(index.samples.size(), 3U * (2 + 1) + kinds);
}

TEST_F(DemoData, IsTheSameByteByByteForTheSameSeed) {
    write_demo_data(folder_ / "a", kSmall);
    write_demo_data(folder_ / "b", kSmall);
    EXPECT_EQ(digests(folder_ / "a"), digests(folder_ / "b"));
}

TEST_F(DemoData, DiffersInEveryImageForAnotherSeedAndWithin) {
    auto other = kSmall;
    other.seed = 6;
    write_demo_data(folder_ / "a", kSmall);
    write_demo_data(folder_ / "b", other);
    std::set<std::string> seen;
    std::size_t images = 0;
    for (const std::string part : {"a", "b"}) {
        for (const auto& [file, digest] : digests(folder_ / part)) {
            if (file.find("ground_truth") != std::string::npos) { continue; }
            seen.insert(digest);
            ++images;
        }
    }
    EXPECT_EQ(seen.size(), images);
}

TEST_F(DemoData, IsLeftAloneWhenItIsThereAlready) {
    write_demo_data(folder_, kSmall);
    const auto image = folder_ / "mvtec-like/bracket/train/good/000.png";
    const auto written = fs::last_write_time(image);
    write_demo_data(folder_, kSmall);
    EXPECT_EQ(fs::last_write_time(image), written);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1) << "something was left over";
}

TEST_F(DemoData, DoesNotReplaceSomethingElse) {
    write_demo_data(folder_ / "demo", kSmall);
    auto other = kSmall;
    other.seed = 6;
    const auto message = message_of<DataError>([&] { write_demo_data(folder_ / "demo", other); });
    EXPECT_NE(message.find("already holds something else"), std::string::npos) << message;
    write_bytes(folder_ / "mine/mvtec-like/precious.txt", "x");
    EXPECT_THROW(write_demo_data(folder_ / "mine", kSmall), DataError);
    EXPECT_EQ(read_text(folder_ / "mine/mvtec-like/precious.txt"), "x");
}

TEST_F(DemoData, NeedsAFolderThatCanBeWritten) {
    write_bytes(folder_ / "file", "x");
    EXPECT_THROW(write_demo_data(folder_ / "file", kSmall), CacheError);
}

TEST_F(DemoData, RefusesSizesThatShowNothing) {
    auto tiny = kSmall;
    tiny.side_px = 8;
    EXPECT_THROW(write_demo_data(folder_, tiny), DataError);
    EXPECT_TRUE(fs::is_empty(folder_));
}

using demo::Draw;

int greatest_difference(const Image& a, const Image& b, std::size_t pixel) {
    int greatest = 0;
    for (auto i = 3 * pixel; i < 3 * pixel + 3; ++i) {
        greatest = std::max(greatest, std::abs(a.rgb[i] - b.rgb[i]));
    }
    return greatest;
}

class DemoFlaws : public testing::TestWithParam<demo::DemoCategory> {};

// The sensor noise of both photographs is the same. It is added before rounding, so that a
// difference of less than 6 levels can become one of 6 but not of 7.
TEST_P(DemoFlaws, AreSeenInTheMaskAndNowhereElse) {
    const auto& category = GetParam();
    constexpr int side_px = 128;
    for (const auto flaw : category.flaws) {
        for (int i = 0; i < 5; ++i) {
            const Draw draw{concat(category.name, '/', flaw, '/', i), 77};
            SCOPED_TRACE(draw.image);
            const auto with = demo::expose(*category.make(draw, flaw), side_px, draw);
            const auto without = demo::expose(*category.make(draw, "good"), side_px, draw);
            const auto mask = demo::visible_difference(with, without);
            const auto a = demo::photograph(with, draw);
            const auto b = demo::photograph(without, draw);
            int area = 0;
            int changed = 0;
            for (std::size_t pixel = 0; pixel < mask.anomalous.size(); ++pixel) {
                const int difference = greatest_difference(a, b, pixel);
                area += mask.anomalous[pixel];
                changed += mask.anomalous[pixel] != 0 && difference >= 5 ? 1 : 0;
                if (mask.anomalous[pixel] == 0) { ASSERT_LE(difference, 6) << pixel; }
            }
            EXPECT_GE(area, 20);
            EXPECT_LE(area, side_px * side_px / 8);
            EXPECT_GE(changed, area / 2);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Demo, DemoFlaws,
                         testing::Values(demo::bracket(), demo::fabric(), demo::gelcap()),
                         [](const auto& entry) { return std::string(entry.param.name); });

// Pixels, not files: those depend on the version of zlib. When a drawing is changed on purpose, the
// version in the readme of the data set goes up together with these.
TEST(DemoPixels, AreTheSameOnEveryMachine) {
    const std::map<std::string, std::string> golden{
        {"bracket", "da321e09ca83cea572d7f1d5e3934b1b8856d48d39ad75add20245c8251b7d04"},
        {"fabric", "99b761a9e0cef9239c506f228952f1e8e7c16051b8f674b8eb55c83ec839c05f"},
        {"gelcap", "20701e2829e4d32c2f6f72c82cce07866d15dfb720b2defccebd5b83b1b821c2"},
    };
    for (const auto& category : {demo::bracket(), demo::fabric(), demo::gelcap()}) {
        const Draw draw{concat(category.name, "/golden"), 1};
        const auto scene = category.make(draw, category.flaws[0]);
        const auto image = demo::photograph(demo::expose(*scene, 64, draw), draw);
        Sha256 sha;
        sha.update(std::as_bytes(std::span(image.rgb)));
        EXPECT_EQ(sha.hex(), golden.at(std::string(category.name)));
    }
}

}  // namespace
}  // namespace patchead
