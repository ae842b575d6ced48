#pragma once

#include <cstddef>
#include <filesystem>

#include "patchead/outputs/photo_block.hpp"

/// \file
/// \brief Photos scored as they come.

namespace patchead {

/// How many photos came.
struct WatchTally {
    std::size_t scored = 0;
    std::size_t defects = 0;
    std::size_t failed = 0;
};

/// Scores the photos in `folder` and in folders within it, and whatever comes there, until a signal
/// to stop (`watch_stop_signals`): a line of JSON for each on stdout and in scores.jsonl of the
/// output folder, which also says what was done before.
///
/// The folder is looked through several times a second, since systems tell of new files only on
/// disks of their own, not on shares that cameras write to. A file is taken for whole when two
/// looks find it alike; one that cannot be read by then is looked at again until it has not changed
/// for two seconds, and named only then. A file that changes is another one.
/// Throws an Error about anything but photos: nothing can be written, or the network fails.
WatchTally watch_photos(PhotoScorer& scorer, const PhotoOutputs& outputs,
                        const std::filesystem::path& folder);

}  // namespace patchead
