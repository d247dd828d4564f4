#include "harness/cli/crash_signal.hpp"

#include <array>
#include <cstdlib>
#include <signal.h>
#include <string_view>
#include <unistd.h>

#include "harness/results.hpp"

namespace squall::harness::cli {

namespace {

// A signal handler can reach nothing else. abort() runs it on the thread that failed.
thread_local std::uint64_t seed_of_thread = 0;

/// Only what is allowed in a signal handler.
void say(std::string_view text) {
    static_cast<void>(!write(STDERR_FILENO, text.data(), text.size()));
}

void on_abort(int /*number*/) {
    std::array<char, 20> digits{};
    std::size_t first = digits.size();
    std::uint64_t rest = seed_of_thread;
    do {
        digits[--first] = static_cast<char>('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    say("INVALID: no-crash: an invariant broke in the simulation of seed ");
    say({digits.data() + first, digits.size() - first});
    say("; the same flags with that --seed and without --seeds show it again\n");
    _exit(exit_code(RunVerdict::invalid));
}

}  // namespace

void watch_for_aborts() {
    struct sigaction action {};

    action.sa_handler = on_abort;
    sigaction(SIGABRT, &action, nullptr);
}

void now_simulating(std::uint64_t seed) {
    seed_of_thread = seed;
}

}  // namespace squall::harness::cli
