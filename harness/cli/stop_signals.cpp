#include "harness/cli/stop_signals.hpp"

#include <signal.h>
#include <unistd.h>

namespace squall::harness::cli {
namespace {

// A signal handler can reach nothing but a global; lock-free atomics are allowed in it.
std::atomic<int> requests{0};
static_assert(std::atomic<int>::is_always_lock_free);

void on_signal(int /*number*/) {
    if (requests.fetch_add(1) >= 2) {
        // The third time somebody means it. Children die with us (parent-death signal).
        _exit(3);
    }
}

}  // namespace

const std::atomic<int>& watch_stop_signals() {
    struct sigaction action {};

    action.sa_handler = on_signal;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    return requests;
}

}  // namespace squall::harness::cli
