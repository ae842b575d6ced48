// The calls themselves, in the place of libc's: counted, and one of them fails (plan.hpp).

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <string>

#include "plan.hpp"

namespace {

using namespace patchead::faults;

/// Descriptors of watched files.
std::array<std::atomic<bool>, 4096> watched_files{};

int remember(int file, bool watched) {
    if (file >= 0 && static_cast<std::size_t>(file) < watched_files.size()) {
        watched_files[static_cast<std::size_t>(file)] = watched;
    }
    return file;
}

std::string path_of(int file) {
    std::array<char, PATH_MAX> path{};
    const auto link = "/proc/self/fd/" + std::to_string(file);
    const auto length = ::readlink(link.c_str(), path.data(), path.size());
    return {path.data(), length > 0 ? static_cast<std::size_t>(length) : 0};
}

/// A number may have gone to another file unseen, so its path has the last word.
bool is_watched_file(int file) {
    return file >= 0 && static_cast<std::size_t>(file) < watched_files.size() &&
           watched_files[static_cast<std::size_t>(file)] && is_watched(path_of(file));
}

/// Where a path below an open folder lies.
std::string path_at(int folder, const char* path) {
    if (path[0] == '/' || folder == AT_FDCWD) { return path; }
    return path_of(folder) + "/" + path;
}

/// The call as libc has it.
template <class Function>
Function* libc(const char* name) {
    return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

/// Whether a call is to fail; errno says how.
bool fails(Kind kind, const std::string& path) {
    const auto verdict = judge(kind, path);
    if (verdict.error != 0) { errno = verdict.error; }
    return verdict.error != 0;
}

bool path_fails(Kind kind, const char* path) { return is_watched(path) && fails(kind, path); }

template <class Open>
int open_counted(const std::string& path, int flags, const Open& open) {
    if (!is_watched(path)) { return remember(open(), false); }
    const bool makes = (flags & O_CREAT) != 0;
    const bool lists = (flags & O_DIRECTORY) != 0;
    if (fails(makes ? Kind::create : lists ? Kind::list : Kind::open, path)) { return -1; }
    return remember(open(), true);
}

template <class Open>
FILE* stream_counted(const char* path, const char* mode, const Open& open) {
    if (!is_watched(path)) { return open(); }
    if (fails(mode[0] == 'r' ? Kind::open : Kind::create, path)) { return nullptr; }
    FILE* const file = open();
    if (file != nullptr) { remember(fileno(file), true); }
    return file;
}

/// `transfer` moves a number of bytes; half of them where the call is to come back short.
template <class Transfer>
ssize_t moved(Kind kind, int file, size_t size, const Transfer& transfer) {
    if (!is_watched_file(file)) { return transfer(size); }
    const auto verdict = judge(kind, path_of(file));
    if (verdict.error != 0) {
        errno = verdict.error;
        return -1;
    }
    return transfer(verdict.is_short && size > 1 ? size / 2 : size);
}

template <class Map>
void* map_counted(int file, int flags, const Map& map) {
    const bool counts = (flags & MAP_ANONYMOUS) == 0 && is_watched_file(file);
    return counts && fails(Kind::map, path_of(file)) ? MAP_FAILED : map();
}

template <class Call>
int file_counted(Kind kind, int file, const Call& call) {
    return is_watched_file(file) && fails(kind, path_of(file)) ? -1 : call();
}

}  // namespace

extern "C" {

// NOLINTBEGIN(cppcoreguidelines-pro-type-vararg): as libc declares them.
#define FAULTS_OPEN(name)                                                            \
    int name(const char* path, int flags, ...) {                                     \
        va_list rest;                                                                \
        va_start(rest, flags);                                                       \
        const auto mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : mode_t{0}; \
        va_end(rest);                                                                \
        static const auto next = libc<int(const char*, int, ...)>(#name);            \
        return open_counted(path, flags, [&] { return next(path, flags, mode); });   \
    }
#define FAULTS_OPENAT(name)                                                          \
    int name(int folder, const char* path, int flags, ...) {                         \
        va_list rest;                                                                \
        va_start(rest, flags);                                                       \
        const auto mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : mode_t{0}; \
        va_end(rest);                                                                \
        static const auto next = libc<int(int, const char*, int, ...)>(#name);       \
        return open_counted(path_at(folder, path), flags,                            \
                            [&] { return next(folder, path, flags, mode); });        \
    }
#define FAULTS_FOPEN(name)                                                     \
    FILE* name(const char* path, const char* mode) {                           \
        static const auto next = libc<FILE*(const char*, const char*)>(#name); \
        return stream_counted(path, mode, [&] { return next(path, mode); });   \
    }
#define FAULTS_PREAD(name, kind, bytes)                                                          \
    ssize_t name(int file, bytes data, size_t size, off_t at) {                                  \
        static const auto next = libc<ssize_t(int, bytes, size_t, off_t)>(#name);                \
        return moved(kind, file, size, [&](size_t most) { return next(file, data, most, at); }); \
    }
#define FAULTS_MMAP(name)                                                                        \
    void* name(void* at, size_t size, int use, int flags, int file, off_t from) noexcept {       \
        static const auto next = libc<void*(void*, size_t, int, int, int, off_t)>(#name);        \
        return map_counted(file, flags, [&] { return next(at, size, use, flags, file, from); }); \
    }
#define FAULTS_FTRUNCATE(name)                                                       \
    int name(int file, off_t size) noexcept {                                        \
        static const auto next = libc<int(int, off_t)>(#name);                       \
        return file_counted(Kind::truncate, file, [&] { return next(file, size); }); \
    }
#define FAULTS_STAT(name, result)                                               \
    int name(const char* path, struct result* status) noexcept {                \
        static const auto next = libc<int(const char*, struct result*)>(#name); \
        return path_fails(Kind::stat, path) ? -1 : next(path, status);          \
    }

FAULTS_OPEN(open)
FAULTS_OPEN(open64)
FAULTS_OPENAT(openat)
FAULTS_OPENAT(openat64)
FAULTS_FOPEN(fopen)
FAULTS_FOPEN(fopen64)
FAULTS_PREAD(pread, Kind::read, void*)
FAULTS_PREAD(pread64, Kind::read, void*)
FAULTS_PREAD(pwrite, Kind::write, const void*)
FAULTS_PREAD(pwrite64, Kind::write, const void*)
FAULTS_MMAP(mmap)
FAULTS_MMAP(mmap64)
FAULTS_FTRUNCATE(ftruncate)
FAULTS_FTRUNCATE(ftruncate64)
FAULTS_STAT(stat, stat)
FAULTS_STAT(lstat, stat)
FAULTS_STAT(stat64, stat64)
FAULTS_STAT(lstat64, stat64)
// NOLINTEND(cppcoreguidelines-pro-type-vararg)

ssize_t read(int file, void* data, size_t size) {
    static const auto next = libc<ssize_t(int, void*, size_t)>("read");
    return moved(Kind::read, file, size, [&](size_t most) { return next(file, data, most); });
}

ssize_t write(int file, const void* data, size_t size) {
    static const auto next = libc<ssize_t(int, const void*, size_t)>("write");
    return moved(Kind::write, file, size, [&](size_t most) { return next(file, data, most); });
}

/// A short one writes half of its first piece.
ssize_t writev(int file, const iovec* pieces, int count) {
    static const auto next = libc<ssize_t(int, const iovec*, int)>("writev");
    return moved(Kind::write, file, pieces->iov_len, [&](size_t most) {
        return most == pieces->iov_len ? next(file, pieces, count)
                                       : ::write(file, pieces->iov_base, most);
    });
}

size_t fread(void* data, size_t size, size_t count, FILE* file) {
    static const auto next = libc<size_t(void*, size_t, size_t, FILE*)>("fread");
    const auto done = moved(Kind::read, fileno(file), count, [&](size_t most) {
        return static_cast<ssize_t>(next(data, size, most, file));
    });
    return done < 0 ? 0 : static_cast<size_t>(done);
}

size_t fwrite(const void* data, size_t size, size_t count, FILE* file) {
    static const auto next = libc<size_t(const void*, size_t, size_t, FILE*)>("fwrite");
    const auto done = moved(Kind::write, fileno(file), count, [&](size_t most) {
        return static_cast<ssize_t>(next(data, size, most, file));
    });
    return done < 0 ? 0 : static_cast<size_t>(done);
}

int fsync(int file) {
    static const auto next = libc<int(int)>("fsync");
    return file_counted(Kind::sync, file, [&] { return next(file); });
}

/// The file is closed whatever it says, as on Linux.
int close(int file) {
    static const auto next = libc<int(int)>("close");
    const bool fails_late = is_watched_file(file) && fails(Kind::close, path_of(file));
    const int error = errno;
    remember(file, false);
    const int done = next(file);
    if (fails_late) { errno = error; }
    return fails_late ? -1 : done;
}

int fclose(FILE* file) {
    static const auto next = libc<int(FILE*)>("fclose");
    const int descriptor = fileno(file);
    const bool fails_late = is_watched_file(descriptor) && fails(Kind::close, path_of(descriptor));
    const int error = errno;
    remember(descriptor, false);
    const int done = next(file);
    if (fails_late) { errno = error; }
    return fails_late ? EOF : done;
}

int rename(const char* from, const char* to) noexcept {
    static const auto next = libc<int(const char*, const char*)>("rename");
    return path_fails(Kind::rename, to) ? -1 : next(from, to);
}

int link(const char* from, const char* to) noexcept {
    static const auto next = libc<int(const char*, const char*)>("link");
    return path_fails(Kind::link, to) ? -1 : next(from, to);
}

int unlink(const char* path) noexcept {
    static const auto next = libc<int(const char*)>("unlink");
    return path_fails(Kind::unlink, path) ? -1 : next(path);
}

int remove(const char* path) noexcept {
    static const auto next = libc<int(const char*)>("remove");
    return path_fails(Kind::unlink, path) ? -1 : next(path);
}

int unlinkat(int folder, const char* path, int flags) noexcept {
    static const auto next = libc<int(int, const char*, int)>("unlinkat");
    const auto place = path_at(folder, path);
    return path_fails(Kind::unlink, place.c_str()) ? -1 : next(folder, path, flags);
}

int mkdir(const char* path, mode_t mode) noexcept {
    static const auto next = libc<int(const char*, mode_t)>("mkdir");
    return path_fails(Kind::mkdir, path) ? -1 : next(path, mode);
}

DIR* opendir(const char* path) {
    static const auto next = libc<DIR*(const char*)>("opendir");
    if (!is_watched(path)) { return next(path); }
    if (fails(Kind::list, path)) { return nullptr; }
    DIR* const folder = next(path);
    if (folder != nullptr) { remember(dirfd(folder), true); }
    return folder;
}

/// Of a folder the first call counts: the others only take names from what it has read.
dirent* readdir(DIR* folder) {
    static const auto next = libc<dirent*(DIR*)>("readdir");
    const int file = dirfd(folder);
    const bool fails_now =
        telldir(folder) == 0 && is_watched_file(file) && fails(Kind::list, path_of(file));
    return fails_now ? nullptr : next(folder);
}

int fstatat(int folder, const char* path, struct stat* status, int flags) noexcept {
    static const auto next = libc<int(int, const char*, struct stat*, int)>("fstatat");
    const auto place = path_at(folder, path);
    return path_fails(Kind::stat, place.c_str()) ? -1 : next(folder, path, status, flags);
}

}  // extern "C"
