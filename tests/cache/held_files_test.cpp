#include "patchead/cache/held_files.hpp"

#include "patchead/core/token_request.hpp"
#include "store_fixture.hpp"

namespace patchead {
namespace {

TEST_F(StoreTest, InMemoryGivesBackWhatAStoreOnADiskDoes) {
    const auto files = std::make_shared<HeldFiles>();
    const Store held(files);
    for (const auto* store : std::initializer_list<const Store*>{&store_, &held}) {
        EXPECT_FALSE(store->contains(kKey));
        store->write(kKey, features(), CacheType::fp16, kProvenance);
        EXPECT_TRUE(store->contains(kKey));
    }
    expect_equal(held.read_features(kKey), store_.read_features(kKey));
    EXPECT_EQ(held.read_provenance(kKey), kProvenance);
    const ArtifactKey of_matches("match", {{"queries", "q"}});
    held.write(of_matches, matches(), kProvenance);
    EXPECT_EQ(held.read_matches(of_matches).query_ids, matches().query_ids);
    EXPECT_EQ(held.read_matches(of_matches).similarity.back(), matches().similarity.back());
    EXPECT_EQ(files->all().size(), 2U);
}

TEST_F(StoreTest, InMemoryIsSharedByCopiesOfItsFiles) {
    const auto files = std::make_shared<HeldFiles>();
    Store(files).write(kKey, features(), CacheType::fp32, kProvenance);
    const auto more = std::make_shared<HeldFiles>(files->all());
    const Store copy(more);
    expect_equal(copy.read_features(kKey), Store(files).read_features(kKey));
    copy.write(ArtifactKey("match", {{"queries", "q"}}), matches(), kProvenance);
    EXPECT_EQ(files->all().size(), 1U) << "what is made of a copy stays in it";
}

TEST_F(StoreTest, InMemorySaysWhatIsNotThereAndWhatIsDamaged) {
    const auto files = std::make_shared<HeldFiles>();
    const Store held(files);
    expect_says(error_of([&] { return held.read_features(kKey); }), {"there is no file"});
    held.write(kKey, features(), CacheType::fp16, kProvenance);
    const auto [place, bytes] = *files->all().begin();
    for (std::size_t keep : {bytes->size() / 2, std::size_t{0}, std::size_t{7}}) {
        files->put(place, bytes->substr(0, keep));
        EXPECT_THROW((void)held.read_features(kKey), DamagedError) << keep;
    }
    auto changed = *bytes;
    changed[changed.size() - 3] = static_cast<char>(changed[changed.size() - 3] ^ 1);
    files->put(place, changed);
    EXPECT_THROW((void)held.read_features(kKey), DamagedError);
}

TEST_F(StoreTest, InMemoryServesWhoWantsFewerTokens) {
    const Store held(std::make_shared<HeldFiles>());
    auto block = features();
    block.image_tokens.token.assign(block.ids.size() * 2, 1.0F);
    const TokenRequest with_image{.layers = {}, .image = true};
    EXPECT_FALSE(held.find(kKey));
    held.write(kKey.with(with_image), block, CacheType::fp32, kProvenance);
    ASSERT_TRUE(held.find(kKey));
    EXPECT_TRUE(held.find(kKey)->tokens().image);
}

}  // namespace
}  // namespace patchead
