#include "patchead/pictures/heatmap.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>

#include "patchead/core/error.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

/// A grey image with one anomalous square in its top left quarter, and a map that is hot in its
/// bottom right quarter.
Heatmap sample(int height = 256, int width = 256) {
    const auto pixels = static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
    Heatmap heatmap{{height, width, std::vector<std::uint8_t>(3 * pixels, 128)},
                    {height, width, std::vector<std::uint8_t>(pixels, 0)},
                    {8, 8},
                    std::vector<float>(64, 0.F),
                    0.F,
                    1.F,
                    "screw/test/scratch/000  score 0.5"};
    for (int y = height / 8; y < height / 4; ++y) {
        for (int x = width / 8; x < width / 4; ++x) {
            heatmap.truth.anomalous[static_cast<std::size_t>(y * width + x)] = 1;
        }
    }
    for (std::size_t y = 4; y < 8; ++y) {
        for (std::size_t x = 4; x < 8; ++x) { heatmap.map[y * 8 + x] = 1; }
    }
    return heatmap;
}

using Colour = std::array<int, 3>;

Colour at(const Image& image, int y, int x) {
    const auto place = 3 * static_cast<std::size_t>(y * image.width + x);
    return {image.rgb[place], image.rgb[place + 1], image.rgb[place + 2]};
}

bool is_grey(const Colour& c) { return c[0] == c[1] && c[1] == c[2]; }
int brightness(const Colour& c) { return c[0] + c[1] + c[2]; }
/// The outline is the only thing in a picture that is this green.
bool is_outline(const Colour& c) { return c[1] > 150 && c[0] < 120 && c[2] < 140; }

// Where the panels of a 256 px image stand.
constexpr int kTop = 20;
constexpr int kInput = 10;
constexpr int kTruth = 276;
constexpr int kOverlay = 542;

TEST(Heatmap, ShowsInputGroundTruthAndMapSideBySide) {
    const auto picture = render(sample());
    EXPECT_EQ(picture.width, 3 * 256 + 4 * 10);
    EXPECT_EQ(picture.rgb.size(), 3 * static_cast<std::size_t>(picture.width) *
                                      static_cast<std::size_t>(picture.height));
    EXPECT_EQ(at(picture, 0, 0), (Colour{255, 255, 255}));
    for (int y = 0; y < 256; y += 5) {
        for (int x = 0; x < 256; x += 5) {
            ASSERT_EQ(at(picture, kTop + y, kInput + x), (Colour{128, 128, 128}));
        }
    }
}

TEST(Heatmap, TellsWhereTheMapLiesInThePicture) {
    const TemporaryFolder folder;
    for (const bool is_known : {true, false}) {
        auto heatmap = sample(256, 64);  // Narrower than its caption.
        if (!is_known) { heatmap.truth = {}; }
        const auto picture = render(heatmap);
        const auto part = write_heatmap(folder.path() / "picture.png", heatmap);
        const int left = kInput + (is_known ? 2 : 1) * (64 + 10);
        EXPECT_DOUBLE_EQ(part.x * picture.width, left);
        EXPECT_DOUBLE_EQ(part.y * picture.height, kTop);
        EXPECT_DOUBLE_EQ(part.width * picture.width, 64);
        EXPECT_DOUBLE_EQ(part.height * picture.height, 256);
        EXPECT_GT(brightness(at(picture, kTop + 250, left + 60)), 500) << "hot";
    }
}

TEST(Heatmap, KeepsTheColoursOfTheInput) {
    auto heatmap = sample();
    for (std::size_t i = 0; i < heatmap.image.rgb.size(); i += 3) {
        heatmap.image.rgb[i] = 200;
        heatmap.image.rgb[i + 2] = 10;
    }
    EXPECT_EQ(at(render(heatmap), kTop + 100, kInput + 100), (Colour{200, 128, 10}));
}

TEST(Heatmap, OutlinesTheGroundTruthAndLeavesItsInsideVisible) {
    const auto picture = render(sample());
    EXPECT_EQ(at(picture, kTop + 48, kTruth + 48), (Colour{128, 128, 128})) << "inside";
    EXPECT_EQ(at(picture, kTop + 200, kTruth + 200), (Colour{128, 128, 128})) << "outside";
    int first = -1;
    int last = -1;
    for (int x = 0; x < 256; ++x) {
        if (!is_outline(at(picture, kTop + 48, kTruth + x))) { continue; }
        if (first < 0) { first = x; }
        last = x;
    }
    EXPECT_NEAR(first, 30, 2) << "the square begins at 32";
    EXPECT_NEAR(last, 65, 2) << "and ends at 63";
}

