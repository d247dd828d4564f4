#include "harness/process/stdio_wiring.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <optional>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include "harness/maelstrom/exchange.hpp"
#include "harness/maelstrom/messages.hpp"
#include "harness/process/link_queue.hpp"
#include "harness/process/stdio_node.hpp"

namespace squall::harness::process {

namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
using maelstrom::Breach;
using nemesis::Link;
using nemesis::LinkRule;

constexpr auto look_interval = std::chrono::milliseconds(50);

/// One direction between two nodes.
struct Lane {
    Lane(Link link, std::uint64_t seed) : state{link, history::Stream(seed, "links")} {}

    LinkState state;
    LinkQueue queue{state, LinkQueue::Begins::with_a_message};
};

class StdioWiring final : public Wiring {
  public:
    StdioWiring(asio::io_context& io, const Plan& plan, const StdioOptions& options, News news)
        : io_(io),
          plan_(plan),
          options_(options),
          news_(std::move(news)),
          exchange_(plan.nodes),
          lane_timer_(io),
          look_timer_(io) {
        // A node that ends leaves a pipe that nobody reads; writing to it is an error, no end of
        // us.
        sigset_t broken_pipe;
        ::sigemptyset(&broken_pipe);
        ::sigaddset(&broken_pipe, SIGPIPE);
        ::pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
        if (!plan.leader_pattern.empty()) {
            pattern_.emplace(plan.leader_pattern);
        }
        for (NodeId from = 1; from <= plan.nodes; ++from) {
            for (NodeId to = 1; to <= plan.nodes; ++to) {
                if (from != to) {
                    const Link link{from, to};
                    lanes_.try_emplace(link, link, plan.seed).first->second.state.rule = standing();
                }
            }
        }
    }

    [[nodiscard]] Command command(NodeId node, const std::string& directory) override {
        nodes_.try_emplace(node,
                           node,
                           plan_.nodes,
                           directory,
                           pattern_ ? &*pattern_ : nullptr,
                           options_.show_logs);
        Command command{plan_.program.front(),
                        {plan_.program.begin() + 1, plan_.program.end()},
                        directory + "/log"};
        command.environment["SQUALL_DATA_DIR"] = directory + "/data";
        command.environment["RAFT_DATA_DIR"] = directory + "/data";
        if (!pattern_) {
            command.environment["SQUALL_TRACE_DIR"] = directory + "/trace";
        }
        return command;
    }

    void start() override { look(); }

    [[nodiscard]] bool leaders_are_seen() const override { return false; }

    void spawning(NodeId node, Command& command) override {
        nodes_.at(node).spawning(
            io_,
            {.line = [this, node](std::string_view line) { on_line(node, line); },
             .line_too_long =
                 [this, node](std::string_view start) {
                     breaches_.add(node, Breach::line_too_long, start);
                 },
             .flood = [this, node] { breaches_.add(node, Breach::flood, {}); },
             .closed = [this, node] { nodes_.at(node).output_ended(); }},
            command);
    }

    void on_change(NodeId node, Change change) override {
        StdioNode& changed = nodes_.at(node);
        switch (change) {
            case Change::started:
                changed.started();
                break;
            case Change::paused:
            case Change::resumed:
                changed.set_paused(change == Change::paused);
                break;
            case Change::ended:
                changed.ended();
                for (const auto& step : exchange_.node_ended(node)) {
                    take(step);
                }
                break;
        }
        for (auto& [link, lane] : lanes_) {
            if (link.to == node) {
                lane.state.receiver_running =
                    change == Change::started || change == Change::resumed;
            }
        }
    }

    void invoke(const Invocation& invocation) override { take(exchange_.invoke(invocation)); }

    void abandon(OpId op) override { exchange_.abandon(op); }

    void apply_links(std::map<Link, LinkRule> rules,
                     std::function<void(LinkReadings)> done) override {
        LinkReadings readings;
        for (const auto& [link, lane] : lanes_) {
            readings.emplace(link, lane.state.counters);
        }
        for (const auto& [link, rule] : rules) {
            Lane& lane = lanes_.at(link);
            lane.state.rule = nemesis::combine(standing(), rule);
            if (rule.cut) {
                lane.queue.cut();
            }
        }
        asio::post(io_, [done = std::move(done), readings = std::move(readings)]() mutable {
            done(std::move(readings));
        });
    }

    [[nodiscard]] std::vector<checker::Check> checks() const override {
        std::uint64_t duplicated = 0;
        for (const auto& [link, lane] : lanes_) {
            duplicated += lane.state.counters.duplicated;
        }
        return {breaches_.check(duplicated > 0)};
    }

  private:
    [[nodiscard]] LinkRule standing() const {
        LinkRule rule;
        rule.delay = plan_.latency;
        return rule;
    }

