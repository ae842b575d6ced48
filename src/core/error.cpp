#include "patchead/core/error.hpp"

namespace patchead::detail {

void assertion_failed(const char* condition, const char* file, int line) {
    throw std::logic_error(concat(file, ":", line, ": internal error: expected ", condition));
}

}  // namespace patchead::detail
