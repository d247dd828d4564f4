#include "harness/cli/zoo_progress.hpp"

#include <cstdio>
#include <unistd.h>

#include <fmt/format.h>

#include "harness/cli/stopwatch.hpp"

namespace squall::harness::cli {
namespace {

std::string in_words(double seconds) {
    constexpr double minute = 60;
    return seconds < 2 * minute ? fmt::format("{:.0f} s", seconds)
                                : fmt::format("{:.0f} min", seconds / minute);
}

}  // namespace

ZooProgress::ZooProgress(std::size_t bugs) : bugs_(bugs), terminal_(::isatty(STDERR_FILENO) == 1) {}

void ZooProgress::step(const std::string& what) {
    const std::scoped_lock lock(mutex_);
    const Clock::time_point now = Clock::now();
    if (!terminal_ || now - shown_ < std::chrono::milliseconds(200)) {
        return;
    }
    shown_ = now;
    clear();
    fmt::print(stderr, "  {}", what);
    std::fflush(stderr);
}

void ZooProgress::done(const std::string& slug, const std::string& outcome, bool fresh) {
    const std::scoped_lock lock(mutex_);
    ++done_;
    fresh_ += fresh ? 1U : 0U;
    const double seconds = seconds_since(begun_);
    std::string left;
    if (fresh_ > 0 && done_ < bugs_) {
        const double each = seconds / static_cast<double>(fresh_);
        left = ", about " + in_words(each * static_cast<double>(bugs_ - done_)) + " left";
    }
    clear();
    fmt::print(stderr,
               "squall: {:>2} of {}: {} {} ({}{})\n",
               done_,
               bugs_,
               slug,
               outcome,
               fresh ? in_words(seconds) : "known from before",
               left);
}

void ZooProgress::clear() const {
    if (terminal_) {
        fmt::print(stderr, "\r\x1b[K");
    }
}

}  // namespace squall::harness::cli