    void on_line(NodeId from, std::string_view line) {
        const auto read = maelstrom::read_envelope(line);
        if (const auto* problem = std::get_if<std::string>(&read)) {
            breaches_.add(from, Breach::not_a_message, fmt::format("{}: {}", *problem, line));
            return;
        }
        const auto& envelope = std::get<maelstrom::Envelope>(read);
        if (maelstrom::node_of(envelope.src, plan_.nodes) != from) {
            breaches_.add(from, Breach::false_sender, line);
            return;
        }
        if (const NodeId to = maelstrom::node_of(envelope.dest, plan_.nodes); to != 0) {
            pass_on(from, to, fmt::format("{}\n", line));
        } else if (envelope.dest == maelstrom::init_sender) {
            if (nodes_.at(from).initialised_by(envelope.type, envelope.in_reply_to)) {
                report_state(from);
            }
        } else if (envelope.dest.starts_with('c')) {
            const maelstrom::Exchange::Heard heard = exchange_.heard(envelope, line);
            if (heard.breach) {
                breaches_.add(from, *heard.breach, line);
            }
            if (heard.step) {
                take(*heard.step);
            }
        } else {
            breaches_.add(from, Breach::no_such_receiver, line);
        }
    }

    void pass_on(NodeId from, NodeId to, const std::string& message) {
        if (from == to) {
            deliver(to, message);
            return;
        }
        Lane& lane = lanes_.at({from, to});
        if (lane.queue.full()) {
            breaches_.add(from, Breach::flood, {});
            return;
        }
        const Clock::time_point now = Clock::now();
        lane.queue.arrive(message, now);
        forward(lane, now);
        arm_lane_timer();
    }

    void forward(Lane& lane, Clock::time_point now) {
        // What is due at once may be more than the queue hands over in one go.
        while (true) {
            lane.queue.advance(now);
            const std::string bytes = lane.queue.take();
            if (bytes.empty()) {
                return;
            }
            deliver(lane.state.link.to, bytes);
        }
    }

    void deliver(NodeId to, std::string_view bytes) {
        StdioNode& receiver = nodes_.at(to);
        if (receiver.deliver(bytes) == StdioNode::Delivery::unread && !receiver.paused()) {
            breaches_.add(to, Breach::input_unread, {});
        }
    }

    void arm_lane_timer() {
        std::optional<Clock::time_point> due;
        for (const auto& [link, lane] : lanes_) {
            const auto next = lane.queue.next_due();
            due = due && (!next || *due <= *next) ? due : next;
        }
        if (!due || (lane_due_ && *lane_due_ <= *due)) {
            return;
        }
        lane_due_ = due;
        lane_timer_.expires_at(*due);
        lane_timer_.async_wait([this](const boost::system::error_code& error) {
            if (error) {
                return;
            }
            lane_due_.reset();
            const Clock::time_point now = Clock::now();
            for (auto& [link, lane] : lanes_) {
                forward(lane, now);
            }
            arm_lane_timer();
        });
    }

    /// Carries a request to its node, or from node to node until one takes it or none is left.
    void take(maelstrom::Exchange::Step step) {
        while (const auto* send = std::get_if<maelstrom::Exchange::Send>(&step)) {
            if (nodes_.at(send->node).deliver(send->line) == StdioNode::Delivery::done) {
                return;
            }
            step = exchange_.refused(send->op);
        }
        const auto& done = std::get<maelstrom::Exchange::Done>(step);
        news_.answered(done.op, done.answer);
    }

    void look() {
        for (auto& [id, node] : nodes_) {
            if (node.look()) {
                breaches_.add(id, Breach::output_closed, {});
            }
        }
        for (const auto& [id, node] : nodes_) {
            report_state(id);
        }
        look_timer_.expires_after(look_interval);
        look_timer_.async_wait([this](const boost::system::error_code& error) {
            if (!error) {
                look();
            }
        });
    }

    void report_state(NodeId id) {
        const StdioNode& node = nodes_.at(id);
        Observed observed;
        observed.node = id;
        observed.up = node.serving() && !node.paused();
        observed.role = "unknown";
        observed.term = node.term_led();
        if (node.term_led() > 0) {
            observed.role = leads(id) ? "leader" : "unknown";
        }
        news_.observed(observed);
    }

    /// Nobody claims a later term.
    [[nodiscard]] bool leads(NodeId id) const {
        const std::uint64_t term = nodes_.at(id).term_led();
        return std::none_of(nodes_.begin(), nodes_.end(), [&](const auto& entry) {
            return entry.second.term_led() > term;
        });
    }

    asio::io_context& io_;
    const Plan& plan_;
    const StdioOptions options_;
    const News news_;
    std::optional<maelstrom::LeaderPattern> pattern_;
    maelstrom::Exchange exchange_;
    maelstrom::BreachLog breaches_;
    std::map<Link, Lane> lanes_;
    asio::steady_timer lane_timer_;
    std::optional<Clock::time_point> lane_due_;
    asio::steady_timer look_timer_;
    std::map<NodeId, StdioNode> nodes_;
};

}  // namespace

std::unique_ptr<Wiring> make_stdio_wiring(asio::io_context& io,
                                          const Plan& plan,
                                          const StdioOptions& options,
                                          Wiring::News news) {
    return std::make_unique<StdioWiring>(io, plan, options, std::move(news));
}

}  // namespace squall::harness::process
