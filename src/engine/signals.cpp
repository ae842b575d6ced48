#include "signals.hpp"

#include <atomic>
#include <csignal>
#include <initializer_list>

#include "patchead/engine/run_sweep.hpp"

namespace patchead::inline engine_detail {
namespace {

std::atomic<int> received = 0;
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may use nothing else");

void note(int signal) {
    int none = 0;
    received.compare_exchange_strong(none, signal);
}

}  // namespace

int stop_signal() { return received; }

}  // namespace patchead::inline engine_detail

namespace patchead {

void watch_stop_signals(bool interrupt) {
    struct sigaction action {};
    action.sa_handler = note;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    for (const int signal : {SIGTERM, SIGUSR1}) { sigaction(signal, &action, nullptr); }
    if (interrupt) { sigaction(SIGINT, &action, nullptr); }
}

}  // namespace patchead
