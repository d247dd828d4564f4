#include "harness/process/node_process.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sys/wait.h>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace squall::harness::process {

namespace asio = boost::asio;

class NodeProcess::Impl {
  public:
    Impl(asio::io_context& io, history::NodeId node, Command command, Events events)
        : command_(std::move(command)),
          io_(io),
          node_(node),
          events_(std::move(events)),
          timer_(io) {}

    void want(bool down, bool paused) {
        want_down_ = down;
        want_paused_ = paused;
        reconcile();
    }

    [[nodiscard]] bool up() const { return child_ && child_->running(); }

    [[nodiscard]] bool paused() const { return up() && pause_ == Pause::confirmed; }

    [[nodiscard]] std::optional<pid_t> id() const {
        return up() ? std::optional(child_->id()) : std::nullopt;
    }

    void ask_to_end() {
        ending_ = true;
        if (child_) {
            // Nobody has run the io_context since the run ended.
            ended_unasked_ = child_->wait(std::chrono::milliseconds(0)) && !killing_;
            // A stopped process sees the SIGTERM only after SIGCONT.
            child_->signal(SIGCONT);
            child_->signal(SIGTERM);
        }
    }

    Ending finish(std::chrono::milliseconds grace) {
        ending_ = true;
        Ending ending;
        if (child_) {
            ending.had_to_die = !child_->wait(grace) && !killing_;
            if (const auto status = child_->status();
                status && (ended_unasked_ || !as_asked(*status))) {
                ending.crash = describe_exit(*status);
            }
        }
        timer_.cancel();
        child_.reset();
        return ending;
    }

    const Command command_;

  private:
    enum class Pause : std::uint8_t { none, asked, confirmed };

    /// Is this how a program ends on SIGTERM, or on the SIGKILL that was already on its way?
    [[nodiscard]] bool as_asked(int status) const {
        constexpr int terminated = 128 + SIGTERM;  // As shells and virtual machines say it.
        if (WIFEXITED(status)) {
            return WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == terminated;
        }
        return WTERMSIG(status) == SIGTERM || (WTERMSIG(status) == SIGKILL && killing_);
    }

    void reconcile() {
        if (ending_ || died_) {
            return;
        }
        if (up()) {
            if (want_down_ && !killing_) {
                killing_ = true;
                child_->signal(SIGKILL);  // Works on a stopped process, too.
            }
            if (!killing_) {
                reconcile_pause();
            }
        } else if (!want_down_) {
            start();
            reconcile_pause();
        }
    }

    void reconcile_pause() {
        if (want_paused_ && pause_ == Pause::none) {
            pause_ = Pause::asked;
            child_->signal(SIGSTOP);
            confirm_pause();
        } else if (!want_paused_ && pause_ != Pause::none) {
            pause_ = Pause::none;
            timer_.cancel();
            child_->signal(SIGCONT);
            events_.resumed(node_);
        }
    }

    /// Until the last thread has stopped; ends with a resumption or an exit at the latest.
    void confirm_pause() {
        if (pause_ != Pause::asked || !up()) {
            return;
        }
        if (child_->stopped()) {
            pause_ = Pause::confirmed;
            events_.paused(node_);
            return;
        }
        timer_.expires_after(std::chrono::milliseconds(1));
        timer_.async_wait([this](const boost::system::error_code& error) {
            if (!error) {
                confirm_pause();
            }
        });
    }

    void start() {
        killing_ = false;
        pause_ = Pause::none;
        Command command = command_;
        events_.spawning(node_, command);
        child_ = std::make_unique<Child>(io_, command, [this](int status) { on_exit(status); });
        events_.started(node_);
    }

    void on_exit(int status) {
        timer_.cancel();
        child_.reset();
        pause_ = Pause::none;
        if (ending_) {
            return;
        }
        // A node that crashed just before our signal has crashed.
        const bool by_us = killing_ && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
        if (!by_us) {
            died_ = true;
            events_.died(node_, describe_exit(status));
            return;
        }
        events_.killed(node_);
        reconcile();
    }

    asio::io_context& io_;
    const history::NodeId node_;
    const Events events_;
    asio::steady_timer timer_;
    std::unique_ptr<Child> child_;
    bool want_down_ = false;
    bool want_paused_ = false;
    bool killing_ = false;
    bool died_ = false;
    bool ending_ = false;
    bool ended_unasked_ = false;
    Pause pause_ = Pause::none;
};

NodeProcess::NodeProcess(asio::io_context& io, history::NodeId node, Command command, Events events)
    : impl_(std::make_unique<Impl>(io, node, std::move(command), std::move(events))) {}

NodeProcess::~NodeProcess() = default;

void NodeProcess::want(bool down, bool paused) {
    impl_->want(down, paused);
}

bool NodeProcess::up() const {
    return impl_->up();
}

bool NodeProcess::paused() const {
    return impl_->paused();
}

std::optional<pid_t> NodeProcess::id() const {
    return impl_->id();
}

const Command& NodeProcess::command() const {
    return impl_->command_;
}

void NodeProcess::ask_to_end() {
    impl_->ask_to_end();
}

NodeProcess::Ending NodeProcess::finish(std::chrono::milliseconds grace) {
    return impl_->finish(grace);
}

std::string last_words(const std::string& log_file, std::size_t lines_max) {
    constexpr std::streamoff bytes_max = 4096;
    std::ifstream file(log_file, std::ios::binary | std::ios::ate);
    if (!file) {
        return {};
    }
    // No further than the end as it was: a node may write faster than we read.
    const std::streamoff size = file.tellg();
    const std::streamoff wanted = std::min(size, bytes_max);
    std::string text(static_cast<std::size_t>(wanted), '\0');
    file.seekg(size - wanted);
    file.read(text.data(), wanted);
    text.resize(static_cast<std::size_t>(file.gcount()));
    while (!text.empty() && text.back() == '\n') {
        text.pop_back();
    }
    std::size_t from = text.size();
    for (std::size_t lines = 0; lines < lines_max && from != 0 && from != std::string::npos;
         ++lines) {
        from = text.rfind('\n', from - 1);
    }
    return from == std::string::npos || from == 0 ? text : text.substr(from + 1);
}

bool trim_log(const std::string& log_file, std::uintmax_t bytes_max) {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(log_file, error);
    if (error || size <= bytes_max) {
        return false;
    }
    // The node appends, so that it goes on at the new end.
    constexpr std::size_t lines_max = 1000;  // Of the last 4 KiB.
    const std::string end = last_words(log_file, lines_max);
    std::filesystem::resize_file(log_file, 0, error);
    std::ofstream(log_file, std::ios::binary | std::ios::app)
        << "squall: " << size << " bytes of this log were dropped; it went on:\n"
        << end << '\n';
    return !error;
}

}  // namespace squall::harness::process
