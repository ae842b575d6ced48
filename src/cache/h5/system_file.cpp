#include "h5/system_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "patchead/core/system_call.hpp"

#if H5_VERSION_GE(1, 13, 0)
#include <H5FDdevelop.h>
#endif

namespace patchead::h5 {

SystemFile::SystemFile(const std::filesystem::path& path, Use use)
    : descriptor_(uninterrupted([&] {
          // Without O_NONBLOCK a pipe would wait.
          const int flags = use == Use::read ? O_RDONLY | O_NONBLOCK : O_RDWR | O_CREAT | O_EXCL;
          return ::open(path.c_str(), flags | O_CLOEXEC, 0666);
      })) {
    struct stat status {};
    if (descriptor_ < 0 || ::fstat(descriptor_, &status) != 0) { keep(errno); }
    if (S_ISDIR(status.st_mode)) { keep(EISDIR); }
    end_ = static_cast<haddr_t>(status.st_size);
    if (error_ != 0) { close(); }
    require_healthy();
}

bool SystemFile::read(haddr_t address, std::span<char> bytes) {
    if (held_ != nullptr) {
        std::string_view there(*held_);
        there.remove_prefix(std::min<haddr_t>(address, there.size()));
        const auto count = there.copy(bytes.data(), bytes.size());
        std::ranges::fill(bytes.subspan(count), '\0');
        return true;
    }
    while (!bytes.empty()) {
        const auto count = uninterrupted([&] {
            return ::pread(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(address));
        });
        // A damaged file sends HDF5 to places that no file has, which is no fault of the system.
        if (count < 0 && errno != EINVAL && errno != EOVERFLOW) { keep(errno); }
        if (count < 0) { return false; }
        if (count == 0) { break; }
        bytes = bytes.subspan(static_cast<std::size_t>(count));
        address += static_cast<haddr_t>(count);
    }
    std::ranges::fill(bytes, '\0');
    return true;
}

void SystemFile::write(haddr_t address, std::span<const char> bytes) {
    end_ = std::max<haddr_t>(end_, address + bytes.size());
    if (made_ != nullptr) {
        if (made_->size() < end_) { made_->resize(end_); }
        std::ranges::copy(bytes, made_->begin() + static_cast<std::ptrdiff_t>(address));
        return;
    }
    while (error_ == 0 && !bytes.empty()) {
        const auto count = uninterrupted([&] {
            return ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(address));
        });
        if (count < 0) { return keep(errno); }
        bytes = bytes.subspan(static_cast<std::size_t>(count));
        address += static_cast<haddr_t>(count);
    }
}

void SystemFile::resize(haddr_t size) {
    end_ = size;
    if (made_ != nullptr) { made_->resize(size); }
    if (held_ != nullptr || error_ != 0) { return; }
    const auto cut = [&] { return ::ftruncate(descriptor_, static_cast<off_t>(size)); };
    if (uninterrupted(cut) != 0) { keep(errno); }
}

void SystemFile::close() {
    const int descriptor = std::exchange(descriptor_, -1);
    if (const int error = descriptor < 0 ? 0 : close_file(descriptor); error != 0) { keep(error); }
}

void SystemFile::require_healthy() const {
    if (error_ != 0) { throw SystemFailure(error_); }
}

void SystemFile::keep(int error) {
    if (error_ == 0) { error_ = error; }
}

namespace {

/// What HDF5 holds of a file: its own part must come first.
struct Stream {
    H5FD_t hdf5;
    SystemFile* system;
    haddr_t allocated;
};

Stream& stream(H5FD_t* file) { return *reinterpret_cast<Stream*>(file); }
const Stream& stream(const H5FD_t* file) { return *reinterpret_cast<const Stream*>(file); }

H5FD_t* open_stream(const char*, unsigned, hid_t access, haddr_t) {
    SystemFile* const* system = static_cast<SystemFile* const*>(H5Pget_driver_info(access));
    return system == nullptr ? nullptr : &(new Stream{{}, *system, 0})->hdf5;
}

herr_t close_stream(H5FD_t* file) {
    delete &stream(file);
    return 0;
}

herr_t query(const H5FD_t*, unsigned long* flags) {
    *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
             H5FD_FEAT_AGGREGATE_SMALLDATA;
    return 0;
}

haddr_t allocated(const H5FD_t* file, H5FD_mem_t) { return stream(file).allocated; }

herr_t set_allocated(H5FD_t* file, H5FD_mem_t, haddr_t address) {
    stream(file).allocated = address;
    return 0;
}

haddr_t end_of_file(const H5FD_t* file, H5FD_mem_t) { return stream(file).system->end(); }

herr_t read(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t address, size_t size, void* buffer) {
    return stream(file).system->read(address, {static_cast<char*>(buffer), size}) ? 0 : -1;
}

herr_t write(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t address, size_t size, const void* buffer) {
    stream(file).system->write(address, {static_cast<const char*>(buffer), size});
    return 0;
}

herr_t resize(H5FD_t* file, hid_t, hbool_t) {
    auto& output = stream(file);
    if (output.allocated != output.system->end()) { output.system->resize(output.allocated); }
    return 0;
}

H5FD_class_t driver_class() {
    H5FD_class_t driver{};
#if H5_VERSION_GE(1, 13, 0)
    driver.version = H5FD_CLASS_VERSION;
    driver.value = 512;  // Of the range that HDF5 leaves to private drivers.
#endif
    driver.name = "patchead file";
    driver.maxaddr = (haddr_t{1} << 62);
    driver.fc_degree = H5F_CLOSE_WEAK;
    driver.fapl_size = sizeof(void*);  // Of the pointer to the SystemFile.
    driver.open = open_stream;
    driver.close = close_stream;
    driver.query = query;
    driver.get_eoa = allocated;
    driver.set_eoa = set_allocated;
    driver.get_eof = end_of_file;
    driver.read = read;
    driver.write = write;
    driver.truncate = resize;
    constexpr std::array<H5FD_mem_t, H5FD_MEM_NTYPES> free_lists = H5FD_FLMAP_DICHOTOMY;
    std::ranges::copy(free_lists, std::begin(driver.fl_map));
    return driver;
}

}  // namespace

void use_file(const Properties& access, SystemFile* file) {
    const auto description = driver_class();
    const Handle<H5FDunregister> driver(H5FDregister(&description), "file driver");
    check(H5Pset_driver(access.id(), driver.id(), static_cast<const void*>(&file)), "file access");
    // Names appear only with whole files, so locks protect nothing; and file systems that refuse
    // them (NFS, Lustre) would make every open fail.
    check(H5Pset_file_locking(access.id(), false, true), "file access");
}

}  // namespace patchead::h5
