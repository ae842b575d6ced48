#include "patchead/data/photos.hpp"

#include <opencv2/imgcodecs.hpp>

#include "fixtures.hpp"
#include "images/foreign_format.hpp"
#include "images/orientation.hpp"

namespace patchead {
namespace {

using PhotoFiles = FolderTest;

TEST_F(PhotoFiles, AreListedByNameAndOthersToldApart) {
    for (const auto* name : {"b.PNG", "a.jpg", "deep/c.webp", "deep/er/d.tiff", ".hidden.png",
                             "phone.HEIC", "raw.cr2", "note.txt", "out/heat.png"}) {
        write_bytes(folder_ / name, "?");
    }
    const std::vector<std::string> places{folder_.string(), (folder_ / "gone.png").string(),
                                          (folder_ / "a.jpg").string()};
    const auto all = list_photos(places, true, folder_ / "out");
    std::vector<std::string> names;
    for (const auto& photo : all.photos) {
        names.push_back(photo.lexically_relative(folder_).string());
    }
    EXPECT_EQ(names, (std::vector<std::string>{"a.jpg", "b.PNG", "deep/c.webp", "deep/er/d.tiff"}));
    ASSERT_EQ(all.unread.size(), 3U);
    EXPECT_NE(all.unread[0].reason.find("no such file"), std::string::npos);
    EXPECT_NE(all.unread[1].reason.find("HEIC"), std::string::npos);
    EXPECT_NE(all.unread[2].reason.find("RAW"), std::string::npos);
    EXPECT_EQ(all.others, 1U);
    EXPECT_EQ(all.example, (folder_ / "note.txt").string());
    const auto flat = list_photos(places, false);
    EXPECT_EQ(flat.photos.size(), 2U);
    EXPECT_EQ(flat.folders, 2U);
}

TEST(ForeignFormats, AreKnownByTheirBeginning) {
    const std::string box(
        "\0\0\0\x18"
        "ftyp",
        8);
    EXPECT_NE(foreign_format(box + "heic").find("HEIC"), std::string::npos);
    EXPECT_NE(foreign_format(box + "mif1").find("HEIC"), std::string::npos);
    EXPECT_NE(foreign_format(box + "avif").find("AVIF"), std::string::npos);
    EXPECT_NE(foreign_format("GIF89a").find("GIF"), std::string::npos);
    EXPECT_EQ(foreign_format(box + "isom"), "") << "a film";
    EXPECT_EQ(foreign_format(""), "");
    EXPECT_EQ(foreign_name("a.png"), "");
    EXPECT_EQ(foreign_name("heic"), "");
}

TEST(Orientations, TurnPicturesUpright) {
    // Where the pixels of "1 2 3 / 4 5 6" lie when stored with orientation 1 to 8 (Exif 2.3).
    const cv::Mat upright = (cv::Mat_<std::uint8_t>(2, 3) << 1, 2, 3, 4, 5, 6);
    const std::vector<cv::Mat> stored{(cv::Mat_<std::uint8_t>(2, 3) << 1, 2, 3, 4, 5, 6),
                                      (cv::Mat_<std::uint8_t>(2, 3) << 3, 2, 1, 6, 5, 4),
                                      (cv::Mat_<std::uint8_t>(2, 3) << 6, 5, 4, 3, 2, 1),
                                      (cv::Mat_<std::uint8_t>(2, 3) << 4, 5, 6, 1, 2, 3),
                                      (cv::Mat_<std::uint8_t>(3, 2) << 1, 4, 2, 5, 3, 6),
                                      (cv::Mat_<std::uint8_t>(3, 2) << 3, 6, 2, 5, 1, 4),
                                      (cv::Mat_<std::uint8_t>(3, 2) << 6, 3, 5, 2, 4, 1),
                                      (cv::Mat_<std::uint8_t>(3, 2) << 4, 1, 5, 2, 6, 3)};
    for (std::size_t i = 0; i < stored.size(); ++i) {
        const auto turned = turned_upright(stored[i], static_cast<int>(i) + 1);
        ASSERT_EQ(turned.size(), upright.size()) << i + 1;
        EXPECT_EQ(cv::countNonZero(turned != upright), 0) << i + 1;
    }
}

TEST_F(PhotoFiles, AreReadOnceWithDigestAndSizeAsTheyAreSeen) {
    const auto path = folder_ / "phone.jpg";
    std::vector<std::uint8_t> jpeg;
    cv::imencode(".jpg", cv::Mat(16, 48, CV_8UC3, cv::Scalar(10, 200, 90)), jpeg);
    std::string bytes(jpeg.begin(), jpeg.end());
    const std::string exif(
        "\xff\xe1\0\x22"
        "Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0",
        36);
    bytes.insert(2, exif);
    write_bytes(path, bytes);
    const auto seen = read_photo(path, "phone.jpg", "part", PhotoRole::query, true);
    EXPECT_EQ(seen.id, "part/test/photo/phone.jpg");
    EXPECT_EQ(seen.size, (MapSize{48, 16}));
    EXPECT_TRUE(is_turned_by_exif(seen));
    std::filesystem::remove(path);
    EXPECT_EQ(read_image(seen).height, 48) << "its bytes are at hand";
    auto stored = seen;
    stored.upright = false;
    EXPECT_EQ(read_image(stored).height, 16);
    EXPECT_FALSE(is_turned_by_exif(stored));
    EXPECT_THROW((void)read_photo(path, "x", "part", PhotoRole::prompt, true), UnreadableError);
}

}  // namespace
}  // namespace patchead
