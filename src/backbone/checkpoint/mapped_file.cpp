#include "checkpoint/mapped_file.hpp"

#include <bit>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "patchead/core/files.hpp"
#include "patchead/core/system_call.hpp"

static_assert(std::endian::native == std::endian::little, "checkpoints are little-endian");

namespace patchead {
namespace {

/// Sole owner of a file descriptor.
class Descriptor {
  public:
    explicit Descriptor(const std::filesystem::path& path)
        : id_(uninterrupted([&] {
              return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // A pipe would wait.
          })) {}
    ~Descriptor() {
        if (id_ >= 0) { ::close(id_); }
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    [[nodiscard]] int id() const { return id_; }

  private:
    int id_;
};

void require_read(bool ok, const std::filesystem::path& path) {
    if (!ok) { fail_to_read(path, errno); }
}

}  // namespace

MappedFile::MappedFile(std::filesystem::path path) : path_(std::move(path)) {
    const Descriptor file(path_);
    require_read(file.id() >= 0, path_);
    struct stat status {};
    require_read(::fstat(file.id(), &status) == 0, path_);
    require<WeightsError>(!S_ISDIR(status.st_mode), "cannot read checkpoint '", path_.string(),
                          "' (it is a folder); give the path of the weights file in it");
    require<WeightsError>(S_ISREG(status.st_mode), "cannot read checkpoint '", path_.string(),
                          "' (not a regular file); give the path of the weights file itself");
    check(status.st_size > 0, "the file is empty");
    const auto size = static_cast<std::size_t>(status.st_size);
    void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.id(), 0);
    require_read(address != MAP_FAILED, path_);
    bytes_ = {static_cast<const std::byte*>(address), size};
}

MappedFile::~MappedFile() {
    ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());  // NOLINT: C interface
}

void MappedFile::release(Bytes bytes) const {
    static const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const auto first = static_cast<std::size_t>(bytes.data() - bytes_.data()) / page * page;
    const auto last = static_cast<std::size_t>(bytes.data() + bytes.size() - bytes_.data());
    void* start = const_cast<std::byte*>(bytes_.data() + first);  // NOLINT: C interface
    ::madvise(start, last - first, MADV_DONTNEED);  // Only advice: nothing is lost if refused.
}

Bytes MappedFile::slice(std::uint64_t offset, std::uint64_t size, const char* what) const {
    check(offset <= bytes_.size() && size <= bytes_.size() - offset, what, " at byte ", offset,
          " with ", size, " bytes ends beyond the file's ", bytes_.size());
    return bytes_.subspan(offset, size);
}

}  // namespace patchead
