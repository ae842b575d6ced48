#pragma once

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>

/// \file
/// \brief One line that says how far a long run is.

namespace patchead {

/// What the line is made of.
struct ProgressState {
    std::size_t done = 0;
    std::size_t failed = 0;
    std::size_t total = 0;
    std::size_t images = 0;      ///< Images embedded so far.
    double cost_done = 0;        ///< Of `cost_total`; drives the ETA.
    double cost_total = 0;
    double seconds = 0;          ///< Since the start.
};

/// "[ 42/128] 33 %, 118 images/s, 00:41 elapsed, ETA 01:23, 1 failed".
[[nodiscard]] std::string progress_line(const ProgressState& state);

/// Shows the line on a stream: rewritten in place on a terminal at most ten times a second; on
/// anything else a plain line every `every` seconds and at the end.
class ProgressDisplay {
  public:
    ProgressDisplay(std::FILE* stream, double every_seconds);

    void update(const ProgressState& state);
    /// Prints a message on its own line without garbling the progress line.
    void message(const std::string& text);
    /// The last line, with a newline.
    void finish(const ProgressState& state);

  private:
    std::FILE* stream_;
    bool terminal_;
    double every_seconds_;
    double shown_at_ = -1e9;
    std::size_t width_ = 0;
};

}  // namespace patchead
