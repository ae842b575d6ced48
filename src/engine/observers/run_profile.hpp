#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <string>

#include "patchead/core/stages.hpp"
#include "run_observer.hpp"

/// \file
/// \brief `--roofline`: where the time of a run went, by rank, kind of unit and stage. Private
/// to the engine layer.

namespace patchead::inline engine_detail {

/// Time of a run as a whole.
struct RunTime {
    double seconds = 0;  ///< On the clock.
    int ranks = 1;
    double peak_gflops = 0;  ///< Of one rank, in single-precision matrix products.
};

class RunProfile {
  public:
    /// A unit of kind `kind` (its place in kUnitKinds) that kept `rank` busy for `seconds`.
    void add(int rank, std::size_t kind, double seconds, const StageTally& stages);

    /// A table for people.
    [[nodiscard]] std::string text(const RunTime& time) const;
    /// All of it as JSON. Throws CacheError.
    void write(const std::filesystem::path& file, const RunTime& time) const;

  private:
    struct Part {
        double seconds = 0;  ///< In which units ran.
        StageTally stages{};

        void add(double more, const StageTally& tally);
    };

    [[nodiscard]] Part sum() const;

    std::map<int, std::array<Part, kUnitKinds.size()>> ranks_;
};

/// Prints the profile of a run at its end, and writes it.
class ProfileObserver : public RunObserver {
  public:
    explicit ProfileObserver(std::filesystem::path file) : file_(std::move(file)) {}

    void ended(const EndedUnit& unit) override;
    /// Throws CacheError.
    void finished(const RunState& state, const RunForecast& forecast) override;

  private:
    std::filesystem::path file_;
    RunProfile profile_;
};

}  // namespace patchead::inline engine_detail
