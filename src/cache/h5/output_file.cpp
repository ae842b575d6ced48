#include "h5/output_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>

#include <fcntl.h>
#include <unistd.h>

#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"

#if H5_VERSION_GE(1, 13, 0)
#include <H5FDdevelop.h>
#endif

namespace patchead::h5 {
namespace {

constexpr hsize_t kStripe = hsize_t{2} << 20;

/// An open file and its first error, after which nothing is written any more.
class Sink {
  public:
    explicit Sink(const std::filesystem::path& path)
        : descriptor_(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666)) {
        if (descriptor_ < 0) { error_ = errno; }
        require_healthy();
    }
    Sink(const Sink&) = delete;
    Sink& operator=(const Sink&) = delete;
    ~Sink() { close(); }

    void write(haddr_t address, std::span<const char> bytes) {
        end_ = std::max<haddr_t>(end_, address + bytes.size());
        while (error_ == 0 && !bytes.empty()) {
            const auto count =
                ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(address));
            if (count < 0 && errno != EINTR) { error_ = errno; }
            if (count < 0) { continue; }
            bytes = bytes.subspan(static_cast<std::size_t>(count));
            address += static_cast<haddr_t>(count);
        }
    }

    void resize(haddr_t size) {
        end_ = size;
        if (error_ == 0 && ::ftruncate(descriptor_, static_cast<off_t>(size)) != 0) {
            error_ = errno;
        }
    }

    /// Bytes that were never written are zero. False if the system fails.
    [[nodiscard]] bool read(haddr_t address, std::span<char> bytes) const {
        while (!bytes.empty()) {
            const auto count =
                ::pread(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(address));
            if (count < 0 && errno == EINTR) { continue; }
            if (count < 0) { return false; }
            if (count == 0) { break; }
            bytes = bytes.subspan(static_cast<std::size_t>(count));
            address += static_cast<haddr_t>(count);
        }
        std::ranges::fill(bytes, '\0');
        return true;
    }

    /// Some network file systems tell only now that the disk was full.
    void close() {
        if (descriptor_ >= 0 && ::close(descriptor_) != 0 && error_ == 0) { error_ = errno; }
        descriptor_ = -1;
    }

    void require_healthy() const {
        if (error_ != 0) { throw SystemFailure(error_); }
    }
    [[nodiscard]] haddr_t end() const { return end_; }

  private:
    int descriptor_;
    int error_ = 0;
    haddr_t end_ = 0;
};

/// What HDF5 holds of a file: its own part must come first.
struct Stream {
    H5FD_t hdf5;
    Sink* sink;
    haddr_t allocated;
};

Stream& stream(H5FD_t* file) { return *reinterpret_cast<Stream*>(file); }
const Stream& stream(const H5FD_t* file) { return *reinterpret_cast<const Stream*>(file); }

H5FD_t* open_stream(const char*, unsigned, hid_t access, haddr_t) {
    Sink* const* sink = static_cast<Sink* const*>(H5Pget_driver_info(access));
    return sink == nullptr ? nullptr : &(new Stream{{}, *sink, 0})->hdf5;
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

haddr_t end_of_file(const H5FD_t* file, H5FD_mem_t) { return stream(file).sink->end(); }

herr_t read(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t address, size_t size, void* buffer) {
    return stream(file).sink->read(address, {static_cast<char*>(buffer), size}) ? 0 : -1;
}

herr_t write(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t address, size_t size, const void* buffer) {
    stream(file).sink->write(address, {static_cast<const char*>(buffer), size});
    return 0;
}

herr_t resize(H5FD_t* file, hid_t, hbool_t) {
    auto& output = stream(file);
    if (output.allocated != output.sink->end()) { output.sink->resize(output.allocated); }
    return 0;
}

H5FD_class_t driver_class() {
    H5FD_class_t driver{};
#if H5_VERSION_GE(1, 13, 0)
    driver.version = H5FD_CLASS_VERSION;
    driver.value = 512;  // Of the range that HDF5 leaves to private drivers.
#endif
    driver.name = "patchead output";
    driver.maxaddr = (haddr_t{1} << 62);
    driver.fc_degree = H5F_CLOSE_WEAK;
    driver.fapl_size = sizeof(void*);  // Of the pointer to the Sink.
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

File create_file(const std::filesystem::path& path, Sink* sink) {
    const auto driver_description = driver_class();
    const Handle<H5FDunregister> driver(H5FDregister(&driver_description), "file driver");
    const Properties access(H5Pcreate(H5P_FILE_ACCESS), "file access");
    check(H5Pset_driver(access.id(), driver.id(), &sink), "file access");
    check(H5Pset_libver_bounds(access.id(), H5F_LIBVER_V18, H5F_LIBVER_V18), "file access");
    check(H5Pset_alignment(access.id(), kStripe, kStripe), "file access");
    check(H5Pset_file_locking(access.id(), false, true), "file access");
    const Properties how(H5Pcreate(H5P_FILE_CREATE), "file creation");
    check(H5Pset_obj_track_times(how.id(), false), "file creation");
    return {H5Fcreate(path.c_str(), H5F_ACC_TRUNC, how.id(), access.id()), "new file"};
}

void write_temporary(const std::filesystem::path& path,
                     const std::function<void(hid_t root)>& fill) {
    be_quiet();
    Sink sink(path);
    {
        const auto file = create_file(path, &sink);
        fill(file.id());
        check(H5Fflush(file.id(), H5F_SCOPE_GLOBAL), "flush");
    }
    sink.close();
    sink.require_healthy();
}

}  // namespace

void write_file(const std::filesystem::path& path, const std::function<void(hid_t root)>& fill) {
    write_whole(path, [&](const std::filesystem::path& temporary) {
        try {
            write_temporary(temporary, fill);
        } catch (const SystemFailure& failure) {
            fail_to_write(path, failure.error);
        } catch (const Failure& failure) {
            throw CacheError(concat("cannot write '", path.string(), "' (", failure.what(),
                                    "); report this bug"));
        }
    });
}

}  // namespace patchead::h5
