#include "harness/cli/check_jobs.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <poll.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "harness/failure.hpp"

namespace squall::harness::cli {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const char* what) {
    throw Failure(fmt::format("{}: {}", what, std::generic_category().message(errno)));
}

struct Job {
    std::size_t file = 0;
    pid_t process = -1;
    int results = -1;  ///< The read end of the pipe; JSON, a line each, the last one counts.
    Clock::time_point begun;
    std::string text;
    bool out_of_time = false;
};

void write_line(int descriptor, std::string line) {
    line += '\n';
    std::string_view rest = line;
    while (!rest.empty()) {
        const ssize_t wrote = ::write(descriptor, rest.data(), rest.size());
        if (wrote < 0 && errno != EINTR) {
            _exit(1);
        }
        rest.remove_prefix(wrote < 0 ? 0 : static_cast<std::size_t>(wrote));
    }
}

/// All that the child does.
[[noreturn]] void judge(const std::string& file,
                        const CheckFileOptions& options,
                        int results,
                        pid_t parent) {
    // With squall dies what it started, also if it did so a moment ago.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) {
        _exit(1);
    }
    CheckedFile checked;
    try {
        checked = check_file(
            file, options, [&](const CheckedFile& read) { write_line(results, to_json(read)); });
    } catch (const std::bad_alloc&) {
        checked.file = file;
        checked.reason = "there is not enough memory";
    } catch (const std::exception& error) {
        checked.file = file;
        checked.error = file + ": " + error.what();
    }
    write_line(results, to_json(checked));
    _exit(0);
}

class Jobs {
  public:
    Jobs(const std::vector<std::string>& files,
         const CheckFileOptions& options,
         const CheckJobs& jobs,
         const std::function<void(const CheckedFile&)>& done)
        : files_(files), options_(options), jobs_(jobs), done_(done), results_(files.size()) {}

    Jobs(const Jobs&) = delete;
    Jobs& operator=(const Jobs&) = delete;

    ~Jobs() {
        for (const Job& job : running_) {
            ::kill(job.process, SIGKILL);
            ::close(job.results);
            ::waitpid(job.process, nullptr, 0);
        }
    }

    void run() {
        while (handed_out_ < files_.size()) {
            while (running_.size() < jobs_.at_once && begun_ < files_.size()) {
                begin(begun_++);
            }
            wait();
            while (handed_out_ < files_.size() && results_[handed_out_]) {
                done_(*results_[handed_out_]);
                results_[handed_out_++].reset();
            }
        }
    }

  private:
    void begin(std::size_t file) {
        std::array<int, 2> ends{};
        if (::pipe(ends.data()) != 0) {
            fail("a pipe cannot be made");
        }
        std::fflush(nullptr);
        const pid_t parent = ::getpid();
        const pid_t child = ::fork();
        if (child < 0) {
            fail("a process cannot be made");
        }
        if (child == 0) {
            ::close(ends[0]);
            judge(files_[file], options_, ends[1], parent);
        }
        ::close(ends[1]);
        running_.push_back({file, child, ends[0], Clock::now(), "", false});
    }

    /// Until one of them said something, ended, or ran out of time.
    void wait() {
        std::vector<pollfd> polled;
        int timeout_ms = -1;
        for (Job& job : running_) {
            polled.push_back({job.results, POLLIN, 0});
            if (!jobs_.time || job.out_of_time) {
                continue;
            }
            const auto left = *jobs_.time - (Clock::now() - job.begun);
            if (left <= std::chrono::nanoseconds(0)) {
                job.out_of_time = true;
                ::kill(job.process, SIGKILL);
                continue;
            }
            const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(left).count() + 1;
            const int bounded = static_cast<int>(std::min<long long>(ms, 1'000'000));
            timeout_ms = timeout_ms < 0 ? bounded : std::min(timeout_ms, bounded);
        }
        if (::poll(polled.data(), polled.size(), timeout_ms) < 0 && errno != EINTR) {
            fail("poll");
        }
        for (std::size_t i = polled.size(); i > 0; --i) {
            if (polled[i - 1].revents != 0) {
                receive(i - 1);
            }
        }
    }

    void receive(std::size_t at) {
        std::array<char, 65536> block{};
        Job& job = running_[at];
        const ssize_t got = ::read(job.results, block.data(), block.size());
        if (got > 0) {
            job.text.append(block.data(), static_cast<std::size_t>(got));
            return;
        }
        if (got < 0 && errno == EINTR) {
            return;
        }
        rusage usage{};
        int status = 0;
        while (::wait4(job.process, &status, 0, &usage) < 0 && errno == EINTR) {
        }
        ::close(job.results);
        const Job ended = std::move(job);
        running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(at));
        CheckedFile checked = result_of(ended, status);
        checked.peak_mb = static_cast<double>(usage.ru_maxrss) / 1024;
        results_[ended.file] = std::move(checked);
    }

    [[nodiscard]] CheckedFile result_of(const Job& job, int status) const {
        CheckedFile checked;
        checked.file = files_[job.file];
        std::string_view text = job.text;
        text = text.substr(0, text.rfind('\n') == text.npos ? 0 : text.rfind('\n'));
        const bool read = !text.empty();
        if (read) {
            checked = checked_file_of(text.substr(text.rfind('\n') + 1));
        }
        if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && read) {
            return checked;
        }
        const double seconds = std::chrono::duration<double>(Clock::now() - job.begun).count();
        if (!job.out_of_time) {
            checked.error =
                fmt::format("{}: the checker died {}; this is a bug of squall",
                            checked.file,
                            WIFSIGNALED(status) ? fmt::format("by signal {}", WTERMSIG(status))
                                                : std::string("early"));
            return checked;
        }
        checked.verdict = checker::Verdict::unknown;
        checked.check_ms = seconds * 1000 - checked.read_ms;
        checked.reason =
            read ? fmt::format(
                       "the time is over (--time) after {:.1f} s; {} operations on {} "
                       "keys were read, not all of them judged",
                       seconds,
                       checked.operations,
                       checked.keys)
                 : fmt::format("the time is over (--time) after {:.1f} s, while reading", seconds);
        return checked;
    }

    const std::vector<std::string>& files_;
    const CheckFileOptions& options_;
    const CheckJobs& jobs_;
    const std::function<void(const CheckedFile&)>& done_;
    std::vector<std::optional<CheckedFile>> results_;
    std::vector<Job> running_;
    std::size_t begun_ = 0;
    std::size_t handed_out_ = 0;
};

}  // namespace

void check_files(const std::vector<std::string>& files,
                 const CheckFileOptions& options,
                 const CheckJobs& jobs,
                 const std::function<void(const CheckedFile&)>& done) {
    Jobs(files, options, jobs, done).run();
}

}  // namespace squall::harness::cli
