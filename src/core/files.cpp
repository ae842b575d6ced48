#include "patchead/core/files.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <limits>
#include <new>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "patchead/core/bounded_files.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/process.hpp"
#include "patchead/core/system_call.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTemporaryMark = ".tmp.";

/// What to do about the errors that users really meet.
std::string mend(int error) {
    switch (error) {
        case ENOTDIR:
            return "a part of the path is a file: choose another folder";
        case EISDIR:
            return "a folder is in its place: move it away or choose another path";
        case EMFILE:
            return "this process may open no more files: raise its limit (ulimit -n)";
        case ENFILE:
            return "the machine can open no more files: end other programs on it, or raise its "
                   "limit (fs.file-max)";
        case ENOMEM:
            return "end other programs on the machine, or ask for more memory";
        case EIO:
            return "the disk or the network to it failed (dmesg says more): run the same command "
                   "again once it works";
        case ESTALE:
            return "the network file system has lost sight of it: run the same command again, "
                   "after mounting it anew if that does not help";
        default:
            return "check the path and the disk";
    }
}

std::string mend_of_writing(int error) {
    switch (error) {
        case ENOSPC:
            return "free some space or choose another disk";
        case EDQUOT:
            return "your quota is used up: free some space or choose another disk";
        case EFBIG:
            return "the file system or a limit allows no file of this size";
        case EROFS:
            return "the file system is read-only: choose another folder";
        case EACCES:
        case EPERM:
            return "check the permissions or choose another folder";
        default:
            return mend(error);
    }
}

std::string mend_of_reading(int error) {
    switch (error) {
        case EACCES:
        case EPERM:
            return "it is another user's: ask for permission (chmod -R g+rX of the folder, and "
                   "umask 002 for what comes), or use one of your own (another --store)";
        case ENOENT:
            return "check the path";
        default:
            return mend(error);
    }
}

std::string unwritable(const fs::path& path, int error) {
    return concat("cannot write '", path.string(), "' (", std::strerror(error), "); ",
                  mend_of_writing(error));
}

void make_folder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) { fail_to_write(folder, error.value()); }
}

int open_file(const fs::path& path, int flags) {
    return uninterrupted([&] { return ::open(path.c_str(), flags | O_CLOEXEC, 0666); });
}

/// Of a name that nobody has yet.
int make_file(const fs::path& path) { return open_file(path, O_CREAT | O_EXCL | O_WRONLY); }

/// Brings the content of a file, or the names in a folder, to the disk; errors are told of `named`.
void flush(const fs::path& path, int flags, const fs::path& named) {
    const int descriptor = open_file(path, flags);
    if (descriptor < 0) { fail_to_write(named, errno); }
    const int error = uninterrupted([&] { return ::fsync(descriptor); }) == 0 ? 0 : errno;
    ::close(descriptor);
    // Some network file systems cannot flush a folder; the rename has happened all the same.
    const bool unsupported = error == EINVAL && (flags & O_DIRECTORY) != 0;
    if (error != 0 && !unsupported) { fail_to_write(named, error); }
}

/// Sole owner of an open file.
class Descriptor {
  public:
    explicit Descriptor(int id) : id_(id) {}
    ~Descriptor() {
        if (id_ >= 0) { ::close(id_); }
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    [[nodiscard]] int id() const { return id_; }

  private:
    int id_;
};

/// A name that no other process or call uses, on any machine that shares the folder.
fs::path temporary_name(const fs::path& path) {
    static std::atomic<unsigned> count{0};
    auto name = path;
    name += concat(kTemporaryMark, process_token(), ".", ++count);
    return name;
}

}  // namespace

void fail_to_write(const fs::path& path, int error) {
    const auto message = unwritable(path, error);
    if (error == ENOSPC || error == EDQUOT || error == EROFS) { throw DiskError(message); }
    throw CacheError(message);
}

void write_whole(const fs::path& path,
                 const std::function<void(const fs::path& temporary)>& write) {
    const auto folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    make_folder(folder);
    const auto temporary = temporary_name(path);
    try {
        write(temporary);
        flush(temporary, O_RDONLY, path);
        const auto rename = [&] { return ::rename(temporary.c_str(), path.c_str()); };
        if (uninterrupted(rename) != 0) { fail_to_write(path, errno); }
    } catch (...) {
        ::unlink(temporary.c_str());
        throw;
    }
    flush(folder, O_RDONLY | O_DIRECTORY, path);
}

void write_whole(const fs::path& path, std::string_view text) {
    write_whole(path, [&](const fs::path& temporary) {
        const int descriptor = make_file(temporary);
        if (descriptor < 0) { fail_to_write(path, errno); }
        const int error = write_all(descriptor, text);
        const int late_error = close_file(descriptor);
        if (error != 0 || late_error != 0) { fail_to_write(path, error != 0 ? error : late_error); }
    });
}

