// What the store does with files that were damaged.

#include <algorithm>
#include <array>
#include <sstream>

#include <gtest/gtest.h>

#include "patchead/cache/store.hpp"
#include "patchead/cache/table_file.hpp"
#include "patchead/core/error.hpp"
#include "samples.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

/// Everything in an artifact as text, to compare; "refused" if the store does not read it.
std::string content(const Store& store, const std::string& kind) {
    try {
        std::ostringstream out;
        const auto add = [&](const auto& values) {
            out << values.size();
            for (const auto& value : values) { out << ' ' << value; }
        };
        if (kind == "features") {
            const auto block = store.read_features(kKey);
            out << block.grid.rows << ' ' << block.grid.cols << ' ' << block.dim << ' ';
            add(block.ids), add(block.embeddings), add(block.attention);
        } else if (kind == "matches") {
            const auto tensor = store.read_matches(kKey);
            out << tensor.grid.rows << ' ' << tensor.grid.cols << ' ';
            add(tensor.query_ids), add(tensor.reference_ids), add(tensor.similarity);
            for (const auto version : tensor.query_versions) { out << int(version); }
            for (const auto version : tensor.reference_versions) { out << int(version); }
        } else if (kind == "alignments") {
            for (const auto& pair : store.read_alignments(kKey)) {
                add(pair.transform.m);
                out << pair.accepted << ' ' << pair.method << ' ' << pair.matches << ' '
                    << pair.inliers << ' ' << pair.scale << ' ' << pair.ncc_before << ' '
                    << pair.ncc_after << ' ';
            }
        } else {
            const auto point = store.read_result(kKey);
            for (const auto& metric : point.metrics) {
                out << metric.name << ' ' << metric.value << ' ' << metric.reason << ' ';
            }
            add(point.ids), add(point.anomalous), add(point.scores), add(point.references);
        }
        return out.str();
    } catch (const CacheError& error) {
        EXPECT_NE(std::string(error.what()).find(store.path(kKey).string()), std::string::npos);
        EXPECT_NE(std::string(error.what()).find("remove it"), std::string::npos);
        return "refused";
    }
}

class Damage : public testing::TestWithParam<std::string> {
  protected:
    void SetUp() override {
        if (GetParam() == "features") {
            store_.write(kKey, features(), CacheType::fp16, kProvenance);
        } else if (GetParam() == "matches") {
            store_.write(kKey, matches_of_copies(), kProvenance);
        } else if (GetParam() == "alignments") {
            store_.write(kKey, alignments(), kProvenance);
        } else {
            store_.write(kKey, result(), kProvenance);
        }
        bytes_ = bytes_of(store_.path(kKey));
        whole_ = content(store_, GetParam());
        ASSERT_NE(whole_, "refused");
    }

    TemporaryFolder folder_;
    Store store_{folder_.path()};
    std::string bytes_;
    std::string whole_;
};

// Every byte of the file in turn, metadata and gaps included: refused or without effect.
TEST_P(Damage, OfAnyByteIsNeverTakenForContent) {
    std::size_t refused = 0;
    for (std::size_t at = 0; at < bytes_.size(); ++at) {
        put_byte(store_.path(kKey), at, static_cast<char>(bytes_[at] ^ (1 << (at % 8))));
        const auto found = content(store_, GetParam());
        put_byte(store_.path(kKey), at, bytes_[at]);
        ASSERT_TRUE(found == "refused" || found == whole_) << "byte " << at << ": " << found;
        refused += found == "refused" ? 1 : 0;
    }
    EXPECT_GT(refused, bytes_.size() / 8);
}

TEST_P(Damage, ByTruncationIsRefused) {
    const auto step = std::max<std::size_t>(1, bytes_.size() / 500);
    for (std::size_t size = bytes_.size() - 1; size > step; size -= step) {
        std::filesystem::resize_file(store_.path(kKey), size);
        ASSERT_EQ(content(store_, GetParam()), "refused") << size << " of " << bytes_.size();
    }
    std::filesystem::resize_file(store_.path(kKey), 0);
    EXPECT_EQ(content(store_, GetParam()), "refused");
}

INSTANTIATE_TEST_SUITE_P(Kinds, Damage,
                         testing::Values("features", "matches", "alignments", "result"),
                         [](const auto& kind) { return kind.param; });

class DamageOfEmbeddings : public testing::TestWithParam<CacheType> {};

/// Where `needle` stands in the file; it must stand there once.
std::size_t place_of(const std::string& bytes, const std::string& needle) {
    const auto at = bytes.find(needle);
    EXPECT_NE(at, std::string::npos);
    EXPECT_EQ(bytes.find(needle, at + 1), std::string::npos);
    return at;
}

TEST_P(DamageOfEmbeddings, IsSeenAtEveryByteAndOnlyByWhoReadsThatImage) {
    const TemporaryFolder folder;
    const Store store(folder.path());
    store.write(kKey, features(), GetParam(), kProvenance);
    const auto bytes = bytes_of(store.path(kKey));
    const std::size_t image_bytes = GetParam() == CacheType::fp16 ? 48 : 96;
    // -2, -1.875 and -1.75 begin image 0.
    const std::string halves("\x00\xC0\x80\xBF\x00\xBF", 6);
    const std::string floats("\x00\x00\x00\xC0\x00\x00\xF0\xBF", 8);
    const auto start = place_of(bytes, GetParam() == CacheType::fp16 ? halves : floats);
    for (std::size_t at = 0; at < 3 * image_bytes; ++at) {
        const auto byte = bytes[start + at];
        put_byte(store.path(kKey), start + at, static_cast<char>(byte ^ 0x10));
        for (std::size_t row = 0; row < 3; ++row) {
            const std::array<std::size_t, 1> rows{row};
            if (row == at / image_bytes) {
                EXPECT_THROW((void)store.read_features(kKey, rows), CacheError) << at;
            } else {
                EXPECT_NO_THROW((void)store.read_features(kKey, rows)) << at;
            }
        }
        EXPECT_EQ(store.read_attention(kKey), features().attention);
        put_byte(store.path(kKey), start + at, byte);
    }
}

INSTANTIATE_TEST_SUITE_P(Types, DamageOfEmbeddings,
                         testing::Values(CacheType::fp16, CacheType::fp32));

TEST(TableFiles, OfWhichAnyByteIsDamagedAreRefusedOrUnchanged) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "results.h5";
    const TableFile table{.attributes = {{"version", "1"}},
                          .groups = {{"metrics",
                                      {{"name", std::vector<std::string>{"a", "bc"}},
                                       {"value", std::vector<double>{0.5, 1}}}}}};
    write_table_file(path, table);
    const auto bytes = bytes_of(path);
    std::size_t taken = 0;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        put_byte(path, at, static_cast<char>(bytes[at] ^ 0x24));
        try {
            const auto read = read_table_file(path);
            ASSERT_EQ(read.attributes, table.attributes) << at;
            ASSERT_EQ(read.groups, table.groups) << at;
            ++taken;
        } catch (const CacheError&) {}
        put_byte(path, at, bytes[at]);
    }
    EXPECT_LT(taken, bytes.size() * 7 / 8);
}

}  // namespace
}  // namespace patchead

// HDF5 1.10 forgets some of its own memory when it refuses a damaged file.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libhdf5"; }
