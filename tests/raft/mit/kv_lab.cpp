#include "tests/raft/mit/kv_lab.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "raft/random.hpp"

namespace squall::raft::mit {

using server::Operation;
using server::Reply;
using server::ReplyStatus;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

/// A clerk that hears nothing for so long asks somebody else.
constexpr Duration patience = milliseconds(100);

server::ServerConfig config_of(NodeId id, std::size_t servers, const LabOptions& options) {
    server::ServerConfig config;
    config.core = options.core;
    config.core.id = id;
    config.core.voters.clear();
    for (NodeId voter = 1; voter <= servers; ++voter) {
        config.core.voters.push_back(voter);
    }
    if (options.bug) {
        config.core.bugs.enable(*options.bug);
    }
    config.snapshot_interval = options.snapshot_every > 0 ? options.snapshot_every : 1'000'000;
    return config;
}

const char* function_of(Operation operation) {
    return operation == Operation::get ? "get" : operation == Operation::put ? "put" : "append";
}

}  // namespace

/// A key-value server as the fleet's machine.
class KvLab::Store final : public Machine {
  public:
    Store(KvLab& lab, NodeId id, const server::ServerConfig& config, Recovered recovered, Time now)
        : lab_(lab), id_(id), server_(config, std::move(recovered), now) {}

    void receive(Time /*now*/, Envelope envelope) override {
        inputs_.emplace_back(server::PeerInput{std::move(envelope)});
    }

    void persisted(Time /*now*/, PersistId id) override {
        inputs_.emplace_back(server::PersistedInput{id});
    }

    void tick(Time /*now*/) override { inputs_.emplace_back(server::TickInput{}); }

    void ask(server::RequestToken token, const server::Request& request) {
        inputs_.emplace_back(server::ClientInput{token, request});
    }

    [[nodiscard]] Output take(Time now) override {
        server::Output output = server_.step(now, std::exchange(inputs_, {}));
        for (const server::ClientReply& reply : output.replies) {
            lab_.deliver(id_, reply);
        }
        return {std::move(output.persist), std::move(output.messages)};
    }

    [[nodiscard]] Time deadline() const override { return server_.next_deadline(); }

    [[nodiscard]] Status status() const override { return server_.status(); }

  private:
    KvLab& lab_;
    NodeId id_;
    server::Server server_;
    std::vector<server::Input> inputs_;
};

KvLab::KvLab(std::size_t servers, const LabOptions& options)
    : fleet(servers,
            options.seed,
            options.bug,
            [this, servers, options](NodeId id, Recovered recovered, Time now) {
                server::ServerConfig config = config_of(id, servers, options);
                config.core.seed = random_bits({options.seed, id, ++lives_[id]});
                return std::make_unique<Store>(*this, id, config, std::move(recovered), now);
            }),
      seed_(options.seed) {
    start_all();
}

KvLab::~KvLab() = default;

KvLab::Clerk& KvLab::clerk() {
    clerks_.push_back(std::make_unique<Clerk>(*this, clerks_.size() + 1));
    return *clerks_.back();
}

// ---- clerks

void KvLab::Clerk::call(Operation operation, std::string key, std::string value, Replied done) {
    request_ = {};
    request_.operation = operation;
    request_.key = std::move(key);
    request_.value = std::move(value);
    if (operation != Operation::get) {
        request_.session = session_;
        request_.sequence = ++sequence_;
    }
    done_ = std::move(done);
    operation_ = lab_.history_.size();
    history::Operation& recorded = lab_.history_.emplace_back();
    recorded.invoked = ++lab_.events_;
    recorded.client = static_cast<history::ClientId>(session_);
    recorded.function = function_of(operation);
    recorded.key = request_.key;
    if (operation != Operation::get) {
        recorded.argument = request_.value;
    }
    try_next(target_);
}

void KvLab::Clerk::try_next(NodeId hint) {
    const auto size = static_cast<NodeId>(lab_.fleet.size());
    for (target_ = hint; !reach.empty() && !reach.contains(target_);) {
        target_ = target_ % size + 1;
    }
    lab_.send(*this, target_, ++attempt_);
    lab_.fleet.at(lab_.fleet.now() + patience, [this, attempt = attempt_, size] {
        if (busy() && attempt == attempt_) {
            try_next(target_ % size + 1);
        }
    });
}

