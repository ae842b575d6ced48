/// \file
/// \brief The entry of libFuzzer: one program for all targets, the environment says which.

#include <cstdio>
#include <cstdlib>

#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto* const target = [] {
        const auto* name = std::getenv("PATCHEAD_FUZZ_TARGET");
        const auto* found = patchead::fuzz::find_target(name == nullptr ? "" : name);
        if (found == nullptr) {
            std::fputs("PATCHEAD_FUZZ_TARGET names no target of tests/fuzz/targets.def\n", stderr);
            std::exit(2);
        }
        return found;
    }();
    target->run({reinterpret_cast<const char*>(data), size});
    return 0;
}
