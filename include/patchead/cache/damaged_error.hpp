#pragma once

#include "patchead/core/error.hpp"

/// \file
/// \brief What is wrong with a file that is not what was written.

namespace patchead {

/// A file that could be read to its end and is not what was written. Only such a file is ever set
/// aside: one that the system would not read (UnreadableError) may be whole.
struct DamagedError : CacheError {
    using CacheError::CacheError;
};

}  // namespace patchead