TEST(Heatmap, OutlinesADefectOfOnePixelEvenWhereTheImageShrinks) {
    for (const int side : {64, 256, 2000}) {
        auto heatmap = sample(side, side);
        std::ranges::fill(heatmap.truth.anomalous, std::uint8_t{0});
        // Of 2000 px, rows 1000 and 1004 would be sampled, and 1003 not.
        const int middle = side / 2 + 3;
        heatmap.truth.anomalous[static_cast<std::size_t>(side * middle + middle)] = 1;
        const auto picture = render(heatmap);
        int outlined = 0;
        for (int y = 0; y < picture.height; ++y) {
            for (int x = 0; x < picture.width; ++x) { outlined += is_outline(at(picture, y, x)); }
        }
        EXPECT_GE(outlined, 8) << side;
    }
}

TEST(Heatmap, OutlinesNothingOnAGoodImage) {
    auto heatmap = sample();
    std::ranges::fill(heatmap.truth.anomalous, std::uint8_t{0});
    const auto picture = render(heatmap);
    for (int y = 0; y < 256; ++y) {
        for (int x = 0; x < 256; ++x) {
            ASSERT_EQ(at(picture, kTop + y, kTruth + x), (Colour{128, 128, 128}));
        }
    }
}

TEST(Heatmap, IsBrightAndColouredWhereTheMapIsHotAndDimGreyWhereItIsCold) {
    const auto picture = render(sample());
    const auto cold = at(picture, kTop + 30, kOverlay + 30);
    const auto hot = at(picture, kTop + 220, kOverlay + 220);
    EXPECT_LT(brightness(cold), 3 * 128);
    EXPECT_LT(*std::ranges::max_element(cold) - *std::ranges::min_element(cold), 8);
    EXPECT_GT(brightness(hot), 3 * 180);
    EXPECT_GT(hot[0] - hot[2], 60) << "yellow";
    EXPECT_EQ(at(picture, kTop + 30, kOverlay + 220), cold) << "rows and columns are not swapped";
    EXPECT_EQ(at(picture, kTop + 220, kOverlay + 30), cold);
}

TEST(Heatmap, GrowsBrighterWithTheValue) {
    int darker = -1;
    for (int step = 0; step <= 10; ++step) {
        auto heatmap = sample();
        std::ranges::fill(heatmap.map, static_cast<float>(step) / 10);
        const int now = brightness(at(render(heatmap), kTop + 100, kOverlay + 100));
        EXPECT_GT(now, darker) << step;
        darker = now;
    }
}

TEST(Heatmap, ClampsToItsScale) {
    auto in_scale = sample();
    auto beyond = in_scale;
    for (auto& value : beyond.map) { value = value > 0 ? 7.F : -3.F; }
    // Interpolation between the quarters differs; their middles must not.
    const auto expected = render(in_scale);
    const auto picture = render(beyond);
    for (const int x : {30, 220}) {
        EXPECT_EQ(at(picture, kTop + 220, kOverlay + x), at(expected, kTop + 220, kOverlay + x));
    }
}

TEST(Heatmap, OfAScaleWithoutWidthIsCold) {
    auto heatmap = sample();
    heatmap.low = heatmap.high = 0.5F;
    const auto picture = render(heatmap);
    EXPECT_EQ(at(picture, kTop + 220, kOverlay + 220), at(picture, kTop + 30, kOverlay + 30));
}

TEST(Heatmap, HasAColourBarFromColdToHot) {
    const auto picture = render(sample());
    int darkest = 3 * 255;
    int first = picture.width;
    int last = 0;
    const int middle = kTop + 256 + 10 + 5;
    for (int x = kOverlay; x < kOverlay + 256; ++x) {
        const auto colour = at(picture, middle, x);
        darkest = std::min(darkest, brightness(colour));
        if (!is_grey(colour)) {
            first = std::min(first, x);
            last = std::max(last, x);
        }
    }
    EXPECT_LT(darkest, 20);
    EXPECT_GT(last - first, 150);
    EXPECT_LT(brightness(at(picture, middle, first + 10)), brightness(at(picture, middle, last)));
}

