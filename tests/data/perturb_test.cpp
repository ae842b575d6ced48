#include "patchead/data/perturb.hpp"

#include <algorithm>
#include <cmath>

#include "fixtures.hpp"
#include "patchead/core/error.hpp"
#include "patchead/data/image_io.hpp"

namespace patchead {
namespace {

constexpr int kRows = 40;
constexpr int kCols = 60;

/// Every pixel different from its neighbours.
Image ramp() {
    Image image{kRows, kCols, {}};
    for (int y = 0; y < kRows; ++y) {
        for (int x = 0; x < kCols; ++x) {
            for (const int value : {4 * x, 6 * y, 2 * x + 3 * y}) {
                image.rgb.push_back(static_cast<std::uint8_t>(value));
            }
        }
    }
    return image;
}

Mask disc() {
    Mask mask{kRows, kCols, {}};
    for (int y = 0; y < kRows; ++y) {
        for (int x = 0; x < kCols; ++x) {
            mask.anomalous.push_back((x - 40) * (x - 40) + (y - 12) * (y - 12) < 64 ? 1 : 0);
        }
    }
    return mask;
}

TEST(Perturbations, HaveAKindALevelAndASeed) {
    EXPECT_EQ(parse_perturbation("noise"), (Perturbation{"noise", 0.05, 0}));
    EXPECT_EQ(parse_perturbation("rotation-45"), (Perturbation{"rotation", 45, 0}));
    EXPECT_EQ(parse_perturbation("crop-0.5-7"), (Perturbation{"crop", 0.5, 7}));
    EXPECT_EQ(text_of(parse_perturbation("noise-0.050")), text_of(parse_perturbation("noise")));
    EXPECT_EQ(parse_perturbation(text_of({"crop", 0.3, 2})), (Perturbation{"crop", 0.3, 2}));
    for (const char* wrong : {"", "blur", "noise-2", "noise--1", "crop-0", "rotation-181",
                              "noise-0.1-x", "noise-0.1-1-1"}) {
        EXPECT_THROW(static_cast<void>(parse_perturbation(wrong)), ConfigError) << wrong;
    }
}

TEST(Perturbations, AreFunctionsOfNameAndSeed) {
    for (const char* kind : {"rotation", "crop", "noise"}) {
        const auto perturbation = parse_perturbation(kind);
        auto other = perturbation;
        other.seed = 1;
        const auto once = perturbed(ramp(), perturbation, "a").rgb;
        EXPECT_EQ(perturbed(ramp(), perturbation, "a").rgb, once) << kind;
        EXPECT_NE(perturbed(ramp(), perturbation, "b").rgb, once) << kind;
        EXPECT_NE(perturbed(ramp(), other, "a").rgb, once) << kind;
        EXPECT_NE(ramp().rgb, once) << kind;
        EXPECT_EQ(once.size(), ramp().rgb.size());
    }
}

TEST(Perturbations, OfNoStrengthChangeNothing) {
    for (const char* none : {"rotation-0", "crop-1", "noise-0"}) {
        EXPECT_EQ(perturbed(ramp(), parse_perturbation(none), "a").rgb, ramp().rgb) << none;
        EXPECT_EQ(perturbed(disc(), parse_perturbation(none), "a").anomalous, disc().anomalous);
    }
}

TEST(Noise, HasTheAskedDeviationAndLeavesTheTruthAlone) {
    const Image gray{100, 100, std::vector<std::uint8_t>(30000, 128)};
    const auto noise = parse_perturbation("noise-0.04");
    double sum = 0;
    double squares = 0;
    for (const int byte : perturbed(gray, noise, "a").rgb) {
        sum += byte - 128;
        squares += (byte - 128) * (byte - 128);
    }
    EXPECT_NEAR(sum / 30000, 0, 0.3);
    EXPECT_NEAR(std::sqrt(squares / 30000), 0.04 * 255, 0.3);
    EXPECT_EQ(perturbed(disc(), noise, "a").anomalous, disc().anomalous);
}

/// The image that has 255 where `mask` is 1.
Image picture_of(const Mask& mask) {
    Image image{mask.height, mask.width, {}};
    for (const auto pixel : mask.anomalous) {
        image.rgb.insert(image.rgb.end(), 3, static_cast<std::uint8_t>(255 * pixel));
    }
    return image;
}

TEST(Moves, TakeTheTruthAlong) {
    for (const char* move : {"rotation-30", "crop-0.7"}) {
        const auto perturbation = parse_perturbation(move);
        const auto mask = perturbed(disc(), perturbation, "a");
        const auto picture = perturbed(picture_of(disc()), perturbation, "a");
        ASSERT_GT(std::ranges::count(mask.anomalous, 1), 100) << move;
        int apart = 0;  // Bilinear and nearest may differ at the rim.
        for (std::size_t i = 0; i < mask.anomalous.size(); ++i) {
            apart += std::abs(picture.rgb[3 * i] - 255 * mask.anomalous[i]) > 140 ? 1 : 0;
        }
        EXPECT_LE(apart, 8) << move;
    }
}

TEST(Crops, EnlargeWhatTheyShow) {
    const auto image = perturbed(ramp(), parse_perturbation("crop-0.5"), "a");
    const auto red = [&](int y, int x) {
        return int{image.rgb[static_cast<std::size_t>(3 * (y * kCols + x))]};
    };
    // Red rises by 4 a pixel across, so by 2 once it is enlarged twice.
    EXPECT_NEAR(red(20, 50) - red(20, 10), 80, 2);
    EXPECT_EQ(red(5, 30), red(35, 30));
}

TEST(PerturbedSamples, AreTheTestImagesUnderTheNameOfTheirOwnDataSet) {
    std::vector<Sample> samples(2);
    samples[0].split = "train";
    samples[1].split = "test";
    const auto found = perturbed_samples(samples, "mvtec+noise-0.1");
    EXPECT_EQ(found[0].dataset, "mvtec+noise-0.1");
    EXPECT_EQ(found[0].perturbation, "");
    EXPECT_EQ(found[1].perturbation, text_of(parse_perturbation("noise-0.1")));
    EXPECT_THROW(static_cast<void>(perturbed_samples(samples, "mvtec+blur")), ConfigError);
}

class PerturbedFiles : public FolderTest {};

TEST_F(PerturbedFiles, AreReadPerturbed) {
    write_png(folder_ / "a.png", ramp());
    write_png(folder_ / "mask.png", disc());
    Sample sample;
    sample.id = "nut/test/bad/a";
    sample.dataset = "mvtec+rotation-30";
    sample.image = folder_ / "a.png";
    sample.mask = folder_ / "mask.png";
    EXPECT_EQ(read_image(sample).rgb, ramp().rgb);
    const auto rotation = parse_perturbation("rotation-30");
    sample.perturbation = text_of(rotation);
    EXPECT_EQ(read_image(sample).rgb, perturbed(ramp(), rotation, "mvtec/nut/test/bad/a").rgb);
    EXPECT_EQ(read_mask(sample, kRows, kCols).anomalous,
              perturbed(disc(), rotation, "mvtec/nut/test/bad/a").anomalous);
}

}  // namespace
}  // namespace patchead
