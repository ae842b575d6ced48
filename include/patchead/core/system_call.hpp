#pragma once

#include <cerrno>
#include <string_view>

/// \file
/// \brief Calls of the system that come back early.

namespace patchead {

/// What `call` returns, which is called again as long as a signal interrupts it (-1 and EINTR):
/// network file systems let any call end so.
template <class Call>
auto uninterrupted(const Call& call) {
    auto result = call();
    while (result == -1 && errno == EINTR) { result = call(); }
    return result;
}

/// Closes a descriptor; 0, or the errno of what could not be written any more. A call that was
/// interrupted has closed it all the same (Linux), and closing again might hit a file of another
/// thread.
[[nodiscard]] int close_file(int descriptor);

/// Writes all of `text` to an open file, however few bytes the system takes at a time; 0, or errno.
[[nodiscard]] int write_all(int descriptor, std::string_view text);

}  // namespace patchead