void KvLab::Clerk::on_reply(std::uint64_t attempt, const Reply& reply) {
    if (!busy() || attempt != attempt_) {
        return;
    }
    if (reply.status == ReplyStatus::session_expired || reply.status == ReplyStatus::malformed) {
        throw Failed("a clerk's request was refused for good: " + reply.message);
    }
    if (reply.status != ReplyStatus::ok) {
        // A new attempt, a little later, so that the timer of this one means nothing.
        ++attempt_;
        const auto size = static_cast<NodeId>(lab_.fleet.size());
        const NodeId hint = reply.leader != no_node ? reply.leader : target_ % size + 1;
        lab_.fleet.at(lab_.fleet.now() + milliseconds(10), [this, hint, next = attempt_] {
            if (busy() && next == attempt_) {
                try_next(hint);
            }
        });
        return;
    }
    history::Operation& recorded = lab_.history_[operation_];
    recorded.completed = ++lab_.events_;
    recorded.outcome = history::Outcome::ok;
    if (request_.operation == Operation::get && reply.value) {
        recorded.result = *reply.value;
    }
    std::exchange(done_, nullptr)(reply);
}

std::string KvLab::Clerk::wait(Operation operation,
                               const std::string& key,
                               const std::string& value) {
    std::string result;
    bool over = false;
    const Time began = lab_.fleet.now();
    call(operation, key, value, [&](const Reply& reply) {
        result = reply.value.value_or("");
        over = true;
    });
    lab_.wait_until([&] { return over; }, seconds(10), "an answer");
    lab_.measures.at_most(
        "ms until a clerk is answered",
        std::chrono::duration<double, std::milli>(lab_.fleet.now() - began).count(),
        10'000);
    return result;
}

void KvLab::Clerk::put(const std::string& key, const std::string& value) {
    wait(Operation::put, key, value);
}

void KvLab::Clerk::append(const std::string& key, const std::string& value) {
    wait(Operation::append, key, value);
}

std::string KvLab::Clerk::get(const std::string& key) {
    return wait(Operation::get, key, "");
}

void KvLab::send(Clerk& clerk, NodeId id, std::uint64_t attempt) {
    const auto latency = fleet.network.fate(true);
    if (!latency) {
        return;
    }
    fleet.at(fleet.now() + *latency, [this, &clerk, id, attempt, request = clerk.request_] {
        if (fleet.running(id)) {
            waiting_[++tokens_] = {&clerk, attempt};
            static_cast<Store&>(fleet.machine(id)).ask(tokens_, request);
            fleet.settle(id);
        }
    });
}

void KvLab::deliver(NodeId /*id*/, const server::ClientReply& reply) {
    const Waiting waiting = waiting_.at(reply.token);
    waiting_.erase(reply.token);
    if (const auto latency = fleet.network.fate(false)) {
        fleet.at(fleet.now() + *latency, [waiting, answer = reply.reply] {
            waiting.clerk->on_reply(waiting.attempt, answer);
        });
    }
}

// ---- the cluster

void KvLab::wait_until(const std::function<bool()>& condition, Duration limit, const char* what) {
    for (const Time end = fleet.now() + limit; !condition();) {
        if (fleet.now() >= end) {
            throw Failed(fmt::format("waited in vain for {}", what));
        }
        sleep(milliseconds(1));
    }
}

std::uint64_t KvLab::below(std::uint64_t bound) {
    return random_bits({seed_, 1, draws_++}) % bound;
}

NodeId KvLab::leader() {
    NodeId found = no_node;
    wait_until(
        [&] {
            for (NodeId id = 1; id <= fleet.size(); ++id) {
                const bool leads =
                    fleet.running(id) && fleet.machine(id).status().role == Role::leader;
                found = leads ? id : found;
            }
            return found != no_node;
        },
        seconds(5),
        "a leader");
    return found;
}

void KvLab::crash_all() {
    for (NodeId id = 1; id <= fleet.size(); ++id) {
        fleet.crash(id);
    }
}

void KvLab::start_all() {
    for (NodeId id = 1; id <= fleet.size(); ++id) {
        fleet.start(id);
    }
}

void KvLab::repartition() {
    std::vector<std::vector<NodeId>> parts(2);
    for (NodeId id = 1; id <= fleet.size(); ++id) {
        parts[below(2)].push_back(id);
    }
    fleet.split(parts);
}

void KvLab::heal() {
    std::vector<NodeId> all;
    for (NodeId id = 1; id <= fleet.size(); ++id) {
        all.push_back(id);
    }
    fleet.split({all});
}

double KvLab::log_bytes() const {
    std::size_t most = 0;
    for (NodeId id = 1; id <= fleet.size(); ++id) {
        most = std::max(most, fleet.log_bytes(id));
    }
    return static_cast<double>(most);
}

double KvLab::snapshot_bytes() const {
    std::size_t most = 0;
    for (NodeId id = 1; id <= fleet.size(); ++id) {
        most = std::max(most, fleet.snapshot_bytes(id));
    }
    return static_cast<double>(most);
}

}  // namespace squall::raft::mit
