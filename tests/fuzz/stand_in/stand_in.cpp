/// \file
/// \brief What the sources that targets need would call of libraries and layers that they do not.

#include <cstdint>
#include <cstdlib>

#include "patchead/metrics/metrics.hpp"

namespace c10::detail {

[[noreturn]] void torchCheckFail(const char* /*function*/, const char* /*file*/,
                                 std::uint32_t /*line*/, const char* /*message*/);
void torchCheckFail(const char* /*function*/, const char* /*file*/, std::uint32_t /*line*/,
                    const char* /*message*/) {
    std::abort();
}

}  // namespace c10::detail

namespace patchead {

std::vector<std::string_view> metric_names() { return {"I-AUROC", "AUPRO"}; }

}  // namespace patchead
