#include "patchead/data/image_io.hpp"

#include <opencv2/imgcodecs.hpp>

#include "fixtures.hpp"
#include "patchead/core/files.hpp"

namespace patchead {
namespace {

using Pixels = std::vector<std::uint8_t>;

std::string encoded(const std::string& suffix, const cv::Mat& pixels,
                    const std::vector<int>& options = {}) {
    std::vector<std::uint8_t> bytes;
    cv::imencode(suffix, pixels, bytes, options);
    return {bytes.begin(), bytes.end()};
}

/// A gradient with all three channels different. Shape: `[rows, cols, 3]`, BGR.
cv::Mat gradient(int rows, int cols) {
    cv::Mat pixels(rows, cols, CV_8UC3);
    for (int y = 0; y < rows; ++y) {
        for (int x = 0; x < cols; ++x) {
            pixels.at<cv::Vec3b>(y, x) = {static_cast<std::uint8_t>(x),
                                          static_cast<std::uint8_t>(y),
                                          static_cast<std::uint8_t>(100 + x + y)};
        }
    }
    return pixels;
}

class ImageFiles : public FolderTest {
  protected:
    std::filesystem::path file(const std::string& name, const std::string& bytes) {
        write_bytes(folder_ / name, bytes);
        return folder_ / name;
    }
};

TEST_F(ImageFiles, AreReadAsRgb) {
    const auto path = file("a.png", encoded(".png", gradient(2, 3)));
    const auto image = read_image(files(path));
    EXPECT_EQ(image.height, 2);
    EXPECT_EQ(image.width, 3);
    EXPECT_EQ(image.rgb, (Pixels{100, 0, 0, 101, 0, 1, 102, 0, 2,  //
                                 101, 1, 0, 102, 1, 1, 103, 1, 2}));
}

TEST_F(ImageFiles, WithOneChannelAreReplicated) {
    const auto path = file("a.PNG", encoded(".png", cv::Mat(1, 2, CV_8UC1, cv::Scalar(7))));
    EXPECT_EQ(read_image(files(path)).rgb, Pixels(6, 7));
}

TEST_F(ImageFiles, WithAlphaLoseIt) {
    const auto path = file("a.png", encoded(".png", cv::Mat(1, 1, CV_8UC4, {1, 2, 3, 0})));
    EXPECT_EQ(read_image(files(path)).rgb, (Pixels{3, 2, 1}));
}

TEST_F(ImageFiles, Of16BitsGiveTheirHighByte) {
    const auto path = file("a.png", encoded(".png", cv::Mat(1, 1, CV_16UC1, cv::Scalar(0x12F0))));
    EXPECT_EQ(read_image(files(path)).rgb, Pixels(3, 0x12));
}

TEST_F(ImageFiles, AreNotRotatedAsExifSays) {
    auto jpeg = encoded(".jpg", gradient(8, 16));
    // APP1 with one IFD entry: tag 0x0112 (orientation), SHORT, 1 value: 6 (a quarter turn).
    const std::string exif(
        "\xff\xe1\x00\x22"
        "Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0",
        36);
    jpeg.insert(2, exif);
    const auto path = file("a.jpg", jpeg);
    ASSERT_EQ(cv::imread(path.string()).rows, 16) << "the file has no orientation";
    EXPECT_EQ(read_image(files(path)).height, 8);
    EXPECT_EQ(image_size(files(path)), std::pair(8, 16));
}

TEST_F(ImageFiles, AreCutToTheCropRows) {
    auto sample = files(file("a.bmp", encoded(".bmp", gradient(5, 2))));
    sample.crop = CropRows{1, 3};
    const auto image = read_image(sample);
    EXPECT_EQ(image.height, 2);
    EXPECT_EQ(image.rgb, (Pixels{101, 1, 0, 102, 1, 1, 102, 2, 0, 103, 2, 1}));
    EXPECT_EQ(image_size(sample), std::pair(2, 2));
}

TEST_F(ImageFiles, RefuseCropRowsOutsideOfThem) {
    auto sample = files(file("a.png", encoded(".png", gradient(5, 2))));
    for (const auto rows : {CropRows{-1, 3}, CropRows{2, 2}, CropRows{3, 6}}) {
        sample.crop = rows;
        const auto message = message_of<DataError>([&] { static_cast<void>(read_image(sample)); });
        EXPECT_NE(message.find("a.png"), std::string::npos) << message;
        EXPECT_THROW(static_cast<void>(image_size(sample)), DataError);
    }
}

TEST_F(ImageFiles, TellTheirSizeInEveryFormat) {
    for (const std::string suffix : {".png", ".jpg", ".bmp", ".tiff"}) {
        const auto path = file("a" + suffix, encoded(suffix, gradient(30, 50)));
        EXPECT_EQ(image_size(files(path)), std::pair(30, 50)) << suffix;
        EXPECT_EQ(read_image(files(path)).height, 30) << suffix;
    }
    const auto progressive = encoded(".jpg", gradient(30, 50), {cv::IMWRITE_JPEG_PROGRESSIVE, 1});
    EXPECT_EQ(image_size(files(file("p.jpg", progressive))), std::pair(30, 50));
}

TEST_F(ImageFiles, ThatWereCutShortAreErrorsAndPrintNothing) {
    for (const std::string suffix : {".png", ".jpg", ".bmp", ".tiff"}) {
        const auto whole = encoded(suffix, gradient(40, 60));
        for (std::size_t left = 0; left < whole.size(); left += 1 + left / 8) {
            const auto path = file("cut" + suffix, whole.substr(0, left));
            testing::internal::CaptureStderr();
            const auto message =
                message_of<DataError>([&] { static_cast<void>(read_image(files(path))); });
            EXPECT_EQ(testing::internal::GetCapturedStderr(), "") << suffix << ' ' << left;
            EXPECT_NE(message.find(path.string()), std::string::npos) << message;
            EXPECT_NE(message.find("copy or unpack it again"), std::string::npos) << message;
        }
        if (suffix == ".tiff") { continue; }  // Its last bytes say that there is no other picture.
        const auto last = file("cut" + suffix, whole.substr(0, whole.size() - 1));
        EXPECT_THROW(static_cast<void>(read_image(files(last))), DataError) << suffix;
    }
}

TEST_F(ImageFiles, WithOneFlippedBitInAPngAreErrors) {
    const auto whole = encoded(".png", gradient(12, 12));
    for (std::size_t at = 0; at < whole.size(); ++at) {
        auto damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ 4);
        testing::internal::CaptureStderr();
        EXPECT_THROW(static_cast<void>(read_image(files(file("a.png", damaged)))), DataError) << at;
        EXPECT_EQ(testing::internal::GetCapturedStderr(), "") << at;
    }
}

TEST_F(ImageFiles, ThatAreNoneOrMissingAreErrors) {
    const auto text = files(file("a.png", "not an image"));
    EXPECT_NE(message_of<DataError>([&] { static_cast<void>(read_image(text)); }).find("a.png"),
              std::string::npos);
    EXPECT_THROW(static_cast<void>(image_size(text)), DataError);
    EXPECT_THROW(static_cast<void>(read_image(files(folder_ / "none.png"))), DataError);
    EXPECT_THROW(static_cast<void>(read_image(files(folder_))), DataError);
}

class MaskFiles : public ImageFiles {
  protected:
    Pixels mask_of(const std::string& name, const std::string& bytes) {
        return read_mask(files({}, file(name, bytes)), 1, 2).anomalous;
    }
};

TEST_F(MaskFiles, AreAnomalousWhereAnyChannelIsAboveZero) {
    const cv::Mat gray = (cv::Mat_<std::uint8_t>(1, 2) << 0, 1);
    EXPECT_EQ(mask_of("gray.png", encoded(".png", gray)), (Pixels{0, 1}));
    EXPECT_EQ(mask_of("gray.bmp", encoded(".bmp", gray)), (Pixels{0, 1}));
    const cv::Mat blue = (cv::Mat_<cv::Vec3b>(1, 2) << cv::Vec3b(0, 0, 0), cv::Vec3b(1, 0, 0));
    EXPECT_EQ(mask_of("blue.png", encoded(".png", blue)), (Pixels{0, 1}));
}

TEST_F(MaskFiles, DoNotCountAlpha) {
    const cv::Mat pixels =
        (cv::Mat_<cv::Vec4b>(1, 2) << cv::Vec4b(0, 0, 0, 255), cv::Vec4b(0, 0, 9, 0));
    EXPECT_EQ(mask_of("alpha.png", encoded(".png", pixels)), (Pixels{0, 1}));
}

TEST_F(MaskFiles, Of16Bits1BitAndFloatsKeepTheirSmallestValues) {
    const cv::Mat deep = (cv::Mat_<std::uint16_t>(1, 2) << 0, 1);
    EXPECT_EQ(mask_of("deep.png", encoded(".png", deep)), (Pixels{0, 1}));
    const cv::Mat flat = (cv::Mat_<std::uint8_t>(1, 2) << 0, 255);
    EXPECT_EQ(mask_of("flat.png", encoded(".png", flat, {cv::IMWRITE_PNG_BILEVEL, 1})),
              (Pixels{0, 1}));
    const cv::Mat real = (cv::Mat_<float>(1, 2) << 0.0F, 0.25F);
    EXPECT_EQ(mask_of("real.tiff", encoded(".tiff", real)), (Pixels{0, 1}));
}

TEST_F(MaskFiles, ThatAreNotThereAreAllZero) {
    const auto mask = read_mask(files("image.png"), 2, 3);
    EXPECT_EQ(mask.height, 2);
    EXPECT_EQ(mask.width, 3);
    EXPECT_EQ(mask.anomalous, Pixels(6, 0));
}

TEST_F(MaskFiles, OfAnotherSizeThanTheImageAreErrors) {
    const auto path = file("m.png", encoded(".png", cv::Mat(4, 5, CV_8UC1, cv::Scalar(0))));
    const auto message =
        message_of<DataError>([&] { static_cast<void>(read_mask(files({}, path), 4, 6)); });
    EXPECT_NE(message.find(path.string()), std::string::npos) << message;
    EXPECT_NE(message.find("5 x 4"), std::string::npos) << message;
    EXPECT_NE(message.find("6 x 4"), std::string::npos) << message;
}

TEST_F(MaskFiles, ThatAreTurnedAreCalledSo) {
    const auto path = file("m.png", encoded(".png", cv::Mat(4, 6, CV_8UC1, cv::Scalar(0))));
    const auto message =
        message_of<DataError>([&] { static_cast<void>(read_mask(files({}, path), 6, 4)); });
    EXPECT_NE(message.find("the mask is turned"), std::string::npos) << message;
}

TEST_F(MaskFiles, AreAnomalousAboveTheThresholdOnTheScaleOfBytes) {
    const auto above = [&](const std::string& name, const cv::Mat& pixels, double threshold) {
        return read_mask(files({}, file(name, encoded(name.substr(1), pixels))), 1, 3, threshold)
            .anomalous;
    };
    const cv::Mat bytes = (cv::Mat_<std::uint8_t>(1, 3) << 0, 127, 128);
    EXPECT_EQ(above("a.png", bytes, 0), (Pixels{0, 1, 1}));
    EXPECT_EQ(above("a.png", bytes, 127), (Pixels{0, 0, 1}));
    const cv::Mat deep = (cv::Mat_<std::uint16_t>(1, 3) << 1, 32639, 32640);
    EXPECT_EQ(above("b.png", deep, 0), (Pixels{1, 1, 1}));
    EXPECT_EQ(above("b.png", deep, 127), (Pixels{0, 0, 1}));
    const cv::Mat real = (cv::Mat_<float>(1, 3) << 0.01F, 0.49F, 1.0F);
    EXPECT_EQ(above("c.tiff", real, 127), (Pixels{0, 0, 1}));
}

TEST_F(MaskFiles, AreCutLikeTheirImage) {
    const cv::Mat column = (cv::Mat_<std::uint8_t>(4, 1) << 0, 3, 0, 9);
    auto sample = files({}, file("label.bmp", encoded(".bmp", column)));
    sample.crop = CropRows{1, 3};
    EXPECT_EQ(read_mask(sample, 2, 1).anomalous, (Pixels{1, 0}));
}

TEST_F(ImageFiles, WrittenAsPngReadBackTheSame) {
    const Image image{1, 2, {1, 2, 3, 4, 5, 6}};
    write_png(folder_ / "new/image.png", image);
    EXPECT_EQ(read_image(files(folder_ / "new/image.png")).rgb, image.rgb);
    const Mask mask{2, 1, {0, 1}};
    write_png(folder_ / "mask.png", mask);
    EXPECT_EQ(read_mask(files({}, folder_ / "mask.png"), 2, 1).anomalous, mask.anomalous);
    EXPECT_EQ(read_image(files(folder_ / "mask.png")).rgb, (Pixels{0, 0, 0, 255, 255, 255}));
}

TEST_F(ImageFiles, ThatCannotBeWrittenAreErrors) {
    const auto blocked = file("a_file", "x") / "image.png";
    EXPECT_THROW(write_png(blocked, Image{1, 1, {1, 2, 3}}), CacheError);
}

TEST(RealImages, AreReadWithTheirMasks) {
    SKIP_WITHOUT_SHARED();
    const auto screw = shared_folder() / "datasets/mvtec_ad_512/screw";
    const auto sample = files(screw / "test/scratch_head/000.png",
                              screw / "ground_truth/scratch_head/000_mask.png");
    const auto image = read_image(sample);
    EXPECT_EQ(image_size(sample), std::pair(512, 512));
    EXPECT_EQ(image.rgb.size(), 512U * 512U * 3U);
    const auto mask = read_mask(sample, image.height, image.width);
    const auto anomalous = std::count(mask.anomalous.begin(), mask.anomalous.end(), 1);
    EXPECT_GT(anomalous, 0);
    EXPECT_LT(anomalous, 512 * 512 / 10);
    const auto visa = files(shared_folder() / "datasets/ksdd/kos01/Part0.jpg");
    const auto [height, width] = image_size(visa);
    EXPECT_EQ(width, 500);
    EXPECT_EQ(read_image(visa).height, height);
}

}  // namespace
}  // namespace patchead
