#pragma once

#include <filesystem>
#include <set>
#include <string>

#include "patchead/results/photo_scores.hpp"

/// \file
/// \brief Lines of scores, each written whole: what of a folder that is watched is done.

namespace patchead {

/// The file scores.jsonl of a folder, which only grows.
class ScoreLines {
  public:
    /// Reads what is done. Half a line at the end, of a process that was killed or a disk that was
    /// full, is cut off: its photo is scored again. Throws DataError if the file is another's,
    /// CacheError if it cannot be written.
    explicit ScoreLines(std::filesystem::path file);

    [[nodiscard]] bool has(const PhotoStamp& stamp) const { return done_.contains(stamp); }

    /// Appends a line, flushes it to the disk and then prints it on stdout. Throws CacheError: then
    /// no part of it is there.
    void add(const PhotoScore& photo, const PhotoScale& scale, const PhotoStamp& stamp);
    void add(const FailedPhoto& photo, const PhotoStamp& stamp);

  private:
    void append(const std::string& line, const PhotoStamp& stamp);

    std::filesystem::path file_;
    std::set<PhotoStamp> done_;
};

}  // namespace patchead
