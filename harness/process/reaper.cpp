#include "harness/process/reaper.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <optional>
#include <poll.h>
#include <string>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

#include "harness/failure.hpp"

namespace squall::harness::process {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int exit_void = 3;
constexpr auto ending_takes_at_most = std::chrono::seconds(10);

/// Where the front's signal handler writes; a handler can reach nothing but a global.
int lifeline = -1;

extern "C" void pass_down(int number) {
    const int problem = errno;
    const auto byte = static_cast<unsigned char>(number);
    // A full pipe has more than enough signals in it.
    static_cast<void>(!::write(lifeline, &byte, 1));
    errno = problem;
}

sigset_t set_of(std::initializer_list<int> numbers) {
    sigset_t set;
    ::sigemptyset(&set);
    for (const int number : numbers) {
        ::sigaddset(&set, number);
    }
    return set;
}

/// Of those children of this process that belong to `session`, if one is given. Also dead ones.
std::vector<pid_t> children(std::optional<pid_t> session) {
    std::vector<pid_t> found;
    std::error_code error;
    std::filesystem::directory_iterator entry("/proc", error);
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        const std::string name = entry->path().filename();
        pid_t id = 0;
        if (std::from_chars(name.data(), name.data() + name.size(), id).ec != std::errc()) {
            continue;
        }
        std::ifstream file(entry->path() / "stat");
        std::string line;
        std::getline(file, line);
        const std::size_t end_of_name = line.rfind(") ");
        char state = '?';
        pid_t parent = 0;
        pid_t group = 0;
        pid_t of_session = 0;
        if (end_of_name != std::string::npos &&
            std::sscanf(line.c_str() + end_of_name + 2,
                        "%c %d %d %d",
                        &state,
                        &parent,
                        &group,
                        &of_session) == 4 &&
            parent == ::getpid() && (!session || *session == of_session)) {
            found.push_back(id);
        }
    }
    return found;
}

/// Kills until there is nothing left to kill. A child that is not reaped keeps its id, and its own
/// children become ours before its end can be seen, so that none slips through.
void end_children(std::optional<pid_t> session) {
    const Clock::time_point deadline = Clock::now() + ending_takes_at_most;
    for (;;) {
        const std::vector<pid_t> left = children(session);
        if (left.empty()) {
            return;
        }
        for (const pid_t id : left) {
            ::kill(id, SIGKILL);  // Works on a stopped process, too.
        }
        for (const pid_t id : left) {
            ::waitpid(id, nullptr, WNOHANG);
        }
        if (Clock::now() > deadline) {
            fmt::print(stderr,
                       "squall: {} processes cannot be killed, among them {}\n",
                       left.size(),
                       left.front());
            return;
        }
        constexpr timespec a_moment{0, 1'000'000};
        ::nanosleep(&a_moment, nullptr);
    }
}

/// Reaps everything that has ended. The worker's status, if it is among it.
std::optional<int> reap_ended(pid_t worker) {
    std::optional<int> result;
    int status = 0;
    for (pid_t id = 0; (id = ::waitpid(-1, &status, WNOHANG)) > 0;) {
        if (id == worker) {
            result = status;
        }
    }
    return result;
}

/// The worker's status; nothing when the front has died.
std::optional<int> watch(pid_t worker, int lifeline_end, int endings) {
    for (;;) {
        std::array<pollfd, 2> pollers = {{{lifeline_end, POLLIN, 0}, {endings, POLLIN, 0}}};
        if (::poll(pollers.data(), pollers.size(), -1) < 0) {
            continue;  // EINTR.
        }
        if (pollers[1].revents != 0) {
            signalfd_siginfo ignored;
            static_cast<void>(!::read(endings, &ignored, sizeof(ignored)));
            if (const std::optional<int> status = reap_ended(worker)) {
                return status;
            }
        }
        if (pollers[0].revents != 0) {
            unsigned char number = 0;
            const ssize_t got = ::read(lifeline_end, &number, 1);
            if (got == 0) {
                return std::nullopt;
            }
            if (got == 1) {
                ::kill(worker, number);
            }
        }
    }
}

int exit_code_of(int status, const char* who) {
    if (WIFEXITED(status)) {
        return WEXITSTATUS(status);
    }
    const int number = WTERMSIG(status);
    fmt::print(stderr,
               "squall: void: {} was ended by signal {} ({}); nothing that it started is left, and "
               "`squall report DIR` judges what it has recorded\n",
               who,
               number,
               ::strsignal(number));
    return exit_void;
}

/// Returns in the worker only.
void be_reaper(int lifeline_end, const sigset_t& workers_mask) {
    ::setsid();
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    // Whoever kills all that is called squall shall not hit the one that cleans up.
    ::prctl(PR_SET_NAME, "reaper");
    sigset_t everything;
    ::sigfillset(&everything);
    ::sigprocmask(SIG_SETMASK, &everything, nullptr);
    const sigset_t child_ended = set_of({SIGCHLD});
    const int endings = ::signalfd(-1, &child_ended, SFD_CLOEXEC | SFD_NONBLOCK);
    const pid_t self = ::getpid();
    const pid_t worker = endings < 0 ? -1 : ::fork();
    if (worker == 0) {
        if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ::getppid() != self) {
            ::_exit(exit_void);  // The reaper is dead already.
        }
        ::prctl(PR_SET_NAME, "squall");
        ::close(lifeline_end);
        ::close(endings);
        ::sigprocmask(SIG_SETMASK, &workers_mask, nullptr);
        return;
    }
    if (worker < 0) {
        fmt::print(stderr, "squall: void: cannot start a process: {}\n", std::strerror(errno));
        ::_exit(exit_void);
    }
    const std::optional<int> status = watch(worker, lifeline_end, endings);
    end_children(std::nullopt);
    ::_exit(status ? exit_code_of(*status, "the process of the run") : exit_void);
}

/// The front's whole life.
[[noreturn]] void await(pid_t reaper) {
    siginfo_t info{};
    while (::waitid(P_PID, static_cast<id_t>(reaper), &info, WEXITED | WNOWAIT) != 0) {
        if (errno != EINTR) {
            ::_exit(exit_void);
        }
    }
    int status = exit_void << 8;  // As waitpid tells it.
    if (info.si_code == CLD_EXITED) {
        ::waitpid(reaper, &status, 0);
    } else {
        // It is a session leader still, since it is not reaped: nobody else's session has its id.
        // Children that the caller had before are in other sessions.
        end_children(reaper);
        status = info.si_status;
    }
    ::_exit(exit_code_of(status, "the reaper"));
}

}  // namespace

void live_under_a_reaper() {
    std::fflush(nullptr);  // What is buffered must not be written twice.
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
        throw Failure(fmt::format("pipe: {}", std::strerror(errno)));
    }
    ::signal(SIGCHLD, SIG_DFL);  // Whoever ignores it gets no status.
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    const sigset_t stops = set_of({SIGINT, SIGTERM});
    sigset_t mask;
    ::sigprocmask(SIG_BLOCK, &stops, &mask);
    const pid_t reaper = ::fork();
    if (reaper < 0) {
        throw Failure(fmt::format("cannot start a process: {}", std::strerror(errno)));
    }
    if (reaper == 0) {
        ::close(ends[1]);
        be_reaper(ends[0], mask);
        return;
    }
    ::close(ends[0]);
    lifeline = ends[1];

    struct sigaction action {};

    action.sa_handler = pass_down;
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
    ::sigprocmask(SIG_SETMASK, &mask, nullptr);
    await(reaper);
}

}  // namespace squall::harness::process
