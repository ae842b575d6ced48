/// \file
/// \brief `patchead doctor`: is this machine fit for a sweep?

#include <cstdio>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "options/parse_options.hpp"
#include "patchead/backbone/backbone.hpp"
#include "patchead/backbone/kernels.hpp"
#include "patchead/core/counted.hpp"
#include "patchead/core/process.hpp"
#include "patchead/ranks/communicator.hpp"
#include "patchead/setup/build_facts.hpp"

namespace patchead {
namespace {

/// Below this the reference BLAS is at work: any optimised one is ten times faster on one core.
constexpr double kSlowGflops = 10;

/// Prints which kernels of low precision are wrong; false if networks of this program use one.
bool kernels_are_well() {
    bool good = true;
    for (const auto& check : check_kernels("cpu")) {
        if (passed(check)) { continue; }
        good = good && !check.is_ours;
        std::printf("%s: LibTorch computes %s wrongly on this machine (off by %.2g %%): %s\n",
                    check.is_ours ? "WARNING" : "NOTE", check.name.c_str(), 100 * check.difference,
                    check.is_ours
                        ? "do not use --precision bf16"
                        : "no network of patchead does so; run torchscript: modules in fp32");
    }
    return good;
}

}  // namespace

int run_doctor(const Arguments& arguments) {
    int threads = 1;
    po::options_description options("options");
    options.add_options()("threads", po::value(&threads)->default_value(threads),
                          "threads to measure with");
    const auto parsed = parse_options(
        arguments,
        {"patchead doctor", "[options]",
         "Prints library versions, measures matrix products, and says what is not as it should "
         "be.\nExit code 1 if there is something to mend.\n",
         options});
    if (parsed.help) { return kExitDone; }
    for (const auto& [name, fact] : build_facts(mpi_version())) {
        std::printf("%-16s %s\n", name.c_str(), fact.c_str());
    }
    const auto level = mpi_thread_level();
    std::printf("%-16s %s\n", "mpi threads", level.c_str());
    std::printf("%-16s %d (one rank = one thread unless --threads says otherwise)\n", "cores",
                cores_of_process(1));
    set_compute_threads(threads);
    const auto gflops = measure_sgemm_gflops();
    std::printf("%-16s %.1f GFLOP/s with %s\n", "sgemm", gflops,
                counted(static_cast<std::size_t>(threads), "thread").c_str());
    bool healthy = kernels_are_well();
    if (gflops < kSlowGflops * threads) {
        healthy = false;
        std::printf(
            "WARNING: this looks like the reference BLAS (an optimised one reaches 50 to "
            "150 GFLOP/s a core);\n         install libopenblas0-openmp, or load your "
            "cluster's OpenBLAS or MKL module\n");
    }
    if (level != "MPI_THREAD_MULTIPLE") {
        healthy = false;
        std::printf(
            "WARNING: MPI grants only %s; sweep needs MPI_THREAD_MULTIPLE: use another "
            "MPI build\n",
            level.c_str());
    }
    std::printf("%s\n", healthy ? "all well" : "something to mend, see the warnings");
    return healthy ? kExitDone : kExitError;
}

}  // namespace patchead
