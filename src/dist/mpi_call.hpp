#pragma once

#include <string>

#include <mpi.h>

#include "patchead/core/error.hpp"

/// \file
/// \brief Checked MPI calls, and waits that do not burn a core. Private to the dist layer.

namespace patchead {

/// Throws MpiError with MPI's own words unless `code` is success.
void check(int code, const char* call);

/// MPI counts are int; a larger one must not wrap in silence. Throws MpiError.
[[nodiscard]] int to_count(std::size_t n);

/// Sleeps for a moment: Open MPI's blocking calls spin, which takes a core from a rank that works.
void nap();

/// Waits until `request` is complete, napping.
void wait(MPI_Request& request);

}  // namespace patchead
