#pragma once

#include <chrono>
#include <cstddef>

#include <mpi.h>

/// \file
/// \brief Checked MPI calls, and waits that do not burn a core. Private to the ranks layer.

namespace patchead::inline ranks_detail {

/// Throws MpiError with MPI's own words unless `code` is success.
void check(int code, const char* call);

/// MPI counts are int; a larger one must not wrap in silence. Throws MpiError.
[[nodiscard]] int to_count(std::size_t n);

/// Sleeps between two looks at something that may come soon or late.
///
/// Open MPI's blocking calls spin, which takes a core from a rank that works. A nap is short at
/// first, for what comes soon, and then doubles up to `longest`.
class Nap {
  public:
    explicit Nap(std::chrono::microseconds longest) : longest_(longest) {}
    void take();
    /// How long the next nap is, for somebody who can be woken before its end.
    [[nodiscard]] std::chrono::microseconds next_length();

  private:
    std::chrono::microseconds length_{50};
    std::chrono::microseconds longest_;
};

/// Waits until `request` is complete, napping.
void wait(MPI_Request& request);

}  // namespace patchead::inline ranks_detail
