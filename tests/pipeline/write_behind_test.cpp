#include "pipeline/write_behind.hpp"

#include <atomic>
#include <stdexcept>

#include <gtest/gtest.h>

#include "patchead/core/error.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

FeatureBlock image(int number) {
    return {{1, 1}, 1, {std::to_string(number)}, {static_cast<float>(number)}, {}};
}

TEST(WriteBehind, WritesAllPartsInOrder) {
    std::vector<float> written;
    WriteBehind file([&](const FeatureParts& next) {
        while (const auto* part = next()) { written.push_back(part->embeddings.front()); }
    });
    for (int i = 0; i < 5; ++i) { file.push(image(i)); }
    file.finish();
    EXPECT_EQ(written, (std::vector<float>{0, 1, 2, 3, 4}));
}

// The second part can only be taken while the first is still being written.
TEST(WriteBehind, GoesOnWhileAPartIsWritten) {
    std::atomic<bool> pushed{false};
    WriteBehind file([&](const FeatureParts& next) {
        (void)next();
        while (!pushed) { std::this_thread::yield(); }
        while (next() != nullptr) {}
    });
    file.push(image(0));
    file.push(image(1));
    pushed = true;
    file.finish();
}

TEST(WriteBehind, TellsWhatTheWritingThrew) {
    const auto fail = [](const FeatureParts& next) {
        (void)next();
        throw CacheError("disk full");
    };
    WriteBehind at_the_end(fail);
    at_the_end.push(image(0));
    EXPECT_THROW(at_the_end.finish(), CacheError);
    WriteBehind at_a_part(fail);
    const auto push_many = [&] {
        for (int i = 0; i < 100; ++i) { at_a_part.push(image(i)); }
    };
    EXPECT_THROW(push_many(), CacheError);
}

TEST(WriteBehind, LeavesNoFileOfABlockThatIsGivenUp) {
    const TemporaryFolder folder;
    const Store store(folder.path());
    const ArtifactKey key("features", {});
    try {
        WriteBehind file([&](const FeatureParts& next) {
            store.write(key, {"0", "1"}, next, CacheType::fp32, {});
        });
        file.push(image(0));
        throw std::runtime_error("the second image is missing");
    } catch (const std::runtime_error&) {}
    EXPECT_FALSE(store.contains(key));
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
        EXPECT_TRUE(entry.is_directory()) << entry.path();
    }
}

}  // namespace
}  // namespace patchead