TEST(Heatmap, KeepsTheAspectAndStaysLegible) {
    const auto tiny = render(sample(32, 32));
    EXPECT_EQ(tiny.width, 3 * 256 + 4 * 10) << "enlarged";
    const auto huge = render(sample(2000, 1000));
    EXPECT_EQ(huge.width, 3 * 224 + 4 * 10) << "448 px high, half as wide";
    const auto thin = render(sample(1200, 100));
    EXPECT_EQ(thin.width, 480 + 2 * 10) << "room for the text";
    const auto flat = render(sample(100, 2000));
    EXPECT_EQ(flat.width, 3 * 1024 + 4 * 10);
    EXPECT_LT(flat.height, 51 + 100);
}

TEST(Heatmap, WrapsALongCaption) {
    auto heatmap = sample();
    const auto one_line = render(heatmap).height;
    heatmap.caption = "";
    for (int i = 0; i < 40; ++i) { heatmap.caption += "wordword "; }
    const auto picture = render(heatmap);
    EXPECT_GT(picture.height, one_line + 30);
    EXPECT_EQ(picture.width, 3 * 256 + 4 * 10);
    for (int y = 0; y < picture.height; ++y) {
        ASSERT_EQ(at(picture, y, picture.width - 1), (Colour{255, 255, 255})) << "text runs out";
    }
}

TEST(Heatmap, RefusesWhatDoesNotFitTogether) {
    const auto refusal = [](auto spoil) -> std::string {
        auto heatmap = sample();
        spoil(heatmap);
        try {
            static_cast<void>(render(heatmap));
        } catch (const DataError& error) { return error.what(); }
        return "drawn";
    };
    const auto expect = [](const std::string& message, const char* part) {
        EXPECT_NE(message.find(part), std::string::npos) << message;
        if (message != "drawn") {
            EXPECT_NE(message.find("screw/test/scratch/000"), std::string::npos) << message;
        }
    };
    expect(refusal([](Heatmap& h) { h.image.rgb.pop_back(); }), "image is empty or incomplete");
    expect(refusal([](Heatmap& h) { h.image = {}; }), "image is empty or incomplete");
    expect(refusal([](Heatmap& h) { h.truth = sample(128, 256).truth; }), "256x128");
    expect(refusal([](Heatmap& h) { h.truth.anomalous.pop_back(); }), "ground truth");
    expect(refusal([](Heatmap& h) { h.size = {7, 9}; }), "64 values for 7 x 9 pixels");
    expect(refusal([](Heatmap& h) { h.size = {-8, -8}; }), "64 values for -8 x -8 pixels");
    expect(refusal([](Heatmap& h) { h.map = {}, h.size = {}; }), "0 values");
    expect(refusal([](Heatmap& h) { h.map[3] = std::nanf(""); }), "not finite");
    expect(refusal([](Heatmap& h) { h.high = std::numeric_limits<float>::infinity(); }),
           "not finite");
}

TEST(HeatmapFile, IsAPngWithThePixelsOfThePicture) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "new folder" / "a.png";
    write_heatmap(path, sample());
    EXPECT_EQ(folder.files(), 1);
    const auto picture = render(sample());
    const cv::Mat read = cv::imread(path.string(), cv::IMREAD_COLOR);
    ASSERT_EQ(read.rows, picture.height);
    ASSERT_EQ(read.cols, picture.width);
    for (int y = 0; y < read.rows; ++y) {
        for (int x = 0; x < read.cols; ++x) {
            const auto& bgr = read.at<cv::Vec3b>(y, x);
            ASSERT_EQ((Colour{bgr[2], bgr[1], bgr[0]}), at(picture, y, x)) << y << " " << x;
        }
    }
}

TEST(HeatmapFile, OfABrokenMapIsNotWritten) {
    const TemporaryFolder folder;
    auto heatmap = sample();
    heatmap.map.pop_back();
    EXPECT_THROW(write_heatmap(folder.path() / "a.png", heatmap), DataError);
    EXPECT_EQ(folder.files(), 0);
}

}  // namespace
}  // namespace patchead
