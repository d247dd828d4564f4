#include "harness/cli/compare_runner.hpp"

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/cli/compare_tool.hpp"
#include "harness/compare/recorded_run.hpp"
#include "harness/failure.hpp"
#include "harness/process/child.hpp"
#include "history/text_input.hpp"

namespace squall::harness::cli {
namespace {

using Clock = std::chrono::steady_clock;

/// Simulations take milliseconds; one that takes so long does not end.
constexpr auto answer_within = std::chrono::seconds(60);
constexpr std::size_t line_bytes_max = 64 * 1024;

struct Gone {};

struct Late {};

}  // namespace

/// The child and both ends of its pipes that are ours, never blocking.
class CompareRunner::Pipes {
  public:
    Pipes(const std::string& program, const std::string& log, const std::atomic<int>& stop_requests)
        : stop_requests_(stop_requests) {
        int to[2] = {-1, -1};
        int from[2] = {-1, -1};
        if (::pipe2(to, O_CLOEXEC) != 0 || ::pipe2(from, O_CLOEXEC) != 0) {
            throw Failure(fmt::format("pipe: {}", std::strerror(errno)));
        }
        in_ = to[1];
        out_ = from[0];
        ::fcntl(in_, F_SETFL, O_NONBLOCK);
        ::fcntl(out_, F_SETFL, O_NONBLOCK);
        try {
            child_.emplace(io_,
                           process::Command{.program = program,
                                            .arguments = {},
                                            .log_file = log,
                                            .input = to[0],
                                            .output = from[1]},
                           [](int /*status*/) {});
        } catch (...) {
            close_all(to[0], from[1]);
            throw;
        }
        ::close(to[0]);
        ::close(from[1]);
    }

    ~Pipes() { close_all(-1, -1); }

    Pipes(const Pipes&) = delete;
    Pipes& operator=(const Pipes&) = delete;

    void write(std::string_view bytes) {
        const auto deadline = Clock::now() + answer_within;
        while (!bytes.empty()) {
            const ssize_t written = ::write(in_, bytes.data(), bytes.size());
            if (written > 0) {
                bytes.remove_prefix(static_cast<std::size_t>(written));
            } else if (errno == EAGAIN || errno == EINTR) {
                wait_for(in_, POLLOUT, deadline);
            } else {
                throw Gone();
            }
        }
    }

    std::string read_line() {
        const auto deadline = Clock::now() + answer_within;
        std::size_t end = buffer_.find('\n');
        while (end == std::string::npos) {
            if (buffer_.size() > line_bytes_max) {
                throw Gone();
            }
            read_some(deadline);
            end = buffer_.find('\n');
        }
        std::string line = buffer_.substr(0, end);
        buffer_.erase(0, end + 1);
        return line;
    }

    std::string read_bytes(std::size_t size) {
        const auto deadline = Clock::now() + answer_within;
        while (buffer_.size() < size) {
            read_some(deadline);
        }
        std::string bytes = buffer_.substr(0, size);
        buffer_.erase(0, size);
        return bytes;
    }

    /// After it is gone.
    std::string describe_end() {
        if (child_->wait(std::chrono::seconds(5)) && child_->status()) {
            return process::describe_exit(*child_->status());
        }
        return "no answer";
    }

  private:
    void read_some(Clock::time_point deadline) {
        char block[65536];
        const ssize_t got = ::read(out_, block, sizeof block);
        if (got > 0) {
            buffer_.append(block, static_cast<std::size_t>(got));
        } else if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
            wait_for(out_, POLLIN, deadline);
        } else {
            throw Gone();
        }
    }

    void wait_for(int file, short what, Clock::time_point deadline) const {
        pollfd poller{file, what, 0};
        ::poll(&poller, 1, 200);
        if (stop_requests_ > 0) {
            throw Interrupted();
        }
        if (Clock::now() > deadline) {
            throw Late();
        }
    }

    void close_all(int a, int b) {
        for (const int file : {in_, out_, a, b}) {
            if (file >= 0) {
                ::close(file);
            }
        }
    }

    const std::atomic<int>& stop_requests_;
    boost::asio::io_context io_;
    int in_ = -1;
    int out_ = -1;
    std::optional<process::Child> child_;
    std::string buffer_;
};

CompareRunner::CompareRunner(std::string program,
                             std::string log,
                             const std::atomic<int>& stop_requests)
    : program_(std::move(program)), log_(std::move(log)), stop_requests_(stop_requests) {
    // A runner that is gone is noticed by what write says. Blocked, not ignored: what is ignored
    // would stay so in the nodes that are started later.
    sigset_t pipes;
    ::sigemptyset(&pipes);
    ::sigaddset(&pipes, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipes, nullptr);
    launch();
}

CompareRunner::~CompareRunner() = default;

void CompareRunner::launch() {
    pipes_.reset();
    pipes_ = std::make_unique<Pipes>(program_, log_, stop_requests_);
    std::string greeting;
    try {
        greeting = pipes_->read_line();
    } catch (const Gone&) {
        throw Failure(fmt::format("{} ended at once: {}", program_, pipes_->describe_end()));
    } catch (const Late&) {
        throw Failure(program_ + " says nothing");
    }
    const auto json = nlohmann::json::parse(greeting, nullptr, false);
    if (!json.is_object() || json.value("squall_runner", 0) != compare::runner_version) {
        throw Failure(fmt::format("{} greets with {}, not with version {}",
                                  program_,
                                  history::printable(greeting),
                                  compare::runner_version));
    }
}

void CompareRunner::start(const Plan& plan) {
    const std::string text = to_json(plan);
    try {
        pipes_->write(fmt::format("run {}\n", text.size()));
        pipes_->write(text);
    } catch (const Gone&) {
        return;  // `await` finds it gone.
    } catch (const Late&) {
        return;
    }
}

SimulatedHead CompareRunner::await() {
    SimulatedHead head;
    std::string line;
    try {
        line = pipes_->read_line();
    } catch (const Gone&) {
        head.died = how_it_died();
        launch();
        return head;
    } catch (const Late&) {
        head.died = fmt::format("no end after {} s", answer_within.count());
        head.hung = true;
        launch();
        return head;
    }
    const auto json = nlohmann::json::parse(line, nullptr, false);
    if (!json.is_object()) {
        throw Failure(program_ + " answers with something else than JSON");
    }
    if (json.contains("error")) {
        throw Failure(fmt::format("the simulator of that build does not take the plan: {}",
                                  history::printable(json["error"].dump())));
    }
    head.digest = json.value("digest", "");
    head.processor_time = std::chrono::nanoseconds(json.value("processor_ns", std::uint64_t{0}));
    return head;
}

std::string CompareRunner::how_it_died() {
    return pipes_->describe_end();
}

std::string CompareRunner::recording() {
    try {
        pipes_->write("record\n");
        const std::string line = pipes_->read_line();
        std::size_t size = 0;
        const auto parsed = std::from_chars(line.data(), line.data() + line.size(), size);
        if (parsed.ec != std::errc{} || size > compare::recorded_bytes_max) {
            throw Failure(program_ + " has no recording");
        }
        return pipes_->read_bytes(size);
    } catch (const Gone&) {
        throw Failure(program_ + " ended while it told of a run: " + how_it_died());
    } catch (const Late&) {
        throw Failure(program_ + " does not tell of a run");
    }
}

}  // namespace squall::harness::cli
