#include "harness/process/child.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
extern "C" {
#include <sys/pidfd.h>
}

#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/process/args.hpp>
#include <boost/process/child.hpp>
#include <boost/process/env.hpp>
#include <boost/process/environment.hpp>
#include <boost/process/exe.hpp>
#include <boost/process/extend.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/failure.hpp"

namespace squall::harness::process {

namespace {

namespace asio = boost::asio;

/// A descriptor that is closed at the end of the scope.
class File {
  public:
    File(const std::string& path, int flags)
        : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0644)) {
        if (descriptor_ < 0) {
            throw Failure(fmt::format("{}: {}", path, std::strerror(errno)));
        }
    }

    ~File() { ::close(descriptor_); }

    File(const File&) = delete;
    File& operator=(const File&) = delete;

    [[nodiscard]] int descriptor() const { return descriptor_; }

  private:
    int descriptor_;
};

/// Runs in the child between fork and exec: only async-signal-safe calls. What fails here ends the
/// child before it is the program; the parent then sees an exit with code 127.
void prepare_child(pid_t parent, int input, int output, int errors) {
    // A process that dies with its parent's thread needs no cleaning up after a SIGKILL of the
    // harness. The parent may have died before prctl; then the signal will never come.
    bool good = ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && ::getppid() == parent;
    good = good && ::setpgid(0, 0) == 0;
    good = good && ::dup2(input, STDIN_FILENO) >= 0 && ::dup2(output, STDOUT_FILENO) >= 0 &&
           ::dup2(errors, STDERR_FILENO) >= 0;
    // Marked, not closed: the pipe on which Boost reports a failed exec must live until the exec.
    good = good && ::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC) == 0;
    sigset_t none;
    ::sigemptyset(&none);
    good = good && ::sigprocmask(SIG_SETMASK, &none, nullptr) == 0;
    if (!good) {
        ::_exit(127);
    }
}

pid_t spawn(const Command& command) {
    const File nothing("/dev/null", O_RDONLY);
    const File log(command.log_file, O_WRONLY | O_CREAT | O_APPEND);
    const int input = command.input < 0 ? nothing.descriptor() : command.input;
    const int output = command.output < 0 ? log.descriptor() : command.output;
    const pid_t parent = ::getpid();
    namespace bp = boost::process;
    bp::environment environment(boost::this_process::environment());
    for (const auto& [name, value] : command.environment) {
        environment[name] = value;
    }
    try {
        bp::child child(
            bp::exe = command.program,
            bp::args = command.arguments,
            environment,
            bp::extend::on_exec_setup = [&](auto& /*executor*/) {
                prepare_child(parent, input, output, log.descriptor());
            });
        const pid_t id = child.id();
        child.detach();  // We reap it ourselves.
        return id;
    } catch (const bp::process_error& error) {
        throw Failure(fmt::format("cannot start {}: {}", to_string(command), error.what()));
    }
}

/// The state letter in a /proc/.../stat file, which follows the last parenthesis.
char state_in(const std::filesystem::path& stat_file) {
    std::ifstream file(stat_file);
    std::string line;
    std::getline(file, line);
    const std::size_t end_of_name = line.rfind(") ");
    return end_of_name == std::string::npos || end_of_name + 2 >= line.size()
               ? '?'
               : line[end_of_name + 2];
}

}  // namespace

std::string to_string(const Command& command) {
    return fmt::format("{} {}", command.program, fmt::join(command.arguments, " "));
}

std::string describe_exit(int wait_status) {
    if (WIFSIGNALED(wait_status)) {
        const int number = WTERMSIG(wait_status);
        return fmt::format("signal {} ({})", number, ::strsignal(number));
    }
    return fmt::format("exit code {}", WEXITSTATUS(wait_status));
}

class Child::Impl : public std::enable_shared_from_this<Impl> {
  public:
    Impl(asio::io_context& io, const Command& command, OnExit on_exit)
        : pid_(spawn(command)), on_exit_(std::move(on_exit)), watch_(io) {
        // The child is not reaped yet, so its pid cannot be anybody else's.
        const int descriptor = ::pidfd_open(pid_, 0);
        if (descriptor < 0) {
            const int problem = errno;
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
            throw Failure(fmt::format("pidfd_open: {}", std::strerror(problem)));
        }
        watch_.assign(descriptor);
    }

