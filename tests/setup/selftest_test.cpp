#include "patchead/setup/selftest.hpp"

#include <gtest/gtest.h>

#include "patchead/core/error.hpp"
#include "selftest/checks.hpp"
#include "selftest/gpu_models.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

fs::path fixtures() { return fs::path(PATCHEAD_SOURCE_DIR) / "configs/selftest"; }

/// A copy of two fixtures, to be spoilt.
class SelftestOfACopy : public testing::Test {
  protected:
    SelftestOfACopy() {
        for (const auto* family : {"mae", "eva02"}) {
            fs::copy(fixtures() / family, folder_.path() / family);
        }
        fs::copy(fixtures() / "match.json", folder_.path());
    }
    /// Names of what failed.
    std::vector<std::string> failed() {
        std::vector<std::string> names;
        for (const auto& check : run_checks(folder_.path(), "cpu").checks) {
            if (check.verdict != CheckVerdict::failed) { continue; }
            names.push_back(check.name);
            EXPECT_FALSE(check.mend.empty());
        }
        return names;
    }

    TemporaryFolder folder_;
};

using Failures = std::vector<std::string>;

TEST_F(SelftestOfACopy, PassesAsLongAsNothingIsWrong) {
    const auto checks = run_checks(folder_.path(), "cpu");
    EXPECT_EQ(checks.checks.size(), 2U * 2 + 2);
    EXPECT_TRUE(passed(checks.checks)) << to_text(checks.checks);
    EXPECT_EQ(run_checks(folder_.path(), "cpu").digest, checks.digest) << "the same bits again";
}

TEST_F(SelftestOfACopy, NamesTheFamilyWhoseNumbersAreOthers) {
    const auto file = folder_.path() / "eva02/outputs.safetensors";
    const auto bytes = bytes_of(file);
    put_byte(file, bytes.size() - 1, 0x42);  // The exponent of the last value.
    EXPECT_EQ(failed(), (Failures{"eva02 in fp32", "eva02 in bf16"}));
}

TEST_F(SelftestOfACopy, NamesTheFamilyWhoseWeightsDoNotLoad) {
    put_bytes(folder_.path() / "mae/weights.safetensors", "nonsense");
    EXPECT_EQ(failed(), (Failures{"mae in fp32", "mae in bf16"}));
}

TEST_F(SelftestOfACopy, FindsOneOtherBitOfMatching) {
    auto text = bytes_of(folder_.path() / "match.json");
    const auto digit = text.rfind(']') - 1;
    text[digit] = text[digit] == '3' ? '4' : '3';
    put_bytes(folder_.path() / "match.json", text);
    EXPECT_EQ(failed(), Failures{"matching"});
}

TEST_F(SelftestOfACopy, RefusesAFolderWithoutFixtures) {
    fs::remove(folder_.path() / "match.json");
    EXPECT_THROW((void)run_checks(folder_.path(), "cpu"), Error);
    fs::remove_all(folder_.path() / "mae");
    fs::remove_all(folder_.path() / "eva02");
    EXPECT_THROW((void)run_checks(folder_.path(), "cpu"), DataError);
    EXPECT_THROW((void)run_checks(folder_.path() / "none", "cpu"), DataError);
}

TEST(Selftest, AllShippedFixturesPass) {
    const auto checks = run_checks(fixtures(), "cpu");
    EXPECT_TRUE(passed(checks.checks)) << to_text(checks.checks);
}

TEST(Selftest, MemoryIsNotTheEnd) {
    const auto check = check_memory("cpu");
    EXPECT_EQ(check.verdict, CheckVerdict::passed) << check.found;
    EXPECT_NE(check.found.find("a GPU was not tried"), std::string::npos) << check.found;
}

SelftestChecks of_rank(const std::string& digest, CheckVerdict verdict) {
    return {{{"mae in fp32", "text", "", verdict}}, digest};
}

TEST(Selftest, RanksMustHaveTheSameBits) {
    const auto passing = of_rank("a", CheckVerdict::passed);
    EXPECT_TRUE(passed(merge_checks({passing, passing})));
    const auto other = merge_checks({passing, passing, of_rank("b", CheckVerdict::passed)});
    EXPECT_FALSE(passed(other));
    EXPECT_NE(other.back().found.find("1 of 3 ranks"), std::string::npos) << other.back().found;
    const auto alone = merge_checks({passing});
    EXPECT_TRUE(passed(alone));
    EXPECT_EQ(alone.back().verdict, CheckVerdict::not_checked);
    EXPECT_NE(to_text(alone).find("mpirun -n 2 patchead selftest"), std::string::npos);
}

TEST(Selftest, AFailureOfAnotherRankCounts) {
    const auto checks =
        merge_checks({of_rank("a", CheckVerdict::passed), of_rank("a", CheckVerdict::failed)});
    EXPECT_FALSE(passed(checks));
    EXPECT_NE(to_text(checks).find("mae in fp32, rank 1"), std::string::npos) << to_text(checks);
}

TEST(Selftest, ChecksTravelBetweenRanks) {
    const auto sent = run_checks(fixtures(), "cpu");
    const auto got = Codec<SelftestChecks>::decode(Codec<SelftestChecks>::encode(sent));
    EXPECT_EQ(got.digest, sent.digest);
    EXPECT_EQ(to_text(got.checks), to_text(sent.checks));
}

TEST(JudgeKernels, TellsThoseOfNetworksFromOthers) {
    const KernelCheck good{"bf16 product 3 x 3 x 3", 0.001, 0.01};
    const KernelCheck conv{"bf16 conv2d 3 -> 6 channels, 4 x 4 px", 0.55, 0.01, false};
    const KernelCheck product{"bf16 product 6 x 6 x 6", 0.55, 0.01};
    EXPECT_EQ(judge_kernels(std::array{good}).verdict, CheckVerdict::passed);
    const auto warned = judge_kernels(std::array{good, conv});
    EXPECT_EQ(warned.verdict, CheckVerdict::warned);
    EXPECT_NE(warned.found.find("3 -> 6 channels, 4 x 4 px: off by 55 %"), std::string::npos)
        << warned.found;
    EXPECT_EQ(judge_kernels(std::array{conv, product}).verdict, CheckVerdict::failed);
}

TEST(GpuModels, AreKnownByTheNamesOfTheDriver) {
    ASSERT_NE(find_gpu("NVIDIA H100 80GB HBM3"), nullptr);
    EXPECT_EQ(find_gpu("NVIDIA H100 80GB HBM3")->name, "h100");
    EXPECT_EQ(find_gpu("NVIDIA A100-SXM4-40GB")->name, "a100");
    EXPECT_EQ(find_gpu("AMD EPYC"), nullptr);
    for (const auto& gpu : gpu_models()) {
        EXPECT_LE(peak_gflops(gpu, "fp32"), peak_gflops(gpu, "bf16"));
        EXPECT_GT(peak_gflops(gpu, "fp32"), 1e4) << gpu.name << ": TFLOP/s, not GFLOP/s";
    }
}

}  // namespace
}  // namespace patchead
