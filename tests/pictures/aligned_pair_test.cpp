#include "patchead/pictures/aligned_pair.hpp"

#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>

#include "patchead/core/error.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

Image plain(int side, std::uint8_t value) {
    return {side, side,
            std::vector<std::uint8_t>(static_cast<std::size_t>(3 * side * side), value)};
}

TEST(WriteAlignedPair, ShowsInColourWhatDiffers) {
    const TemporaryFolder folder;
    const auto file = folder.path() / "pair.png";
    write_aligned_pair(file, {plain(64, 200), plain(64, 10), plain(64, 50), "a onto b"});
    const auto picture = cv::imread(file.string());
    ASSERT_FALSE(picture.empty());
    const int middle = 20 + 128;
    EXPECT_EQ(picture.at<cv::Vec3b>(middle, 8 + 128), cv::Vec3b(200, 200, 200));
    EXPECT_EQ(picture.at<cv::Vec3b>(middle, 8 + 264 + 128), cv::Vec3b(10, 10, 10));
    EXPECT_EQ(picture.at<cv::Vec3b>(middle, 8 + 3 * 264 + 128), cv::Vec3b(200, 200, 50))
        << "only the source is dark here: cyan";
}

TEST(WriteAlignedPair, RefusesImagesOfSeveralSizes) {
    const TemporaryFolder folder;
    EXPECT_THROW(write_aligned_pair(folder.path() / "pair.png",
                                    {plain(64, 1), plain(32, 1), plain(64, 1), "a onto b"}),
                 DataError);
    EXPECT_EQ(folder.files(), 0);
}

}  // namespace
}  // namespace patchead
