#include <algorithm>
#include <functional>

#include <opencv2/imgcodecs.hpp>

#include "fixtures.hpp"
#include "patchead/core/files.hpp"
#include "patchead/data/check.hpp"
#include "patchead/data/file_findings.hpp"

namespace patchead {
namespace {

constexpr int kSide = 40;

/// A data set of category "cap" that can be spoilt: images gray, a square defect.
class FileContent : public FolderTest {
  protected:
    void SetUp() override {
        FolderTest::SetUp();
        for (int i = 0; i < 3; ++i) {
            write_image("train/good", i, ".png",
                        cv::Mat(kSide, kSide, CV_8UC1, cv::Scalar(90 + i)));
            write_image("test/good", i, ".png", cv::Mat(kSide, kSide, CV_8UC1, cv::Scalar(60 + i)));
            write_image("test/dent", i, ".png", cv::Mat(kSide, kSide, CV_8UC1, cv::Scalar(30 + i)));
            write_mask(i, ".png", square(255));
        }
    }
    void write_image(const std::string& folder, int i, const std::string& suffix,
                     const cv::Mat& pixels) {
        write(folder_ / "mvtec-like/cap" / folder / (std::to_string(i) + suffix), pixels);
    }
    void write_mask(int i, const std::string& suffix, const cv::Mat& levels) {
        const auto folder = folder_ / "mvtec-like/cap/ground_truth/dent";
        std::filesystem::remove(folder / (std::to_string(i) + "_mask.png"));
        write(folder / (std::to_string(i) + "_mask" + suffix), levels);
    }
    static void write(const std::filesystem::path& path, const cv::Mat& pixels) {
        std::vector<std::uint8_t> bytes;
        cv::imencode(path.extension().string(), pixels, bytes);
        write_bytes(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    }
    static cv::Mat square(int level) {
        cv::Mat mask(kSide, kSide, CV_8UC1, cv::Scalar(0));
        mask(cv::Rect(10, 12, 9, 7)).setTo(level);
        return mask;
    }
    std::vector<Sample> samples() const { return index_dataset("mvtec-like", folder_, {}).samples; }

    /// `check` and a sweep's look say one thing, the same, and it has all `parts`.
    void expect_both(const std::vector<std::string>& parts) const {
        const auto found = check_dataset("mvtec-like", folder_, {}, {});
        const auto notes = look_at_files(samples(), {});
        ASSERT_EQ(notes.size(), 1U);
        const Finding same{false, notes[0]};  // The index and the bytes may tell more.
        EXPECT_EQ(std::ranges::count(found.findings, same), 1) << notes[0];
        for (const auto& part : parts) {
            EXPECT_NE(notes[0].find(part), std::string::npos) << part << " in " << notes[0];
        }
    }
    void expect_nothing() const {
        for (const auto& note : look_at_files(samples(), {})) { ADD_FAILURE() << note; }
        for (const auto& finding : check_dataset("mvtec-like", folder_, {}, {}).findings) {
            ADD_FAILURE() << finding.text;
        }
    }
};

TEST_F(FileContent, ThatIsSoundIsNotMentioned) { expect_nothing(); }

TEST_F(FileContent, OfMasksInJpegIsNamed) {
    write_mask(1, ".jpg", square(255));
    expect_both({"1 of the 3 masks of 'cap'", "JPEG", "--truth-threshold 127", "1_mask.jpg"});
}

TEST_F(FileContent, OfMasksWithSoftEdgesIsNamedWithBothCounts) {
    auto soft = square(255);
    for (int y = 11; y < 20; ++y) {
        for (int x = 9; x < 20; ++x) {
            if (soft.at<std::uint8_t>(y, x) == 0) { soft.at<std::uint8_t>(y, x) = 64; }
        }
    }
    write_mask(2, ".png", soft);
    expect_both({"1 of the 3 masks", "soft edges", "99 pixels", "above half of 255 are 63"});
    LookOptions options;
    options.truth_threshold = 127;
    EXPECT_TRUE(look_at_files(samples(), options).empty());
}

// As in VisA, where they look black; regions of two classes may touch.
TEST_F(FileContent, OfClassIdsInMasksIsFine) {
    auto classes = square(3);
    classes(cv::Rect(25, 25, 6, 6)).setTo(1);
    classes(cv::Rect(19, 12, 5, 7)).setTo(9);
    write_mask(0, ".png", classes);
    expect_nothing();
    LookOptions options;
    options.truth_threshold = 127;
    const auto notes = look_at_files(samples(), options);
    ASSERT_EQ(notes.size(), 1U);
    EXPECT_NE(notes[0].find("no level above --truth-threshold 127 (the largest is 9)"),
              std::string::npos)
        << notes[0];
}

TEST_F(FileContent, OfInvertedMasksIsNamed) {
    write_mask(0, ".png", 255 - square(255));
    expect_both({"1 of the 3 masks", "cover 96 %", "inverted?", "0_mask.png"});
}

TEST_F(FileContent, OfMasksWithoutGroundIsNamed) {
    write_mask(0, ".png", cv::Mat(kSide, kSide, CV_8UC1, cv::Scalar(255)));
    cv::Mat classes = square(1) + 1;  // 1 is the ground, 2 the defect.
    write_mask(1, ".png", classes);
    expect_both({"2 of the 3 masks", "cover 100 %", "no pixel is 0"});
}

// A flipped part may fill more than half of its picture, but not the border.
TEST_F(FileContent, OfADefectThatFillsTheObjectIsFine) {
    cv::Mat object(kSide, kSide, CV_8UC1, cv::Scalar(0));
    object(cv::Rect(4, 4, 32, 32)).setTo(255);
    write_mask(0, ".png", object);
    expect_nothing();
}

TEST_F(FileContent, OfEmptyMasksIsANote) {
    write_mask(2, ".png", square(0));
    const auto notes = look_at_files(samples(), {});
    ASSERT_EQ(notes.size(), 1U);
    EXPECT_NE(notes[0].find("of defective images are empty"), std::string::npos) << notes[0];
}

/// 16-bit images with levels from `least` to `most` in place of all.
class DeepImages : public FileContent {
  protected:
    void fill(int least, int most) {
        for (const auto& sample : samples()) {
            cv::Mat pixels(kSide, kSide, CV_16UC1, cv::Scalar(least));
            pixels(cv::Rect(0, 0, 9, 9)).setTo(most - static_cast<int>(count_++));
            write(sample.image, pixels);
        }
    }
    std::size_t count_ = 0;
};

TEST_F(DeepImages, OfA10BitCameraAreNamedWithTheLevelsLeft) {
    fill(0, 1023);
    expect_both({"16-bit", "levels 0 to 1023 of 0 to 65535", "4 of 256 levels are left",
                 "one fixed scale"});
}

TEST_F(DeepImages, WithinFewLevelsAnywhereAreNamed) {
    fill(30000, 31000);
    expect_both({"levels 30000 to 31000", "5 of 256"});
}

TEST_F(DeepImages, ThatUseTheirRangeAreFine) {
    fill(100, 65000);
    expect_nothing();
}

/// Exif blocks with an orientation, in front of what a JPEG or PNG holds.
std::string exif(int orientation, bool little) {
    const std::string value = {'\0', static_cast<char>(orientation), '\0', '\0'};
    const std::string swapped = {static_cast<char>(orientation), '\0', '\0', '\0'};
    return little ? std::string("II\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0", 18) + swapped +
                        std::string(4, '\0')
                  : std::string("MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01", 18) + value +
                        std::string(4, '\0');
}

class TurnedImages : public FileContent {
  protected:
    void turn(const std::filesystem::path& image, int orientation, bool little = false) {
        const auto block = std::string("Exif\0\0", 6) + exif(orientation, little);
        std::vector<std::uint8_t> bytes;
        cv::imencode(".jpg", cv::Mat(kSide, kSide, CV_8UC1, cv::Scalar(50)), bytes);
        std::string jpeg(bytes.begin(), bytes.end());
        const auto size = block.size() + 2;
        jpeg.insert(2, std::string{'\xff', '\xe1', static_cast<char>(size >> 8),
                                   static_cast<char>(size & 0xFF)} +
                           block);
        std::filesystem::remove(image);
        auto renamed = image;
        write_bytes(renamed.replace_extension(".jpg"), jpeg);
    }
};

TEST_F(TurnedImages, WithMasksAreNamed) {
    for (const auto& sample : samples()) {
        if (sample.anomalous) { turn(sample.image, 3, true); }
    }
    expect_both({"EXIF orientation other than 1", "do not lie on them", "0.jpg"});
}

TEST_F(TurnedImages, AmongOthersAreNamedWithoutMasks) {
    for (const auto& sample : samples()) {
        if (sample.split == "train") { turn(sample.image, 8); }
    }
    const auto notes = look_at_files(samples(), {});
    ASSERT_EQ(notes.size(), 1U);
    EXPECT_NE(notes[0].find("they lie otherwise than the others"), std::string::npos) << notes[0];
}

TEST_F(FileContent, IsLookedAtInAFewFilesOfEachCategory) {
    for (int i = 3; i < 30; ++i) {
        write_image("test/dent", i, ".png", cv::Mat(kSide, kSide, CV_8UC1, cv::Scalar(i)));
        write_mask(i, ".jpg", square(255));
    }
    LookOptions options;
    options.most = 5;
    const auto notes = look_at_files(samples(), options);
    ASSERT_EQ(notes.size(), 1U);
    EXPECT_NE(notes[0].find(" of the 5 masks of 'cap' that were looked at"), std::string::npos)
        << notes[0];
}

}  // namespace
}  // namespace patchead
