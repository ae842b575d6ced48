#include "patchead/backbone/precision.hpp"

namespace patchead {
namespace {

/// As LibTorch asks before it hands bf16 to oneDNN, which sums in fp32.
bool sums_in_fp32() {
#ifdef __x86_64__
    return __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vl") != 0 &&
           __builtin_cpu_supports("avx512dq") != 0;
#else
    return true;
#endif
}

}  // namespace

std::string precision_note(const std::string& precision, const std::string& device) {
    if (precision != "bf16" || device != "cpu" || sums_in_fp32()) { return ""; }
    return "networks run in bf16 on a CPU without AVX-512, where LibTorch sums in bf16 too: "
           "embeddings are less exact than elsewhere (mean cosine 0.99 with fp32, not 0.999) and "
           "slower than with --precision fp32; better use that";
}

}  // namespace patchead
