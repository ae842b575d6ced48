#include <algorithm>
#include <array>
#include <string_view>

#include <dlfcn.h>
#include <link.h>

#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/core/InferenceMode.h>
#include <torch/version.h>

#include "patchead/backbone/backbone.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/timing.hpp"

namespace patchead {
namespace {

/// The function `name` of whatever BLAS this process has loaded; null if it has none.
template <class Function>
Function* loaded(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_DEFAULT, name));  // NOLINT: dlsym's way
}

/// The file that a function was loaded from.
std::string file_of(void* function) {
    Dl_info found{};
    const bool known = function != nullptr && ::dladdr(function, &found) != 0;
    return known && found.dli_fname != nullptr ? found.dli_fname : "none";
}

/// What follows `label` in LibTorch's description of itself, up to the end of the line.
std::string configured(std::string_view label) {
    const auto text = at::show_config();
    const auto found = text.find(label);
    if (found == text.npos) { return "unknown"; }
    const auto begin = found + label.size();
    return text.substr(begin, text.find('\n', begin) - begin);
}

int visible_gpus() { return at::hasCUDA() ? static_cast<int>(at::getNumGPUs()) : 0; }

/// Threads of a BLAS that does not follow OpenMP's setting.
void set_blas_threads(int threads) {
    if (auto* set = loaded<void(int)>("openblas_set_num_threads")) { set(threads); }
}

std::string blas_threading() {
    auto* parallel = loaded<int()>("openblas_get_parallel");
    if (parallel == nullptr) { return "unknown"; }
    constexpr std::array<const char*, 3> names{"none", "pthreads", "OpenMP"};
    const int kind = parallel();
    return kind >= 0 && kind < 3 ? names[static_cast<std::size_t>(kind)] : "unknown";
}

void add_blas_facts(std::map<std::string, std::string>& facts) {
    facts["blas"] = file_of(::dlsym(RTLD_DEFAULT, "sgemm_"));
    auto* config = loaded<char*()>("openblas_get_config");
    auto* core = loaded<char*()>("openblas_get_corename");
    facts["blas config"] = config != nullptr ? config() : "not OpenBLAS";
    if (core == nullptr) { return; }
    facts["blas core"] = core();
    facts["blas threading"] = blas_threading();
}

}  // namespace

void set_compute_threads(int threads) {
    require<ConfigError>(threads > 0, "threads = ", threads, " (at least 1 is needed)");
    at::set_num_threads(threads);
    set_blas_threads(threads);
    // Nothing here runs operators side by side. Can be set once in a process, before first use.
    if (at::get_num_interop_threads() != 1) { at::set_num_interop_threads(1); }
}

std::string pick_device(std::string_view wanted) {
    require<ConfigError>(wanted == "auto" || wanted == "cpu" || wanted == "cuda",
                         "unknown device '", wanted, "'; one of: auto, cpu, cuda");
    const bool has_cuda = visible_gpus() > 0;
    require<ConfigError>(wanted != "cuda" || has_cuda, "no CUDA device (",
                         at::hasCUDA() ? "no GPU is visible to this process"
                                       : "this LibTorch is built for CPUs only",
                         "); use --device cpu, or a LibTorch with CUDA on a machine with a GPU");
    return wanted != "cpu" && has_cuda ? "cuda" : "cpu";
}

std::string device_of_rank(const std::string& device, int local_rank) {
    if (device != "cuda") { return device; }
    const int gpus = visible_gpus();
    require<ConfigError>(gpus > 0, "rank ", local_rank, " of its machine sees no GPU (others do); ",
                         "give each rank one, e.g. srun --gpus-per-task=1");
    return concat("cuda:", local_rank % gpus);
}

std::map<std::string, std::string> compute_facts() {
    std::map<std::string, std::string> facts{
        {"libtorch", TORCH_VERSION},
        {"cpu instructions", configured("CPU capability usage: ")},
        {"cuda", at::hasCUDA() ? concat(visible_gpus(), " GPUs") : "not available"},
        {"mkl", at::hasMKL() ? "yes" : "no"},
        {"onednn", at::hasMKLDNN() ? "yes" : "no"},
    };
    add_blas_facts(facts);
    return facts;
}

double measure_sgemm_gflops() {
    constexpr std::int64_t side = 1024;
    constexpr int kTimes = 7;
    const c10::InferenceMode inference;
    const auto a = at::ones({side, side});
    const auto b = at::ones({side, side});
    auto product = at::empty({side, side});
    at::mm_out(product, a, b);  // The first call also starts threads and fills caches.
    const auto timed = at::get_num_threads() == 1 ? Timed::this_thread : Timed::other_threads;
    const double best = best_seconds(timed, kTimes, 1, [&] { at::mm_out(product, a, b); });
    constexpr double operations = 2.0 * side * side * side;
    return operations / best * 1e-9;
}

}  // namespace patchead
