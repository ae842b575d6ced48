#include "heartbeat.hpp"

#include <chrono>

namespace patchead {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kLook = std::chrono::milliseconds(100);

/// A message that asks for nothing.
Request sign_of_life(bool stop) {
    Request request;
    request.asks = false;
    request.stop = stop;
    return request;
}

}  // namespace

Heartbeat::Heartbeat(Channel& channel, const TaskCalls& calls, double seconds)
    : channel_(channel),
      calls_(calls),
      seconds_(seconds),
      thread_([this](const std::stop_token& stop) {
          // Without its heartbeat the rank falls silent, which the manager notices and tells.
          try {
              run(stop);
          } catch (...) {}
      }) {}

void Heartbeat::run(const std::stop_token& stop) {
    auto spoken = Clock::now();
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
        look();
        if (Clock::now() - spoken > std::chrono::duration<double>(seconds_)) {
            channel_.tell(sign_of_life(told_));
            spoken = Clock::now();
        }
        woken_.wait_for(lock, stop, kLook, [] { return false; });
    }
}

void Heartbeat::look() {
    if (!drains_ && channel_.hears_draining()) {
        drains_ = true;
        if (calls_.draining) { calls_.draining(); }
    }
    if (!told_ && !drains_ && calls_.stop && calls_.stop()) {
        told_ = true;
        channel_.tell(sign_of_life(true));
    }
}

}  // namespace patchead
