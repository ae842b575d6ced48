#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "patchead/core/key.hpp"

/// \file
/// \brief Who is at which artifact, among processes that know of each other only by the store.

namespace patchead {

/// Files `<store>/claims/<digest>`: made by one process and by no second one, which every file
/// system can do, network ones too; no locks. The owner touches its file while it works.
///
/// A claim whose owner is gone is taken over: at once if that was a process of this machine, else
/// when the file was left alone for `patience` by the clock of the one who looks, which compares no
/// stamp of another machine with its own, and not counting what it was asleep itself. A process
/// that was stopped for longer finds its claim another's, and leaves that alone. Two processes at
/// one artifact would be waste and nothing worse: both write the same bytes.
class Claims {
  public:
    explicit Claims(const std::filesystem::path& store,
                    std::chrono::milliseconds patience = std::chrono::seconds(60));
    /// Gives back what is held.
    ~Claims();
    Claims(const Claims&) = delete;
    Claims& operator=(const Claims&) = delete;

    /// Whether `key` is this process's now; one at a time. False: another process is at it.
    /// Throws CacheError (DiskError) if no claim can be written.
    [[nodiscard]] bool take(const ArtifactKey& key);
    void give_back();

  private:
    using Clock = std::chrono::steady_clock;
    /// A claim of somebody else, as it was seen.
    struct Sight {
        std::filesystem::file_time_type touched;
        Clock::time_point since;
    };

    [[nodiscard]] bool create(const std::filesystem::path& file) const;
    [[nodiscard]] bool is_abandoned(const std::filesystem::path& file, const std::string& owner);
    void keep_alive(const std::stop_token& stop);
    void note_sleep(Clock::time_point now);
    [[nodiscard]] Clock::time_point awake_since(Clock::time_point now);

    std::filesystem::path folder_;
    std::chrono::milliseconds patience_;
    std::map<std::string, Sight> seen_;
    std::filesystem::path held_;  ///< Empty: nothing.
    Clock::time_point looked_ = Clock::now();
    Clock::time_point woke_ = looked_;
    std::mutex mutex_;  ///< Of `held_` and of the times.
    std::condition_variable_any ended_;
    std::jthread thread_;  ///< The last member: it uses the others.
};

/// A process of another machine that has touched a file for so long no more is taken for dead: an
/// hour of silence, and one by which clocks may differ where they, and not the disk's, stamp files
/// (Lustre, GPFS).
inline constexpr auto kLongSilent = std::chrono::hours(2);

/// Removes claims whose owners are gone, as `remove_leftovers` does with temporary files. Returns
/// their number.
std::size_t remove_dead_claims(const std::filesystem::path& store);

}  // namespace patchead
