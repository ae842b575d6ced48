#include "patchead/cache/claims.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "patchead/core/entries.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/process.hpp"
#include "patchead/core/system_call.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFolder = "claims";

/// Owner of a claim; empty if it has just been made, is gone, or cannot be read. Never throws: it
/// is asked in a thread, and when a claim is given back.
std::string owner_of(const fs::path& file) {
    try {
        return read_text(file);
    } catch (const UnreadableError&) { return {}; }
}

/// Takes the claim out of the way for one process only: a rename succeeds once.
///
/// If somebody else was faster and the file is a new claim already, that one is put back.
void remove_abandoned(const fs::path& file, const std::string& owner) {
    auto aside = file;
    aside += concat(".tmp.", process_token(), ".0");
    if (::rename(file.c_str(), aside.c_str()) != 0) { return; }
    if (owner_of(aside) != owner) { static_cast<void>(::link(aside.c_str(), file.c_str())); }
    ::unlink(aside.c_str());
}

}  // namespace

Claims::Claims(const fs::path& store, std::chrono::milliseconds patience)
    : folder_(store / kFolder),
      patience_(patience),
      thread_([this](const std::stop_token& stop) { keep_alive(stop); }) {}

Claims::~Claims() { give_back(); }

bool Claims::take(const ArtifactKey& key) {
    give_back();
    const auto file = folder_ / key.digest();
    bool mine = create(file);
    if (!mine) {
        const auto owner = owner_of(file);
        if (is_abandoned(file, owner)) {
            remove_abandoned(file, owner);
            mine = create(file);
        }
    }
    if (mine) {
        seen_.erase(file.filename().string());
        const std::lock_guard lock(mutex_);
        held_ = file;
    }
    return mine;
}

void Claims::give_back() {
    const std::lock_guard lock(mutex_);
    if (!held_.empty() && owner_of(held_) == process_token()) { ::unlink(held_.c_str()); }
    held_.clear();
}

bool Claims::create(const fs::path& file) const {
    std::error_code ignored;  // Opening says what is wrong.
    fs::create_directories(folder_, ignored);
    const int descriptor = uninterrupted(
        [&] { return ::open(file.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666); });
    if (descriptor < 0 && errno == EEXIST) { return false; }
    if (descriptor < 0) { fail_to_write(file, errno); }
    const int error = write_all(descriptor, process_token());
    const int late_error = close_file(descriptor);
    if (error == 0 && late_error == 0) { return true; }
    ::unlink(file.c_str());
    fail_to_write(file, error != 0 ? error : late_error);
}

bool Claims::is_abandoned(const fs::path& file, const std::string& owner) {
    if (owner == process_token() || is_gone(owner)) { return true; }
    std::error_code error;
    const auto touched = fs::last_write_time(file, error);
    if (error) { return false; }  // Given back in this moment.
    const auto now = Clock::now();
    const auto [sight, is_new] = seen_.try_emplace(file.filename().string(), Sight{touched, now});
    if (!is_new && sight->second.touched != touched) { sight->second = {touched, now}; }
    return now - std::max(sight->second.since, awake_since(now)) > patience_;
}

void Claims::keep_alive(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
        note_sleep(Clock::now());
        // A process that was stopped for long may have lost it; others must see whether its new
        // owner lives.
        if (!held_.empty() && owner_of(held_) == process_token()) {
            ::utimensat(AT_FDCWD, held_.c_str(), nullptr, 0);
        }
        ended_.wait_for(lock, stop, patience_ / 6, [] { return false; });
    }
}

/// A job that was suspended as a whole must not take its own ranks' claims for abandoned. The
/// thread comes by far more often than this.
void Claims::note_sleep(Clock::time_point now) {
    if (now - looked_ > patience_) { woke_ = now; }
    looked_ = now;
}

Claims::Clock::time_point Claims::awake_since(Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    note_sleep(now);
    return woke_;
}

std::size_t remove_dead_claims(const fs::path& store) {
    std::size_t removed = 0;
    const auto now = time_of_disk(store);
    std::error_code error;
    for (const auto& entry : entries_of(store / kFolder, error)) {
        std::error_code ignored;
        const auto touched = entry.last_write_time(ignored);
        const auto owner = owner_of(entry.path());
        const bool is_old = !ignored && now - touched > kLongSilent;
        if (is_gone(owner) || is_old) {
            remove_abandoned(entry.path(), owner);
            ++removed;
        }
    }
    return removed;
}

}  // namespace patchead
