#include "pipeline/images_at_hand.hpp"

#include <filesystem>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "patchead/core/error.hpp"
#include "patchead/data/image_io.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

constexpr int kSideOfFiles = 4;
constexpr std::size_t kBytesOfFile = 3 * kSideOfFiles * kSideOfFiles;

class ImagesAtHandTest : public testing::Test {
  protected:
    ImagesAtHandTest() {
        for (int i = 0; i < 3; ++i) {
            Sample sample;
            sample.image = folder_.path() / (std::to_string(i) + ".png");
            write_png(sample.image, Image{kSideOfFiles, kSideOfFiles,
                                          std::vector<std::uint8_t>(kBytesOfFile, level(i))});
            samples_.push_back(sample);
        }
    }

    static std::uint8_t level(int i) { return static_cast<std::uint8_t>(10 * i); }
    static std::uint8_t level_of(ImagesAtHand& images, const Sample& sample) {
        return images.of(sample)->rgb.front();
    }
    void remove(std::size_t i) { std::filesystem::remove(samples_[i].image); }

    TemporaryFolder folder_;
    std::vector<Sample> samples_;
};

TEST_F(ImagesAtHandTest, AreReadOnce) {
    ImagesAtHand images(3 * kBytesOfFile);
    for (const auto& sample : samples_) { static_cast<void>(images.of(sample)); }
    for (std::size_t i = 0; i < 3; ++i) {
        remove(i);
        EXPECT_EQ(level_of(images, samples_[i]), level(static_cast<int>(i)));
    }
}

TEST_F(ImagesAtHandTest, LeaveInTheOrderInWhichTheyWereLastAskedFor) {
    ImagesAtHand images(2 * kBytesOfFile);
    for (const std::size_t i : {0U, 1U, 0U, 2U}) { static_cast<void>(images.of(samples_[i])); }
    for (std::size_t i = 0; i < 3; ++i) { remove(i); }
    EXPECT_EQ(level_of(images, samples_[0]), level(0));
    EXPECT_EQ(level_of(images, samples_[2]), level(2));
    EXPECT_THROW(static_cast<void>(images.of(samples_[1])), Error) << "it made room";
}

TEST_F(ImagesAtHandTest, AreNotKeptWithoutMemory) {
    ImagesAtHand images(kBytesOfFile - 1);
    EXPECT_EQ(level_of(images, samples_[1]), level(1));
    remove(1);
    EXPECT_THROW(static_cast<void>(images.of(samples_[1])), Error);
}

TEST_F(ImagesAtHandTest, TellPartsOfAFileApart) {
    ImagesAtHand images(10 * kBytesOfFile);
    auto part = samples_[0];
    part.crop = CropRows{1, 3};
    EXPECT_EQ(images.of(samples_[0])->height, kSideOfFiles);
    EXPECT_EQ(images.of(part)->height, 2);
    EXPECT_EQ(images.of(samples_[0])->height, kSideOfFiles);
}

TEST_F(ImagesAtHandTest, ServeThreadsAtTheSameTime) {
    ImagesAtHand images(kBytesOfFile);  // Of one only, so that they push each other out.
    std::vector<std::jthread> threads;
    for (std::size_t thread = 0; thread < 3; ++thread) {
        threads.emplace_back([&, thread] {
            for (int i = 0; i < 50; ++i) {
                EXPECT_EQ(level_of(images, samples_[thread]), level(static_cast<int>(thread)));
            }
        });
    }
}

}  // namespace
}  // namespace patchead