    void watch() {
        watch_.async_wait(asio::posix::stream_descriptor::wait_read,
                          [self = shared_from_this()](const boost::system::error_code& error) {
                              if (!error && self->on_exit_ && self->reap()) {
                                  // Moved out, since the callback may destroy the Child.
                                  const OnExit on_exit = std::exchange(self->on_exit_, nullptr);
                                  on_exit(*self->status_);
                              }
                          });
    }

    [[nodiscard]] bool running() const { return !status_; }

    [[nodiscard]] std::optional<int> status() const { return status_; }

    void signal(int number) const {
        if (running()) {
            ::kill(-pid_, number);
        }
    }

    bool wait(std::chrono::milliseconds limit) {
        on_exit_ = nullptr;
        const auto deadline = std::chrono::steady_clock::now() + limit;
        for (auto left = limit; running() && !reap() && left.count() > 0;) {
            pollfd poller{watch_.native_handle(), POLLIN, 0};
            ::poll(&poller, 1, static_cast<int>(left.count()));  // Signals may cut it short.
            left = std::chrono::ceil<std::chrono::milliseconds>(deadline -
                                                                std::chrono::steady_clock::now());
        }
        return !running() || reap();
    }

    /// Lets the pending wait go.
    void close() {
        boost::system::error_code ignored;
        watch_.close(ignored);
    }

    const pid_t pid_;

  private:
    bool reap() {
        siginfo_t ended{};
        ::waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOHANG | WNOWAIT);
        if (ended.si_pid != pid_) {
            return status_.has_value();
        }
        // While the leader is not reaped the group's id is nobody else's.
        ::kill(-pid_, SIGKILL);
        int status = 0;
        ::waitpid(pid_, &status, 0);
        status_ = status;
        wait_for_group();
        return true;
    }

    /// What the leader had started may hold addresses that the next incarnation needs. Dying takes
    /// a moment; nothing to wait for, mostly.
    void wait_for_group() const {
        constexpr int moments_max = 100;
        constexpr timespec moment{0, 1'000'000};
        for (int i = 0; i < moments_max && ::kill(-pid_, 0) == 0; ++i) {
            ::nanosleep(&moment, nullptr);
        }
    }

    OnExit on_exit_;
    asio::posix::stream_descriptor watch_;  ///< A pidfd: readable when the process has ended.
    std::optional<int> status_;
};

Child::Child(asio::io_context& io, const Command& command, OnExit on_exit)
    : impl_(std::make_shared<Impl>(io, command, std::move(on_exit))) {
    impl_->watch();
}

Child::~Child() {
    constexpr auto dying_takes_at_most = std::chrono::seconds(5);
    impl_->signal(SIGKILL);
    impl_->wait(dying_takes_at_most);
    impl_->close();
}

pid_t Child::id() const {
    return impl_->pid_;
}

bool Child::running() const {
    return impl_->running();
}

std::optional<int> Child::status() const {
    return impl_->status();
}

void Child::signal(int number) {
    impl_->signal(number);
}

bool Child::wait(std::chrono::milliseconds limit) {
    return impl_->wait(limit);
}

bool Child::stopped() const {
    if (!running()) {
        return false;
    }
    // The threads of a group stop one after the other; a node is paused when the last one is. One
    // that waits in the kernel (state D), such as for the child of a vfork that was stopped before
    // it could exec, runs nothing any more either: it stops before it comes back.
    std::error_code error;
    std::filesystem::directory_iterator threads(fmt::format("/proc/{}/task", id()), error);
    for (; !error && threads != std::filesystem::directory_iterator(); threads.increment(error)) {
        const char state = state_in(threads->path() / "stat");
        if (state != 'T' && state != 'D') {
            return false;
        }
    }
    return !error;
}

}  // namespace squall::harness::process
