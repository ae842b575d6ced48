#pragma once

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
    std::size_t images = 0;  ///< Images embedded so far.
    double cost_done = 0;    ///< Of `cost_total`; drives percent and ETA. Without costs: `done`.
    double cost_total = 0;
    double seconds = 0;  ///< Since the start.
};

/// "[ 42/128]  33 %, 118 images/s, 00:41 elapsed, ETA 01:23, 1 failed".
///
/// The rate stands there once images were embedded, the ETA while something is done and something
/// left: the time so far, scaled by the cost that is left.
[[nodiscard]] std::string progress_line(const ProgressState& state);

/// Shows the line on a stream: rewritten in place on a terminal at most ten times a second; on
/// anything else a plain line every `every_seconds` and at the end. Time is that of the states, so
/// that a display needs no clock.
class ProgressDisplay {
  public:
    ProgressDisplay(std::FILE* stream, double every_seconds);

    void update(const ProgressState& state);
    /// Prints a message on its own line without garbling the progress line.
    void message(const std::string& text);
    /// The last line, with a newline and without an ETA, whatever was left undone.
    void finish(const ProgressState& state);

  private:
    void erase();

    std::FILE* stream_;
    bool terminal_;
    double every_seconds_;
    double shown_at_;
    std::size_t width_ = 0;  ///< Of the unfinished line on the terminal.
};

}  // namespace patchead
