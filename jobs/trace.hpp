#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

/// \file
/// \brief A timeline of units per rank, for chrome://tracing or ui.perfetto.dev.

namespace patchead {

/// One unit on one rank; times in seconds since the start of the run.
struct TraceEvent {
    int rank = 0;
    std::string_view kind;
    std::string unit;
    double started = 0;
    double seconds = 0;
};

class Trace {
  public:
    void add(TraceEvent event) { events_.push_back(std::move(event)); }
    /// Throws CacheError.
    void write(const std::filesystem::path& file) const;

  private:
    std::vector<TraceEvent> events_;
};

}  // namespace patchead
