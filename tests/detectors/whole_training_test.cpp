/// \file
/// \brief Memory-bank detectors on more references than are read at a time, and with less memory.

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "detectors/parts/memory_rows.hpp"
#include "detectors/parts/partwise.hpp"
#include "patchead/core/error.hpp"
#include "token_images.hpp"

namespace patchead {
namespace {

constexpr std::size_t kMany = 2 * kImagesOfPart + 3;
constexpr Grid kGrid{2, 3};
constexpr int kDim = 4;

using Row = std::vector<float>;

/// Rows of the last axis.
std::vector<Row> rows_in(const PlainTensor& array) {
    const auto width = array.shape.back();
    std::vector<Row> rows;
    for (auto at = array.values.begin(); at != array.values.end(); at += width) {
        rows.emplace_back(at, at + width);
    }
    return rows;
}

DetectorImages many_images() {
    auto images = noise_images(kMany, kGrid, kDim, 5);
    for (std::size_t i = 0; i < images.images(); ++i) {
        images.image_tokens.insert(images.image_tokens.end(), {1.F, static_cast<float>(i)});
    }
    return images;
}

DetectorModel model_of(const std::string& name, DetectorOptions options, std::uint64_t seed = 0) {
    return make_detector(name, options)->fit(many_images(), seed);
}

TEST(MemoryRows, KeepsAllOrSomeInTheirOrder) {
    const auto rows = at::arange(10, at::kFloat).view({10, 1});
    for (const std::int64_t most : {0, 4, 10, 20}) {
        MemoryRows memory(10, most, Random("test", 1));
        for (const auto& [first, count] :
             std::vector<std::pair<int, int>>{{0, 3}, {3, 1}, {4, 6}}) {
            memory.add(rows.narrow(0, first, count));
        }
        const auto chosen = memory.chosen();
        const auto kept = memory.take();
        EXPECT_EQ(kept.shape, (std::vector<std::int64_t>{most == 4 ? 4 : 10, 1}));
        EXPECT_EQ(kept.values, Row(chosen.begin(), chosen.end()));
        EXPECT_TRUE(std::ranges::is_sorted(kept.values));
    }
}

TEST(AprilGan, HasThePatchesOfAllReferencesInTheirOrder) {
    const auto memory = model_of("aprilgan", {{"layers", "1"}}).at("memory.0");
    EXPECT_EQ(memory.values, many_images().layers.front().patches);
    EXPECT_EQ(memory.shape, (std::vector<std::int64_t>{std::int64_t{kMany} * kGrid.size(), kDim}));
}

TEST(PatchCore, TakesThePatchesOfItsCoreset) {
    const auto all = rows_in(model_of("patchcore", {{"coreset", "1"}}).at("memory"));
    for (const auto* const projection : {"128", "4"}) {
        const auto some = model_of("patchcore", {{"coreset", "0.3"}, {"projection", projection}});
        const auto& numbers = some.at("coreset_indices").values;
        const auto memory = rows_in(some.at("memory"));
        ASSERT_EQ(memory.size(), 34U);
        for (std::size_t i = 0; i < memory.size(); ++i) {
            EXPECT_EQ(memory[i], all[static_cast<std::size_t>(numbers[i])]) << i;
        }
    }
}

TEST(Spade, KeepsAsManyPatchesOfEachReference) {
    const auto model = model_of("spade", {{"max_memory_rows", std::to_string(2 * kMany + 1)}});
    EXPECT_EQ(model.at("features.0").shape, (std::vector<std::int64_t>{kMany, 2, kDim}));
    EXPECT_EQ(model.at("pooled").shape, (std::vector<std::int64_t>{kMany, 2}));
}

TEST(Rad, KeepsWholeReferences) {
    const auto all = model_of("rad", {});
    const auto model = model_of("rad", {{"max_memory_rows", "20"}});
    const auto& bank = model.at("bank.0");
    EXPECT_EQ(bank.shape, (std::vector<std::int64_t>{3, kGrid.size(), kDim})) << "18 patches";
    const auto rows = rows_in(all.at("bank.0"));
    const auto vectors = rows_in(model.at("bank.image"));
    for (std::size_t i = 0; i < 3; ++i) {
        const auto image = static_cast<std::size_t>(vectors[i][1]);
        EXPECT_EQ(rows_in(bank)[i * 6], rows[image * 6]) << "patches and vector of one image";
    }
    EXPECT_EQ(model_of("rad", {{"max_memory_rows", "1"}}).at("bank.0").shape[0], 1) << "at least";
}

struct Bounded {
    const char* name;
    const char* array;
};

class BoundedDetector : public testing::TestWithParam<Bounded> {};

TEST_P(BoundedDetector, TakesNoMoreMemoryThanItMay) {
    const auto& [name, array] = GetParam();
    const auto all = model_of(name, {});
    EXPECT_EQ(model_of(name, {{"max_memory_rows", "100000"}}), all);
    const auto some = model_of(name, {{"max_memory_rows", "7"}}).at(array);
    EXPECT_EQ(some.shape[0], 7);
    const auto rows = rows_in(all.at(array));
    for (const auto& row : rows_in(some)) { EXPECT_EQ(std::ranges::count(rows, row), 1); }
    EXPECT_NE(model_of(name, {{"max_memory_rows", "7"}}, 1).at(array), some) << "drawn by seed";
}

TEST_P(BoundedDetector, DrawsOnlyThen) {
    const auto* const name = GetParam().name;
    EXPECT_FALSE(make_detector(name)->draws());
    EXPECT_TRUE(make_detector(name, {{"max_memory_rows", "7"}})->draws());
}

INSTANTIATE_TEST_SUITE_P(Each, BoundedDetector,
                         testing::Values(Bounded{"aprilgan", "memory.0"},
                                         Bounded{"visionad", "supports"},
                                         Bounded{"anomalydino", "memory"}),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(FastRecon, ChoosesItsCoresetOfSomePatches) {
    const auto model = model_of("fastrecon", {{"max_memory_rows", "9"}, {"coreset", "1"}});
    EXPECT_EQ(model.at("coreset").shape[0], 9);
    const auto& numbers = model.at("coreset_indices").values;
    EXPECT_EQ(std::set(numbers.begin(), numbers.end()).size(), 9U);
    EXPECT_GT(std::ranges::max(numbers), 8) << "numbers among all patches";
    EXPECT_EQ(model.at("mu"), model_of("fastrecon", {}).at("mu")) << "the mean is of all";
}

TEST(PatchCore, KeepsNoMoreRowsThanItMay) {
    EXPECT_EQ(model_of("patchcore", {{"max_memory_rows", "5"}}).at("memory").shape[0], 5);
    EXPECT_EQ(
        model_of("patchcore", {{"coreset", "1"}, {"max_memory_rows", "5"}}).at("memory").shape[0],
        5);
    EXPECT_FALSE(make_detector("patchcore", {{"coreset", "1"}})->draws());
}

/// Reads of which it counts how many references there were at most.
class CountedSource final : public ReferenceSource {
  public:
    [[nodiscard]] std::size_t images() const override { return kMany; }
    [[nodiscard]] DetectorImages read(std::size_t first, std::size_t count) const override {
        most = std::max(most, count);
        auto images = noise_images(count, kGrid, kDim, first);
        images.image_tokens.assign(2 * count, 1);
        add_windows_and_texts(images, {2}, 2);
        return images;
    }
    [[nodiscard]] DetectorImages read_layer(std::size_t, std::size_t first,
                                            std::size_t count) const override {
        return read(first, count);
    }

    mutable std::size_t most = 0;
};

TEST(EveryFittedDetector, ReadsFewReferencesAtATime) {
    for (const auto& info : detectors()) {
        // Two rows of patches have no windows of three.
        const auto options =
            info.name == "winclip" ? DetectorOptions{{"scales", "2"}} : DetectorOptions{};
        const auto detector = make_detector(info.name, options);
        if (!detector->is_for(Setting::few_shot)) { continue; }
        const CountedSource source;
        EXPECT_FALSE(detector->fit_parts(source, 0).empty());
        EXPECT_LE(source.most, kImagesOfPart) << info.name;
    }
}

}  // namespace
}  // namespace patchead
