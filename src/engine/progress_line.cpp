#include "patchead/engine/progress_line.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include <fmt/format.h>
#include <unistd.h>

#include "patchead/core/text.hpp"

namespace patchead {
namespace {

constexpr double kTerminalSeconds = 0.1;  ///< Between two versions of the line.
constexpr double kNeverShown = -1e9;

double fraction_done(const ProgressState& state) {
    if (state.done >= state.total) { return 1; }  // Sums of costs may differ in the last bit.
    if (state.cost_total > 0) { return std::clamp(state.cost_done / state.cost_total, 0.0, 1.0); }
    return static_cast<double>(state.done) / static_cast<double>(state.total);
}

std::string rate_text(double per_second) {
    return fmt::format("{:.{}f} images/s", per_second, per_second < 10 ? 1 : 0);
}

/// `eta`, or nothing, stands between the time so far and the failures.
std::string line_of(const ProgressState& state, const std::string& eta) {
    auto text =
        fmt::format("[{:>{}}/{}] {:3.0f} %", state.done, fmt::formatted_size("{}", state.total),
                    state.total, std::floor(100 * fraction_done(state)));
    if (state.images > 0 && state.seconds > 0) {
        text += ", " + rate_text(static_cast<double>(state.images) / state.seconds);
    }
    text += fmt::format(", {} elapsed{}", clock_text(state.seconds), eta);
    if (state.failed > 0) { text += fmt::format(", {} failed", state.failed); }
    return text;
}

}  // namespace

std::string progress_line(const ProgressState& state) {
    const double fraction = fraction_done(state);
    if (fraction <= 0 || fraction >= 1) { return line_of(state, ""); }
    const double left = state.seconds * (1 - fraction) / fraction;
    return line_of(state, ", ETA " + clock_text(left));
}

ProgressDisplay::ProgressDisplay(std::FILE* stream, double every_seconds)
    : stream_(stream),
      terminal_(::isatty(::fileno(stream)) == 1),
      every_seconds_(every_seconds),
      shown_at_(kNeverShown) {}

void ProgressDisplay::update(const ProgressState& state) {
    if (state.seconds - shown_at_ < (terminal_ ? kTerminalSeconds : every_seconds_)) { return; }
    shown_at_ = state.seconds;
    const auto line = progress_line(state);
    if (terminal_) {
        fmt::print(stream_, "\r{:<{}}", line, width_);  // One write, so that nothing flickers.
        width_ = line.size();
    } else {
        fmt::print(stream_, "{}\n", line);
    }
    std::fflush(stream_);
}

void ProgressDisplay::message(const std::string& text) {
    erase();
    fmt::print(stream_, "{}\n", text);
    std::fflush(stream_);
    if (terminal_) { shown_at_ = kNeverShown; }  // The line comes back at the next update.
}

void ProgressDisplay::finish(const ProgressState& state) {
    erase();
    fmt::print(stream_, "{}\n", line_of(state, ""));
    std::fflush(stream_);
}

void ProgressDisplay::erase() {
    if (width_ > 0) { fmt::print(stream_, "\r{:{}}\r", "", width_); }
    width_ = 0;
}

}  // namespace patchead