void fail_to_read(const fs::path& path, int error) {
    throw UnreadableError(concat("cannot read '", path.string(), "' (", std::strerror(error), "); ",
                                 mend_of_reading(error)));
}

namespace {

/// Whether a pipe or a terminal is meant to be read: a shell hands it over under these names, as in
/// `--config <(command)`.
bool is_handed_over(const fs::path& path) {
    const auto& name = path.native();
    return name.starts_with("/dev/fd/") || name.starts_with("/proc/self/fd/") ||
           name == "/dev/stdin";
}

/// Pipes and devices in folders of data would be waited for, or read, without end.
void require_end(const fs::path& path, const struct stat& status) {
    const bool is_file = S_ISREG(status.st_mode) || S_ISDIR(status.st_mode);  // (EISDIR follows.)
    const bool is_null = S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3);
    require<UnreadableError>(is_file || is_null || is_handed_over(path), "cannot read '",
                             path.string(), "' (it is a pipe or a device, not a file); remove it, ",
                             "or give the path of a file");
}

/// Opens without waiting for the other end of a pipe.
int open_file_with_end(const fs::path& path, std::uint64_t most_bytes) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) { fail_to_read(path, errno); }
    require_end(path, status);
    require<UnreadableError>(
        !S_ISREG(status.st_mode) || static_cast<std::uint64_t>(status.st_size) <= most_bytes,
        "cannot read '", path.string(), "' (it has ", status.st_size, " bytes, and ", most_bytes,
        " are the most that is read of such a file); check what it is");
    return open_file(path, O_RDONLY);
}

void read_pieces(const fs::path& path, std::uint64_t most_bytes,
                 const std::function<void(std::string_view piece)>& take) {
    const Descriptor file(open_file_with_end(path, most_bytes));
    if (file.id() < 0) { fail_to_read(path, errno); }
    std::array<char, 1 << 16> piece;  // NOLINT(cppcoreguidelines-pro-type-member-init)
    for (;;) {
        const auto count =
            uninterrupted([&] { return ::read(file.id(), piece.data(), piece.size()); });
        if (count < 0) { fail_to_read(path, errno); }
        if (count == 0) { return; }
        take({piece.data(), static_cast<std::size_t>(count)});
    }
}

}  // namespace

void read_pieces(const fs::path& path, const std::function<void(std::string_view piece)>& take) {
    read_pieces(path, std::numeric_limits<std::uint64_t>::max(), take);
}

std::string read_text(const fs::path& path, std::uint64_t most_bytes) {
    std::string text;
    try {
        read_pieces(path, most_bytes, [&](std::string_view piece) { text += piece; });
    } catch (const std::bad_alloc&) { fail_to_read(path, ENOMEM); }
    return text;
}

std::string read_text(const fs::path& path) {
    return read_text(path, std::numeric_limits<std::uint64_t>::max());
}

void require_writable(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    const auto probe = temporary_name(folder / "probe");
    const int descriptor = error ? -1 : make_file(probe);
    const int problem = error ? error.value() : errno;
    // What was read-only from the start is a wrong choice, and no disk that has become so.
    if (descriptor < 0 && problem == EROFS) { throw CacheError(unwritable(folder, problem)); }
    if (descriptor < 0) { fail_to_write(folder, problem); }
    ::close(descriptor);
    ::unlink(probe.c_str());
}

fs::file_time_type time_of_disk(const fs::path& folder) {
    const auto probe = temporary_name(folder / "clock");
    const int descriptor = make_file(probe);
    std::error_code error;
    // A clock of this machine may be far ahead, and files of others would seem old by it.
    constexpr auto kUnknown = fs::file_time_type::min();
    if (descriptor < 0) { return kUnknown; }
    ::close(descriptor);
    const auto time = fs::last_write_time(probe, error);
    ::unlink(probe.c_str());
    return error ? kUnknown : time;
}

Leftovers remove_leftovers(const fs::path& folder, std::chrono::seconds age) {
    Leftovers found;
    const auto now = time_of_disk(folder);
    std::error_code error;
    for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        const auto name = entry->path().filename().string();
        const auto mark = name.find(kTemporaryMark);
        if (mark == std::string::npos) { continue; }
        const auto rest = name.substr(mark + kTemporaryMark.size());
        std::error_code ignored;
        const auto written = fs::last_write_time(entry->path(), ignored);
        if (ignored) { continue; }  // Its writer has just renamed it.
        const bool dead = is_gone(rest.substr(0, rest.rfind('.'))) || now - written > age;
        if (dead && fs::remove(entry->path(), ignored)) {
            ++found.removed;
        } else {
            ++found.kept;
        }
    }
    return found;
}

}  // namespace patchead
