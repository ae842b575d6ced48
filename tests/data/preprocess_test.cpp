#include "patchead/data/preprocess.hpp"

#include <cstring>
#include <fstream>
#include <map>
#include <sstream>

#include <nlohmann/json.hpp>

#include "fixtures.hpp"
#include "patchead/core/digest.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/random.hpp"

namespace patchead {
namespace {

const std::map<std::string, Preprocessing> kStatistics{
    {"imagenet", {Filter::bicubic, {0.485F, 0.456F, 0.406F}, {0.229F, 0.224F, 0.225F}}},
    {"clip",
     {Filter::bicubic,
      {0.48145466F, 0.4578275F, 0.40821073F},
      {0.26862954F, 0.26130258F, 0.27577711F}}},
};

Filter filter_of(const std::string& name) {
    return name == "bicubic" ? Filter::bicubic : Filter::bilinear;
}

template <class T>
std::string digest(const std::vector<T>& values) {
    Sha256 sha;
    sha.update(std::as_bytes(std::span(values)));
    return sha.hex();
}

Image generated(int height, int width) {
    Random random(concat(height, "x", width), 0);
    Image image{height, width,
                std::vector<std::uint8_t>(static_cast<std::size_t>(height * width * 3))};
    for (auto& byte : image.rgb) { byte = static_cast<std::uint8_t>(random.bits()); }
    return image;
}

/// Of a network whose patches are pixels.
InputShape squashed(int side) { return {{side, side}, {side, side}, 1}; }

/// A line of resize/golden.tsv, made by Pillow (resize/make_golden.py).
struct Golden {
    int height, width, new_height, new_width;
    std::string filter, normalisation, sha256;
};

std::vector<Golden> golden_cases() {
    std::ifstream in(PATCHEAD_SOURCE_DIR "/tests/data/resize/golden.tsv");
    std::vector<Golden> cases;
    Golden g;
    while (in >> g.height >> g.width >> g.new_height >> g.new_width >> g.filter >>
           g.normalisation >> g.sha256) {
        cases.push_back(g);
    }
    return cases;
}

void PrintTo(const Golden& g, std::ostream* out) {
    *out << g.height << 'x' << g.width << " to " << g.new_height << 'x' << g.new_width << ' '
         << g.filter << ' ' << g.normalisation;
}

class PillowGolden : public testing::TestWithParam<Golden> {};

TEST_P(PillowGolden, IsReproducedBitByBit) {
    const auto& g = GetParam();
    const auto image = generated(g.height, g.width);
    if (g.normalisation == "bytes") {
        const auto resized = resize(image, g.new_height, g.new_width, filter_of(g.filter));
        EXPECT_EQ(resized.height, g.new_height);
        EXPECT_EQ(resized.width, g.new_width);
        EXPECT_EQ(digest(resized.rgb), g.sha256);
        return;
    }
    auto preprocessing = kStatistics.at(g.normalisation);
    preprocessing.filter = filter_of(g.filter);
    EXPECT_EQ(digest(preprocess(image, squashed(g.new_height), preprocessing).values), g.sha256);
}
INSTANTIATE_TEST_SUITE_P(Resize, PillowGolden, testing::ValuesIn(golden_cases()));

/// The tensors of a safetensors file, as bytes.
class Tensors {
  public:
    explicit Tensors(const std::filesystem::path& file) : text_(read_text(file)) {
        std::uint64_t size = 0;
        std::memcpy(&size, text_.data(), sizeof size);
        data_ = sizeof size + size;
        header_ = nlohmann::json::parse(text_.substr(sizeof size, size));
    }
    std::vector<int> shape(const std::string& name) const { return header_.at(name).at("shape"); }

    template <class T>
    std::vector<T> values(const std::string& name) const {
        const std::vector<std::size_t> range = header_.at(name).at("data_offsets");
        std::vector<T> values((range[1] - range[0]) / sizeof(T));
        std::memcpy(values.data(), text_.data() + data_ + range[0], range[1] - range[0]);
        return values;
    }

