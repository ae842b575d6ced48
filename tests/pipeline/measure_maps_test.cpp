#include <algorithm>
#include <array>
#include <functional>
#include <limits>

#include "data/fixtures.hpp"
#include "patchead/core/npy.hpp"
#include "patchead/metrics/metrics.hpp"
#include "patchead/pipeline/map_points.hpp"

namespace patchead {
namespace {

constexpr int kMapSide = 8;

/// Three images of 8 x 8, the last with a defect of 2 x 2, and a map of 4 x 4 for each.
class MeasureMaps : public FolderTest {
  protected:
    void SetUp() override {
        FolderTest::SetUp();
        for (int i = 0; i < 3; ++i) {
            add_image(i);
            add_map(i, {4, 4});
        }
        point_.side_px = kNativeSide;
    }

    void add_image(int i) {
        Sample sample;
        sample.id = concat("c/test/x/", i);
        sample.split = "test";
        sample.anomalous = i == 2;
        sample.image = folder_ / concat(i, ".png");
        write_png(sample.image,
                  Image{kMapSide, kMapSide, std::vector<std::uint8_t>(3 * kMapSide * kMapSide)});
        if (sample.anomalous) {
            Mask mask{kMapSide, kMapSide, std::vector<std::uint8_t>(kMapSide * kMapSide)};
            for (const std::size_t pixel : {9, 10, 17, 18}) { mask.anomalous[pixel] = 1; }
            sample.mask = folder_ / "mask.png";
            write_png(sample.mask, mask);
        }
        point_.tests.push_back(samples_.size());
        samples_.push_back(sample);
    }
    void add_map(int i, MapSize size) {
        std::vector<float> values(size.area());
        for (std::size_t k = 0; k < values.size(); ++k) {
            values[k] = static_cast<float>((7 * k + 3 * static_cast<std::size_t>(i)) % 11);
        }
        const auto file = folder_ / concat(i, ".npy");
        write_bytes(file, npy_text(values, std::array<std::int64_t, 2>{size.height, size.width}));
        point_.maps.push_back({concat(i, ".npy"), file});
        values_.push_back(std::move(values));
    }
    [[nodiscard]] MeasuredPoint measured() const { return measure_maps(samples_, point_, how_); }

    std::vector<Sample> samples_;
    MapPoint point_;
    MapMeasure how_;
    std::vector<std::vector<float>> values_;
};

void expect_same(const MetricSet& one, const MetricSet& other) {
    ASSERT_EQ(one.size(), other.size());
    for (std::size_t i = 0; i < one.size(); ++i) {
        EXPECT_EQ(one[i].name, other[i].name);
        EXPECT_EQ(one[i].value, other[i].value) << one[i].name;
    }
}

TEST_F(MeasureMaps, HaveTheNumbersOfPatchScores) {
    PatchScores scores{{4, 4}, {"0", "1", "2"}, {}, {}};
    for (const auto& map : values_) {
        scores.patches.insert(scores.patches.end(), map.begin(), map.end());
        scores.images.push_back(std::ranges::max(map));
    }
    const auto truth =
        find_regions([&](std::size_t i) { return read_mask(samples_[i], kMapSide, kMapSide); },
                     std::vector<std::uint8_t>{0, 0, 1}, 8);
    auto options = how_.metrics;
    options.side_px = kNativeSide;
    const std::vector<std::uint8_t> labels{0, 0, 1};
    expect_same(measured().metrics, measure(scores, labels, truth, options));
    how_.metrics.smooth_sigma_px = options.smooth_sigma_px = 1;
    expect_same(measured().metrics, measure(scores, labels, truth, options));
}

TEST_F(MeasureMaps, SayWhatBecameOfEachMap) {
    how_.scoring = {MapScoring::Rule::top, 0.2};
    const auto point = Codec<MeasuredPoint>::decode(Codec<MeasuredPoint>::encode(measured()));
    ASSERT_EQ(point.maps.size(), 3U);
    const auto& map = point.maps.front();
    EXPECT_TRUE(map.is_interpolated());
    EXPECT_EQ(map.from.name, "0.npy");
    EXPECT_EQ((MapSize{map.height, map.width}), (MapSize{4, 4}));
    EXPECT_EQ((MapSize{map.measured_height, map.measured_width}), (MapSize{kMapSide, kMapSide}));
    EXPECT_FALSE(map.is_constant);
    auto sorted = values_.front();
    std::ranges::sort(sorted, std::greater{});
    EXPECT_FLOAT_EQ(map.score, (sorted[0] + sorted[1] + sorted[2]) / 3) << "a fifth of 16";
    point_.side_px = 4;
    EXPECT_FALSE(measured().maps.front().is_interpolated());
}

TEST_F(MeasureMaps, DoNotDependOnMemory) {
    const auto kept = Codec<MeasuredPoint>::encode(measured());
    for (const std::size_t memory : {0, 70, 130}) {
        how_.memory = memory;
        EXPECT_EQ(Codec<MeasuredPoint>::encode(measured()), kept) << memory;
    }
}

TEST_F(MeasureMaps, AreRefusedByName) {
    write_bytes(folder_ / "1.npy",
                npy_text(std::vector<float>(16, std::numeric_limits<float>::infinity()),
                         std::array<std::int64_t, 2>{4, 4}));
    const auto message = message_of<DataError>([&] { static_cast<void>(measured()); });
    EXPECT_NE(message.find("1.npy"), std::string::npos) << message;
}

}  // namespace
}  // namespace patchead
