#include "harness/cli/suite_progress.hpp"

#include <algorithm>
#include <cstdio>
#include <sys/ioctl.h>
#include <unistd.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace squall::harness::cli {
namespace {

constexpr double plain_interval_s = 30;

/// A line that wraps could not be overwritten.
std::size_t line_width() {
    constexpr std::size_t most = 150;
    winsize size{};
    const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
    return known ? std::min<std::size_t>(size.ws_col - 1U, most) : most;
}

}  // namespace

std::string clock_text(double seconds) {
    const auto whole = static_cast<std::int64_t>(seconds < 0 ? 0 : seconds);
    const std::int64_t hours = whole / 3600;
    return hours > 0 ? fmt::format("{}:{:02}:{:02}", hours, whole / 60 % 60, whole % 60)
                     : fmt::format("{}:{:02}", whole / 60, whole % 60);
}

std::string to_text(const SuiteProgress& progress) {
    return fmt::format("{} of about {}  {} of {} cells, {} seeds, {}  {}",
                       clock_text(progress.elapsed_s),
                       clock_text(progress.elapsed_s + progress.left_s),
                       progress.ended,
                       progress.cells,
                       progress.seeds,
                       progress.failures == 0   ? "no failure"
                       : progress.failures == 1 ? "1 failure"
                                                : fmt::format("{} failures", progress.failures),
                       fmt::join(progress.running, "  "));
}

SuiteProgressLine::SuiteProgressLine() : terminal_(::isatty(STDERR_FILENO) == 1) {}

SuiteProgressLine::~SuiteProgressLine() {
    clear();
}

void SuiteProgressLine::clear() {
    if (open_) {
        fmt::print(stderr, "\r\x1b[K");
        std::fflush(stderr);
        open_ = false;
    }
}

void SuiteProgressLine::show(const SuiteProgress& progress) {
    if (!terminal_ && progress.elapsed_s - printed_at_ < plain_interval_s) {
        return;
    }
    printed_at_ = progress.elapsed_s;
    std::string text = to_text(progress);
    if (!terminal_) {
        fmt::print(stderr, "squall: {}\n", text);
        return;
    }
    text.resize(std::min(text.size(), line_width()));
    fmt::print(stderr, "\r\x1b[K{}", text);
    std::fflush(stderr);
    open_ = true;
}

void SuiteProgressLine::say(const std::string& text) {
    clear();
    fmt::print(stderr, "squall: {}\n", text);
}

}  // namespace squall::harness::cli