  private:
    std::string text_;
    std::size_t data_ = 0;
    nlohmann::json header_;
};

/// Noise; of one colour less, gray.
Image noisy(int height, int width, bool gray) {
    Image image{height, width, std::vector<std::uint8_t>(std::size_t(3 * height * width))};
    for (std::size_t i = 0; i < image.rgb.size(); ++i) {
        image.rgb[i] = static_cast<std::uint8_t>((gray ? i / 3 : i) * 2654435761U >> 24);
    }
    return image;
}

/// One of the three planes.
std::vector<std::uint8_t> plane_of(const Image& image, std::size_t channel) {
    std::vector<std::uint8_t> plane;
    for (std::size_t i = channel; i < image.rgb.size(); i += 3) { plane.push_back(image.rgb[i]); }
    return plane;
}

// Gray images are resized as one plane; one coloured pixel, the last, is enough to need three.
TEST(Resize, TreatsEachPlaneAlikeInGrayAndInColour) {
    auto nearly_gray = noisy(37, 53, true);
    nearly_gray.rgb.back() = static_cast<std::uint8_t>(nearly_gray.rgb.back() ^ 0x80);
    for (const auto& image : {noisy(37, 53, true), noisy(37, 53, false), nearly_gray}) {
        for (const auto filter : {Filter::bilinear, Filter::bicubic}) {
            const auto small = resize(image, 20, 31, filter);
            for (std::size_t channel = 0; channel < 3; ++channel) {
                EXPECT_EQ(plane_of(small, channel),
                          resize_plane(plane_of(image, channel), 37, 53, 20, 31, filter));
            }
        }
    }
}

TEST(ReferenceFixtures, AreReproducedBitByBit) {
    SKIP_WITHOUT_SHARED();
    int cases = 0;
    for (const auto& entry :
         std::filesystem::directory_iterator(shared_folder() / "parity/resize")) {
        SCOPED_TRACE(entry.path().string());
        const Tensors inputs(entry.path() / "inputs.safetensors");
        const Tensors outputs(entry.path() / "outputs.safetensors");
        const auto shape = inputs.shape("image_rgb_u8");
        const Image image{shape[0], shape[1], inputs.values<std::uint8_t>("image_rgb_u8")};
        for (const std::string filter : {"bicubic", "bilinear"}) {
            const auto size = outputs.shape(filter);
            const auto resized = resize(image, size[0], size[1], filter_of(filter));
            EXPECT_EQ(resized.rgb, outputs.values<std::uint8_t>(filter)) << filter;
            for (const auto& [label, statistics] : kStatistics) {
                auto preprocessing = statistics;
                preprocessing.filter = filter_of(filter);
                EXPECT_EQ(
                    preprocess(image, {{size[0], size[1]}, {size[0], size[1]}, 1}, preprocessing)
                        .values,
                    outputs.values<float>(filter + "_" + label + "_normalised"))
                    << filter << ' ' << label;
            }
        }
        ++cases;
    }
    EXPECT_GE(cases, 3);
}

TEST(Resize, OfOnePlaneEqualsThatOfAGrayImage) {
    const auto image = generated(1, 40 * 30);
    Image gray{40, 30, {}};
    std::vector<std::uint8_t> plane;
    for (std::size_t i = 0; i < 1200; ++i) {
        plane.push_back(image.rgb[i]);
        gray.rgb.insert(gray.rgb.end(), 3, image.rgb[i]);
    }
    for (const auto filter : {Filter::bicubic, Filter::bilinear}) {
        const auto resized = resize(gray, 17, 51, filter);
        const auto result = resize_plane(plane, 40, 30, 17, 51, filter);
        ASSERT_EQ(result.size() * 3, resized.rgb.size());
        for (std::size_t i = 0; i < result.size(); ++i) {
            EXPECT_EQ(result[i], resized.rgb[3 * i]);
        }
    }
}

TEST(Preprocess, PutsChannelsIntoPlanesInTheOrderRgb) {
    const Image image{1, 1, {255, 0, 51}};
    const auto input =
        preprocess(image, squashed(2), {Filter::bilinear, {0, 0.5F, 0.2F}, {1, 0.25F, 0.5F}});
    EXPECT_EQ(input.height, 2);
    EXPECT_EQ(input.width, 2);
    EXPECT_EQ(input.values, (std::vector<float>{1, 1, 1, 1, -2, -2, -2, -2, 0, 0, 0, 0}));
}

// 1 is anomalous:  1 1 0 0   in quarters: all, none
//                  1 1 0 0
//                  0 0 0 1                none, one of four
//                  0 0 0 0
const Mask kQuarters{4, 4, {1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0}};
using Pixels = std::vector<std::uint8_t>;

TEST(ResizeMask, AnyTakesAPixelThatIsAnomalousInPart) {
    EXPECT_EQ(resize_mask(kQuarters, {2, 2}, MaskResize::any).anomalous, (Pixels{1, 0, 0, 1}));
}

TEST(ResizeMask, AllTakesAPixelThatIsAnomalousThroughout) {
    EXPECT_EQ(resize_mask(kQuarters, {2, 2}, MaskResize::all).anomalous, (Pixels{1, 0, 0, 0}));
}

// The centre of a quarter is the corner of its four pixels: it belongs to the lower right one.
TEST(ResizeMask, NearestTakesThePixelUnderTheCentre) {
    EXPECT_EQ(resize_mask(kQuarters, {2, 2}, MaskResize::nearest).anomalous, (Pixels{1, 0, 0, 0}));
    const Mask lower_right{4, 4, {0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}};
    EXPECT_EQ(resize_mask(lower_right, {2, 2}, MaskResize::nearest).anomalous,
              (Pixels{1, 0, 0, 0}));
    EXPECT_EQ(resize_mask({1, 2, {0, 1}}, {4, 4}, MaskResize::nearest).anomalous,
              (Pixels{0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1}));
}

// Three pixels to two: the middle one is half in each new pixel.
TEST(ResizeMask, KnowsPixelsThatLieInTwoNewPixels) {
    const Mask middle{1, 3, {0, 1, 0}};
    EXPECT_EQ(resize_mask(middle, {2, 2}, MaskResize::any).anomalous, (Pixels{1, 1, 1, 1}));
    EXPECT_EQ(resize_mask({1, 3, {1, 1, 0}}, {2, 2}, MaskResize::all).anomalous,
              (Pixels{1, 0, 1, 0}));
}

// One row 1 1 0 0 to one pixel. The triangle reaches 4 pixels to each side of the centre and its
// weights are symmetric, so the result is one half: 127.5, rounded to 128, is anomalous.
// With one pixel of four the weight is below one half.
TEST(ResizeMask, Area50TakesTheAverageUnderATriangle) {
    EXPECT_EQ(resize_mask({1, 4, {1, 1, 0, 0}}, {1, 1}, MaskResize::area50).anomalous, (Pixels{1}));
    EXPECT_EQ(resize_mask({1, 4, {0, 1, 0, 0}}, {1, 1}, MaskResize::area50).anomalous, (Pixels{0}));
    EXPECT_EQ(resize_mask(kQuarters, {2, 2}, MaskResize::area50).anomalous, (Pixels{1, 0, 0, 0}));
}

TEST(Fit, CropsOnTheRightAndBelowAndGoesOnWithTheOutermostPixels) {
    const auto gray = [](int height, int width, const std::vector<std::uint8_t>& values) {
        Image image{height, width, {}};
        for (const auto value : values) { image.rgb.insert(image.rgb.end(), 3, value); }
        return image;
    };
    const auto image = gray(2, 3, {1, 2, 3, 4, 5, 6});
    EXPECT_EQ(fit(image, {2, 3}).rgb, image.rgb);
    EXPECT_EQ(fit(image, {1, 2}).rgb, gray(1, 2, {1, 2}).rgb);
    EXPECT_EQ(fit(image, {3, 5}).rgb,
              gray(3, 5, {1, 2, 3, 3, 3, 4, 5, 6, 6, 6, 4, 5, 6, 6, 6}).rgb);
    EXPECT_EQ(fit(image, {3, 2}).rgb, gray(3, 2, {1, 2, 4, 5, 4, 5}).rgb);
}

TEST(ResizeMask, TakesHeightAndWidthApart) {
    const Mask left{2, 4, {1, 1, 0, 0, 1, 1, 0, 0}};
    for (const auto how :
         {MaskResize::area50, MaskResize::nearest, MaskResize::any, MaskResize::all}) {
        EXPECT_EQ(resize_mask(left, {1, 2}, how).anomalous, (Pixels{1, 0}));
        EXPECT_EQ(resize_mask(left, {4, 2}, how).anomalous, (Pixels{1, 0, 1, 0, 1, 0, 1, 0}));
    }
}

// Values of Pillow: Image.fromarray(255 * mask).resize((n, n), BILINEAR), then > 0 or == 255.
TEST(ResizeMask, MuscTakesPillowsBytes) {
    Mask block{8, 8, Pixels(64)};  // Rows 1 to 5, columns 2 to 6.
    for (std::size_t y = 1; y < 6; ++y) {
        for (std::size_t x = 2; x < 7; ++x) { block.anomalous[8 * y + x] = 1; }
    }
    EXPECT_EQ(resize_mask(block, {4, 4}, MaskResize::musc_all).anomalous,
              (Pixels{0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
    EXPECT_EQ(resize_mask(block, {4, 4}, MaskResize::musc_any).anomalous, Pixels(16, 1));
    EXPECT_EQ(resize_mask(block, {4, 4}, MaskResize::all).anomalous,
              (Pixels{0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0}));
    EXPECT_EQ(resize_mask(block, {4, 4}, MaskResize::any).anomalous,
              (Pixels{0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 0}));
    const Mask corner{2, 2, {1, 0, 1, 1}};
    EXPECT_EQ(resize_mask(corner, {5, 5}, MaskResize::musc_all).anomalous,
              (Pixels{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1}));
    EXPECT_EQ(resize_mask(corner, {5, 5}, MaskResize::musc_any).anomalous,
              (Pixels{1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}));
}

TEST(ResizeMask, OfTheSameSizeChangesNothing) {
    for (const auto how : {MaskResize::area50, MaskResize::nearest, MaskResize::any,
                           MaskResize::all, MaskResize::musc_any, MaskResize::musc_all}) {
        EXPECT_EQ(resize_mask(kQuarters, {4, 4}, how).anomalous, kQuarters.anomalous);
    }
}

}  // namespace
}  // namespace patchead
