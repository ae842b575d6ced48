#pragma once

#include <sstream>
#include <stdexcept>
#include <string>

/// \file
/// \brief How the project reports that something is wrong.
///
/// Two kinds of trouble, two tools:
///  * the input, the data or the machine is at fault: `require<DataError>(...)`, always on;
///  * the programmer is at fault: `PATCHEAD_ASSERT(...)`, on unless NDEBUG. Its argument must
///    have no effect of its own, since a release build does not evaluate it.
///
/// A message reads "<problem> (<why it is one>); <what to do>", with the offending file or value.

namespace patchead {

/// Base of everything that `require` throws. Caught once per work unit and once in main.
struct Error : std::runtime_error {
    using std::runtime_error::runtime_error;
};
/// A command line or a config file.
struct ConfigError : Error {
    using Error::Error;
};
/// An image, a mask or a data set folder.
struct DataError : Error {
    using Error::Error;
};
/// A file that the system would not read just now; another machine, or the next try, may.
struct UnreadableError : DataError {
    using DataError::DataError;
};
/// A checkpoint file.
struct WeightsError : Error {
    using Error::Error;
};
/// A file of the store, or the disk it lies on.
struct CacheError : Error {
    using Error::Error;
};
/// A disk on which nothing more can be written: full, over quota or read-only.
struct DiskError : CacheError {
    using CacheError::CacheError;
};
/// A failed MPI call.
struct MpiError : Error {
    using Error::Error;
};

/// Joins values into one string, as `operator<<` would print them.
template <class... Parts>
[[nodiscard]] std::string concat(const Parts&... parts) {
    std::ostringstream out;
    (out << ... << parts);
    return out.str();
}

/// Throws `E` with the joined message unless `ok`.
template <class E, class... Parts>
void require(bool ok, const Parts&... parts) {
    if (!ok) { throw E(concat(parts...)); }
}

namespace detail {
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);
}  // namespace detail

}  // namespace patchead

#ifdef NDEBUG
#define PATCHEAD_ASSERT(condition) static_cast<void>(sizeof(static_cast<bool>(condition)))
#else
#define PATCHEAD_ASSERT(condition) \
    ((condition) ? void(0) : ::patchead::detail::assertion_failed(#condition, __FILE__, __LINE__))
#endif
