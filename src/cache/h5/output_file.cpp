#include "h5/output_file.hpp"

#include "h5/system_file.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"

namespace patchead::h5 {
namespace {

constexpr hsize_t kStripe = hsize_t{2} << 20;

/// `stripe`: where large pieces begin.
File create_file(const std::filesystem::path& path, SystemFile* system, hsize_t stripe) {
    const Properties access(H5Pcreate(H5P_FILE_ACCESS), "file access");
    use_file(access, system);
    check(H5Pset_libver_bounds(access.id(), H5F_LIBVER_V18, H5F_LIBVER_V18), "file access");
    check(H5Pset_alignment(access.id(), stripe, stripe), "file access");
    const Properties how(H5Pcreate(H5P_FILE_CREATE), "file creation");
    check(H5Pset_obj_track_times(how.id(), false), "file creation");
    return {H5Fcreate(path.c_str(), H5F_ACC_TRUNC, how.id(), access.id()), "new file"};
}

using Fill = std::function<void(hid_t root)>;

void fill_file(const std::filesystem::path& path, SystemFile& system, hsize_t stripe,
               const Fill& fill) {
    {
        const auto file = create_file(path, &system, stripe);
        fill(file.id());
        check(H5Fflush(file.id(), H5F_SCOPE_GLOBAL), "flush");
    }
    system.close();
    system.require_healthy();
}

/// Calls `write`; what goes wrong is told of `path`.
void naming_unwritable(const std::filesystem::path& path, const std::function<void()>& write) {
    try {
        be_quiet();
        write();
    } catch (const SystemFailure& failure) {
        fail_to_write(path, failure.error);
    } catch (const Failure& failure) {
        throw CacheError(
            concat("cannot write '", path.string(), "' (", failure.what(), "); report this bug"));
    }
}

}  // namespace

void write_file(const std::filesystem::path& path, const Fill& fill) {
    write_whole(path, [&](const std::filesystem::path& temporary) {
        naming_unwritable(path, [&] {
            SystemFile system(temporary, SystemFile::Use::make);
            fill_file(temporary, system, kStripe, fill);
        });
    });
}

std::string write_bytes(const std::filesystem::path& name, const Fill& fill) {
    std::string bytes;
    naming_unwritable(name, [&] {
        SystemFile system(bytes);
        fill_file(name, system, 1, fill);
    });
    return bytes;
}

}  // namespace patchead::h5
