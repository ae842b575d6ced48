#pragma once

#include <cerrno>
#include <filesystem>
#include <new>
#include <utility>

#include "h5/system_file.hpp"

/// \file
/// \brief Reading HDF5 files, with what is damaged told apart from what cannot be read. Private.

namespace patchead::h5 {

/// Opens the file that `system` has open.
[[nodiscard]] File open_file(const std::filesystem::path& path, SystemFile* system);

/// What `body` makes of the root of the HDF5 file `path`, which `system` has open.
///
/// Throws SystemFailure if the system would not open the file or read it to its end, at whatever
/// point: then nobody knows what is in it. Throws Failure if that is known, and wrong. This is the
/// one place that decides which of the two it is.
template <class Body>
auto read_opened(const std::filesystem::path& path, SystemFile& system, Body&& body) {
    try {
        const auto file = open_file(path, &system);
        auto found = std::forward<Body>(body)(file.id());
        system.require_healthy();  // Whatever `body` took a failed read for.
        return found;
    } catch (const Failure&) {
        system.require_healthy();
        throw;
    } catch (const std::bad_alloc&) { throw SystemFailure(ENOMEM); }
}

/// The same of the file `path`.
template <class Body>
auto read_file(const std::filesystem::path& path, Body&& body) {
    SystemFile system(path, SystemFile::Use::read);
    return read_opened(path, system, std::forward<Body>(body));
}

}  // namespace patchead::h5
