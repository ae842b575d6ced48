#include "patchead/report/progress.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <unistd.h>

namespace patchead {
namespace {

/// "00:41", "02:05:09".
std::string clock_text(double seconds) {
    const auto total = static_cast<long>(std::lround(std::max(0.0, seconds)));
    return total < 3600
               ? fmt::format("{:02}:{:02}", total / 60, total % 60)
               : fmt::format("{:02}:{:02}:{:02}", total / 3600, total / 60 % 60, total % 60);
}

constexpr double kTerminalInterval = 0.1;

}  // namespace

std::string progress_line(const ProgressState& state) {
    const auto fraction = state.cost_total > 0 ? state.cost_done / state.cost_total : 1.0;
    auto text = fmt::format("[{:>{}}/{}] {:3.0f} %", state.done + state.failed,
                            fmt::formatted_size("{}", state.total), state.total,
                            std::floor(100 * fraction));
    if (state.images > 0 && state.seconds > 0) {
        text += fmt::format(", {:.1f} images/s", static_cast<double>(state.images) / state.seconds);
    }
    text += fmt::format(", {} elapsed", clock_text(state.seconds));
    if (fraction > 0 && fraction < 1) {
        text += fmt::format(", ETA {}", clock_text(state.seconds * (1 - fraction) / fraction));
    }
    if (state.failed > 0) { text += fmt::format(", {} failed", state.failed); }
    return text;
}

ProgressDisplay::ProgressDisplay(std::FILE* stream, double every_seconds)
    : stream_(stream), terminal_(::isatty(::fileno(stream)) == 1), every_seconds_(every_seconds) {}

void ProgressDisplay::update(const ProgressState& state) {
    const auto interval = terminal_ ? kTerminalInterval : every_seconds_;
    if (state.seconds - shown_at_ < interval) { return; }
    shown_at_ = state.seconds;
    const auto line = progress_line(state);
    if (terminal_) {
        fmt::print(stream_, "\r{:<{}}", line, width_);
        width_ = line.size();
    } else {
        fmt::print(stream_, "{}\n", line);
    }
    std::fflush(stream_);
}

void ProgressDisplay::message(const std::string& text) {
    fmt::print(stream_, "{}{:<{}}\n", terminal_ ? "\r" : "", text, width_);
    width_ = 0;
    std::fflush(stream_);
}

void ProgressDisplay::finish(const ProgressState& state) {
    fmt::print(stream_, "{}{:<{}}\n", terminal_ ? "\r" : "", progress_line(state), width_);
    width_ = 0;
    std::fflush(stream_);
}

}  // namespace patchead
