#include "patchead/engine/watch_photos.hpp"

#include <chrono>
#include <iostream>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/user_text.hpp"
#include "patchead/data/photos.hpp"
#include "patchead/outputs/score_lines.hpp"
#include "signals.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kBetweenLooks{200};
constexpr std::chrono::milliseconds kNap{20};
constexpr std::chrono::seconds kPatience{2};  ///< With files that cannot be read.

class PhotoWatcher {
  public:
    PhotoWatcher(PhotoScorer& scorer, const PhotoOutputs& outputs, const fs::path& folder)
        : scorer_(scorer),
          outputs_(outputs),
          folder_(folder),
          lines_(outputs.folder / "scores.jsonl") {}

    /// One look at the folder.
    void look() {
        const auto list = list_again();
        if (!list) { return; }
        std::map<std::string, Sight> seen;
        for (const auto& file : list->photos) { look_at(file, {}, seen); }
        for (const auto& [path, reason] : list->unread) { look_at(path, reason, seen); }
        seen_ = std::move(seen);
    }

    [[nodiscard]] const WatchTally& tally() const { return tally_; }

  private:
    struct Sight {
        PhotoStamp stamp;
        Clock::time_point since;  ///< When it was first seen as it is.
    };

    /// A share may be gone for a while.
    std::optional<PhotoList> list_again() {
        const std::vector<std::string> places{folder_.string()};
        try {
            auto list = list_photos(places, true, outputs_.folder);
            is_gone_ = false;
            return list;
        } catch (const Error& error) {
            say_gone(error.what());
        } catch (const fs::filesystem_error& error) { say_gone(error.what()); }
        return std::nullopt;
    }

    void say_gone(const std::string& reason) {
        if (!std::exchange(is_gone_, true)) {
            std::cerr << "note: " << printable(reason) << " (looking again)\n";
        }
    }

    /// `reason`: why it cannot be read, if that is known already.
    void look_at(const fs::path& file, const std::string& reason,
                 std::map<std::string, Sight>& seen) {
        const auto stamp = stamp_of(file);
        if (!stamp || lines_.has(*stamp)) { return; }
        const auto before = seen_.find(stamp->path);
        const bool is_same = before != seen_.end() && before->second.stamp == *stamp;
        const auto since = is_same ? before->second.since : Clock::now();
        seen[stamp->path] = {*stamp, since};
        if (!is_same || stop_signal() != 0) { return; }
        score(file, reason, *stamp, Clock::now() - since >= kPatience);
    }

    static std::optional<PhotoStamp> stamp_of(const fs::path& file) {
        std::error_code error;
        const auto bytes = fs::file_size(file, error);
        const auto modified = fs::last_write_time(file, error);
        if (error) { return std::nullopt; }  // It is gone again.
        const auto since_1970 = std::chrono::file_clock::to_sys(modified).time_since_epoch();
        return PhotoStamp{escaped_name(file.string()), static_cast<std::int64_t>(bytes),
                          std::chrono::duration_cast<std::chrono::nanoseconds>(since_1970).count()};
    }

    PhotoScores score_one(const fs::path& file) {
        try {
            return score_photos(scorer_, outputs_, std::span(&file, 1));
        } catch (const DataError& error) { return {{}, {{file.string(), error.what()}}}; }
    }

    void score(const fs::path& file, const std::string& reason, const PhotoStamp& stamp,
               bool is_final) {
        const auto scores =
            reason.empty() ? score_one(file) : PhotoScores{{}, {{stamp.path, reason}}};
        for (const auto& photo : scores.images) {
            ++tally_.scored;
            tally_.defects += outputs_.scale.verdict(photo.score) == "defect" ? 1 : 0;
            lines_.add(photo, outputs_.scale, stamp);
        }
        if (!is_final) { return; }
        for (const auto& photo : scores.failed) {
            ++tally_.failed;
            lines_.add(photo, stamp);
        }
    }

    PhotoScorer& scorer_;
    const PhotoOutputs& outputs_;
    const fs::path& folder_;
    ScoreLines lines_;
    std::map<std::string, Sight> seen_;
    bool is_gone_ = false;
    WatchTally tally_;
};

}  // namespace

WatchTally watch_photos(PhotoScorer& scorer, const PhotoOutputs& outputs, const fs::path& folder) {
    require<DataError>(fs::is_directory(folder), "there is no folder '", folder.string(),
                       "' to watch (no such folder); make it, or check --watch");
    PhotoWatcher watcher(scorer, outputs, folder);
    while (stop_signal() == 0) {
        watcher.look();
        const auto next = Clock::now() + kBetweenLooks;
        while (Clock::now() < next && stop_signal() == 0) { std::this_thread::sleep_for(kNap); }
    }
    return watcher.tally();
}

}  // namespace patchead
