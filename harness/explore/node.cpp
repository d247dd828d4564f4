#include "harness/explore/node.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "harness/sim/node_crash.hpp"
#include "raft/assert.hpp"
#include "raft/image.hpp"
#include "raft/log.hpp"
#include "raft/random.hpp"

namespace squall::harness::explore {

using raft::Index;
using raft::Term;

namespace {

constexpr raft::Duration heartbeat = std::chrono::milliseconds(1);
/// No number of heartbeats comes near.
constexpr raft::Duration quorum_check = std::chrono::hours(1);

raft::Core core_of_image(const raft::CoreConfig& config,
                         std::string_view image,
                         Disk& disk,
                         std::deque<raft::Persist>& writes) {
    raft::image::Reader reader(image);
    ASSERT(reader.number() == config.id);
    Disk::archive(reader, disk);
    reader(writes);
    for (raft::PersistId id = 1; raft::Persist & write : writes) {
        write.id = id++;
    }
    return raft::Core::of_image(config, reader, raft::Time{});
}

std::uint64_t content_of(const raft::Entry& entry) {
    std::uint64_t content = raft::random_bits({static_cast<std::uint64_t>(entry.kind)});
    for (const char byte : entry.data) {
        content = raft::random_bits({content, static_cast<std::uint64_t>(byte)});
    }
    return content | 1U;  // 0 stands for not known.
}

}  // namespace

raft::CoreConfig config_of(raft::NodeId id, const Options& options) {
    raft::CoreConfig config;
    config.id = id;
    for (raft::NodeId voter = 1; voter <= options.nodes; ++voter) {
        config.voters.push_back(voter);
    }
    if (options.batch > 0) {
        // Commands are a digit or two.
        config.max_append_bytes = options.batch * (raft::cost_of(2) + 1);
    }
    config.heartbeat_interval = heartbeat;
    config.election_timeout_min = {};
    config.election_timeout_max = quorum_check;
    config.bugs = options.bugs;
    return config;
}

Node::Node(const raft::CoreConfig& config) : config_(&config), core_(config, {}, 0, raft::Time{}) {
    static_cast<void>(core_.take_ready());
}

Node::Node(const raft::CoreConfig& config, std::string_view image)
    : config_(&config), core_(core_of_image(config, image, disk_, writes_)) {}

void Node::write_image(std::string& out, std::span<const raft::NodeId> names) const {
    raft::image::Writer writer(out, names);
    writer(config_->id);
    Disk::archive(writer, disk_);
    writer(writes_);
    core_.write_image(writer);
}

std::vector<Term> Node::log() const {
    std::vector<Term> terms(core_.status().last);
    for (Index index = 1; index <= terms.size(); ++index) {
        terms[index - 1] = core_.term_at(index).value_or(0);
    }
    return terms;
}

Outcome Node::step(const Input& input, bool instant_disk) {
    Outcome outcome;
    const raft::Status before = status();
    const std::vector<Term> log_before = log();
    try {
        const sim::NodeCrashGuard guard;
        feed(input, outcome);
        take(outcome);
        while (instant_disk && !writes_.empty() && !outcome.violation) {
            end_write(outcome);
            take(outcome);
        }
    } catch (const sim::NodeCrash& crash) {
        outcome.violation =
            Violation{"assertion",
                      config_->id,
                      before.term,
                      0,
                      fmt::format("n{} failed its own {}", config_->id, crash.last_words),
                      std::nullopt};
        return outcome;
    }
    const raft::Status after = status();
    if (after.role == raft::Role::leader) {
        const bool led = before.role == raft::Role::leader && input.kind != InputKind::crash;
        if (!led || after.term != before.term) {
            outcome.facts.insert(outcome.facts.begin(), Fact{FactKind::led, after.term});
        } else {
            const std::vector<Term> log_after = log();
            const bool kept = log_after.size() >= log_before.size() &&
                              std::equal(log_before.begin(), log_before.end(), log_after.begin());
            if (!kept) {
                fail(outcome, "leader-append-only", 0, "led and replaced entries of its own");
            }
        }
    }
    return outcome;
}

void Node::feed(const Input& input, Outcome& outcome) {
    switch (input.kind) {
        case InputKind::message:
            core_.step(now_, *input.message);
            break;
        case InputKind::election_timeout:
            now_ = std::max(now_, core_.next_deadline());
            core_.tick(now_);
            break;
        case InputKind::heartbeat:
            now_ += 2 * heartbeat;
            core_.tick(now_);
            break;
        case InputKind::step_down:
            now_ += 2 * quorum_check;
            core_.tick(now_);
            break;
        case InputKind::propose: {
            raft::LogId first;
            static_cast<void>(core_.propose(now_, {std::to_string(input.argument)}, &first));
            break;
        }
        case InputKind::read:
            if (const std::optional<raft::ReadId> id = core_.read_index(now_)) {
                outcome.facts.push_back({FactKind::read_begun, 0, 0, raft::no_node, *id});
            }
            break;
        case InputKind::persist:
            end_write(outcome);
            break;
        case InputKind::crash:
            restart(input.argument, outcome);
            break;
    }
}

void Node::end_write(Outcome& outcome) {
    const raft::Persist write = std::move(writes_.front());
    writes_.pop_front();
    if (const std::optional<std::string> problem = disk_.write(write)) {
        fail(outcome, "durable-hard-state", 0, *problem);
    }
    core_.on_persisted(now_, write.id);
}

void Node::restart(std::size_t parts, Outcome& outcome) {
    for (const raft::Persist& write : std::exchange(writes_, {})) {
        const std::size_t done = std::min(parts, Disk::parts(write));
        parts -= done;
        static_cast<void>(disk_.write(write, done));
    }
    raft::Recovered recovered = disk_.recover(config_->bugs);
    const raft::HardState& durable = disk_.hard_state();
    if (recovered.hard_state != durable) {
        fail(outcome,
             "durable-hard-state",
             0,
             fmt::format("starts with term {} and {}, although term {} and {} had been durable",
                         recovered.hard_state.term,
                         recovered.hard_state.voted_for == raft::no_node
                             ? std::string("no vote")
                             : fmt::format("a vote for n{}", recovered.hard_state.voted_for),
                         durable.term,
                         durable.voted_for == raft::no_node
                             ? std::string("no vote")
                             : fmt::format("a vote for n{}", durable.voted_for)));
    }
    core_ = raft::Core(*config_, std::move(recovered), 0, now_);
    outcome.facts.push_back({FactKind::restarted});
}

void Node::take(Outcome& outcome) {
    raft::Ready ready = core_.take_ready();
    for (raft::Persist& write : ready.persist) {
        writes_.push_back(std::move(write));
    }
    for (const raft::TraceEvent& event : ready.trace) {
        if (const auto* commit = std::get_if<raft::CommitTrace>(&event)) {
            outcome.facts.push_back(
                {commit->match.empty() ? FactKind::learned : FactKind::committed,
                 commit->term,
                 commit->index});
        }
    }
    for (raft::Envelope& envelope : ready.messages) {
        audit(envelope, outcome);
        outcome.messages.push_back(std::move(envelope));
    }
    for (const raft::Entry& entry : ready.committed) {
        outcome.facts.push_back(
            {FactKind::applied, entry.term, entry.index, raft::no_node, content_of(entry)});
        if (!disk_.holds(entry.id())) {
            fail(outcome, "durable-acknowledgement", entry.index, "applied what is not durable");
        }
    }
    for (const raft::ReadState& read : ready.reads) {
        outcome.facts.push_back({read.confirmed ? FactKind::read_confirmed : FactKind::read_failed,
                                 0,
                                 read.index,
                                 raft::no_node,
                                 read.id});
    }
}

/// Figure 2: what a message promises is durable before it leaves.
void Node::audit(const raft::Envelope& said, Outcome& outcome) const {
    const raft::HardState& durable = disk_.hard_state();
    const auto* campaign = std::get_if<raft::VoteRequest>(&said.message);
    if (campaign != nullptr && campaign->pre_vote) {
        return;
    }
    if (durable.term < raft::term_of(said.message)) {
        fail(outcome,
             "durable-acknowledgement",
             0,
             fmt::format("speaks of term {} to n{}, but its disk knows only term {}",
                         raft::term_of(said.message),
                         said.to,
                         durable.term));
        return;
    }
    std::optional<Fact> vote;
    std::optional<Index> match;
    if (campaign != nullptr) {
        vote = Fact{FactKind::voted, campaign->term, 0, config_->id};
    } else if (const auto* reply = std::get_if<raft::VoteReply>(&said.message)) {
        if (reply->granted && !reply->pre_vote) {
            vote = Fact{FactKind::voted, reply->request_term, 0, said.to};
        }
    } else if (const auto* append = std::get_if<raft::AppendReply>(&said.message)) {
        match = append->success ? std::optional(append->match) : std::nullopt;
    }
    if (vote) {
        // A campaign says it to everybody.
        const bool told =
            std::any_of(outcome.facts.begin(), outcome.facts.end(), [&](const Fact& f) {
                return f.kind == FactKind::voted && f.term == vote->term && f.other == vote->other;
            });
        if (!told) {
            outcome.facts.push_back(*vote);
        }
        if (durable.term == vote->term && durable.voted_for != vote->other) {
            fail(outcome,
                 "durable-acknowledgement",
                 0,
                 fmt::format("gave n{} its vote in term {}, but its disk does not know of it",
                             vote->other,
                             vote->term));
        }
    }
    const std::optional<Term> term = match ? core_.term_at(*match) : std::nullopt;
    if (match && (!term || !disk_.holds({*term, *match}))) {
        fail(outcome,
             "durable-acknowledgement",
             *match,
             fmt::format(
                 "acknowledged index {} to n{}, but its disk does not hold it", *match, said.to));
    }
}

void Node::fail(Outcome& outcome, const char* property, Index index, std::string what) const {
    if (!outcome.violation) {
        outcome.violation = Violation{property,
                                      config_->id,
                                      core_.status().term,
                                      index,
                                      fmt::format("n{} {}", config_->id, what),
                                      std::nullopt};
    }
}

}  // namespace squall::harness::explore
