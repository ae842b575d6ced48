#include <nlohmann/json.hpp>

#include "backbone/checkpoint_files.hpp"
#include "backbone/families/family.hpp"
#include "backbone/fixture_folders.hpp"
#include "backbone/verify/fixture_options.hpp"
#include "patchead/backbone/verify.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/registry.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

/// Runs the network of each fixture below `root` as a GPU would, all images and heads at once.
/// Returns how many there were.
int check_at_once(const fs::path& root) {
    int cases = 0;
    for (const auto& folder : test::network_fixtures(root)) {
        const auto file = folder / "weights.safetensors";
        if (!fs::exists(file)) { continue; }
        const auto config = nlohmann::json::parse(read_text(folder / "config.json"));
        const auto& family =
            find(families(), "backbone family", config.at("family").get<std::string>());
        ComputePlace place;
        place.work = Work::at_once;
        const auto network = load_vit(family, file, place, fixture_options(config));
        const auto result = verify_encoder(folder, *network, file.filename());
        EXPECT_TRUE(passed(result))
            << result.name << ": tokens " << result.token_difference << ", attention "
            << result.attention_difference << " " << result.error;
        ++cases;
    }
    return cases;
}

TEST(VitAtOnce, ReproducesTheFixturesOfTheRepository) {
    EXPECT_GE(check_at_once(test::golden_folder()), 18);
}

TEST(VitAtOnce, ReproducesTheFixturesOfTheReferenceLibrary) {
    const auto folders = test::reference_families();
    if (folders.empty()) {
        GTEST_SKIP() << "SKIPPED: PATCHEAD_SHARED names no reference library with parity/";
    }
    for (const auto& folder : folders) {
        SCOPED_TRACE(folder.filename());
        EXPECT_GE(check_at_once(folder), 1);
    }
}

// The rounding of sums differs, and nothing else. In two parts.
TEST(VitAtOnce, GivesWhatOneHeadAfterTheOtherGives) {
    constexpr int kSeveral = 11;
    const auto file = test::source_folder() / "configs/backbones/patchead_tiny/model.safetensors";
    const auto encode = [&](Work work, int first, int count) {
        ComputePlace place;
        place.work = work;
        constexpr int side = 96;
        constexpr int size = 3 * side * side;
        std::vector<float> pixels;
        for (int i = first * size; i < (first + count) * size; ++i) {
            pixels.push_back(static_cast<float>((i * 7919LL) % 1001) / 500.0F - 1.0F);
        }
        return load_vit(find(families(), "backbone family", "mae"), file, place, {})
            ->encode(pixels, count, side, side);
    };
    const auto one = encode(Work::by_head, 0, kSeveral);
    const auto all = encode(Work::at_once, 0, kSeveral);
    ASSERT_EQ(one.tokens.size(), all.tokens.size());
    ASSERT_EQ(one.attention.size(), all.attention.size());
    for (std::size_t i = 0; i < one.tokens.size(); ++i) {
        ASSERT_NEAR(one.tokens[i], all.tokens[i], 2e-5) << i;
    }
    for (std::size_t i = 0; i < one.attention.size(); ++i) {
        ASSERT_NEAR(one.attention[i], all.attention[i], 1e-6) << i;
    }
    const auto last = encode(Work::at_once, kSeveral - 1, 1);
    const auto part = all.tokens.size() / kSeveral;
    for (std::size_t i = 0; i < part; ++i) {
        ASSERT_NEAR(last.tokens[i], all.tokens[(kSeveral - 1) * part + i], 2e-5) << i;
    }
}

}  // namespace
}  // namespace patchead
