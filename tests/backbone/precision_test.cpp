#include "patchead/backbone/precision.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace patchead {
namespace {

TEST(PrecisionNote, HasNothingToSayOfFp32AndOfGpus) {
    EXPECT_EQ(precision_note("fp32", "cpu"), "");
    EXPECT_EQ(precision_note("bf16", "cuda"), "");
    EXPECT_EQ(precision_note("fp16", "cuda:1"), "");
}

TEST(PrecisionNote, WarnsOfBf16WhereTheCpuHasNoKernelsForIt) {
    std::ifstream file("/proc/cpuinfo");
    const std::string cpu(std::istreambuf_iterator<char>(file), {});
    if (cpu.find("\nflags") == std::string::npos) { GTEST_SKIP() << "not an x86 CPU"; }
    const bool has_kernels = cpu.find(" avx512bw") != std::string::npos &&
                             cpu.find(" avx512vl") != std::string::npos &&
                             cpu.find(" avx512dq") != std::string::npos;
    EXPECT_EQ(precision_note("bf16", "cpu").empty(), has_kernels);
}

}  // namespace
}  // namespace patchead
