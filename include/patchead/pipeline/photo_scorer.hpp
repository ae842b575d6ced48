#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "patchead/cache/held_files.hpp"
#include "patchead/pipeline/networks.hpp"
#include "patchead/pipeline/point_pictures.hpp"
#include "patchead/pipeline/sweep_inputs.hpp"

/// \file
/// \brief Photos of which nothing is known, scored against normal ones, or among themselves: by the
/// plan and the units of a sweep, which leave nothing on a disk.

namespace patchead {

/// What scores of new photos are made from.
struct FittedPhotos {
    std::map<std::string, HeldFiles::Bytes> artifacts;  ///< Of the prompts, as a store has them.
    /// Of each prompt, the others its references; empty: there is but one, or the detector has no
    /// such scores.
    std::vector<float> left_out;
    /// Ends of a colour scale: the median of the patches of `left_out`, and twice as far above it
    /// as 99.8 % of them are. Both 0 without these.
    float low = 0;
    float high = 0;
};

/// Scores photos as one point of a sweep would: of `inputs`, whose samples are the prompts (in the
/// order in which shots take them; none: batch zero-shot), and whose one grid is the point.
class PhotoScorer {
  public:
    /// `artifacts`: of the prompts; what is not among them is made again, of the photos' bytes.
    PhotoScorer(SweepInputs inputs, std::map<std::string, HeldFiles::Bytes> artifacts,
                const WorkerOptions& options);

    /// Scores of `photos`, which are sorted by id and of the prompts' category. No number depends
    /// on which photos are scored together, unless there are no prompts.
    /// Throws DataError that names a photo at fault, ConfigError if the detector has no such mode.
    [[nodiscard]] ScoredImages score(const std::vector<Sample>& photos);

    /// Fits the prompts, of which there is one at least; with `leave_out` scores each by the
    /// others, too. What is found is used from now on.
    FittedPhotos fit(bool leave_out);

    /// The point of the sweep, as plans have it.
    [[nodiscard]] const SweepInputs& inputs() const { return inputs_; }

  private:
    void leave_each_out(FittedPhotos& fitted);

    SweepInputs inputs_;
    std::map<std::string, HeldFiles::Bytes> artifacts_;
    std::shared_ptr<Networks> networks_;
    WorkerOptions options_;
};

}  // namespace patchead
