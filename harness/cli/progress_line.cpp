#include "harness/cli/progress_line.hpp"

#include <cstdio>
#include <unistd.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace squall::harness::cli {
namespace {

constexpr Duration plain_interval = std::chrono::seconds(5);
constexpr std::size_t width = 150;

}  // namespace

std::string progress_text(Time now, const Progress& progress, double rate) {
    std::string text =
        fmt::format("{:6.1f} s  {:<6} {:>6} ops {:>5.0f}/s  ok {} fail {} info {}  leader {}",
                    history::to_seconds(now),
                    progress.phase,
                    progress.invoked,
                    rate,
                    progress.ok,
                    progress.fail,
                    progress.info,
                    progress.leader == 0 ? "?" : fmt::format("n{}", progress.leader));
    if (progress.remaining.count() > 0) {
        text += fmt::format("  {:.0f} s left", history::to_seconds(progress.remaining));
    }
    if (!progress.active_faults.empty()) {
        text += fmt::format("  [{}]", fmt::join(progress.active_faults, "; "));
    }
    return text;
}

ProgressLine::ProgressLine() : terminal_(isatty(STDERR_FILENO) == 1) {}

ProgressLine::~ProgressLine() {
    if (open_) {
        std::fputc('\n', stderr);
    }
}

void ProgressLine::show(Time now, const Progress& progress) {
    if (now > counted_at_) {
        const double passed = history::to_seconds(now - counted_at_);
        if (passed >= 0.4) {
            rate_ = static_cast<double>(progress.invoked - counted_) / passed;
            counted_ = progress.invoked;
            counted_at_ = now;
        }
    }
    std::string text = progress_text(now, progress, rate_);
    if (terminal_) {
        if (text.size() > width) {
            text.resize(width);
        }
        fmt::print(stderr, "\r{:<{}}", text, width);
        std::fflush(stderr);
        open_ = true;
        return;
    }
    if (progress.phase != phase_ || now - printed_at_ >= plain_interval) {
        fmt::print(stderr, "{}\n", text);
        phase_ = progress.phase;
        printed_at_ = now;
    }
}

}  // namespace squall::harness::cli
