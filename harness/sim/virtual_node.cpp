#include "harness/sim/virtual_node.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <span>
#include <utility>

#include "harness/failure.hpp"
#include "harness/sim/between.hpp"

namespace squall::harness::sim {

using raft::server::Input;
using std::chrono::microseconds;

namespace {

/// What the buffers between a paused node and the others hold.
constexpr std::size_t inbox_max = 20'000;

/// How long a batch keeps a node busy. What arrives meanwhile makes the next batch.
constexpr Duration service_min = microseconds(5);
constexpr Duration service_max = microseconds(50);

/// Small, so that a few hundred entries already meet the end of a segment.
constexpr std::uint64_t segment_bytes = std::uint64_t{64} << 10U;

/// What a node's random bits are used for; each counts its own ordinals.
enum Draw : std::uint64_t { service, resume, core_seed, draws };

raft::zoo::Bugs bugs_of(const Plan& plan) {
    raft::zoo::Bugs bugs;
    if (plan.bug.empty()) {
        return bugs;
    }
    if (!raft::zoo::Bugs::compiled_in) {
        throw UsageError("bug '" + plan.bug + "': this build has none; build with SQUALL_ZOO=ON");
    }
    const std::optional<raft::zoo::Bug> bug = raft::zoo::find(plan.bug);
    if (!bug) {
        throw UsageError("bug '" + plan.bug + "' is not known; `squall list` names them");
    }
    bugs.enable(*bug);
    return bugs;
}

}  // namespace

VirtualNode::VirtualNode(const Plan& plan, NodeId id, bool assertions_off)
    : id_(id), stream_(plan.seed, "node"), disk_(plan.seed, id) {
    raft::zoo::Bugs bugs = bugs_of(plan);
    if (assertions_off) {
        bugs.switch_assertions_off();
    }
    raft::CoreConfig& core = server_config_.core;
    core.id = id;
    for (NodeId voter = 1; voter <= plan.nodes; ++voter) {
        core.voters.push_back(voter);
    }
    core.heartbeat_interval = plan.timing.heartbeat;
    core.election_timeout_min = plan.timing.election_min;
    core.election_timeout_max = plan.timing.election_max;
    core.compaction_margin = plan.compaction_margin();
    if (plan.limits) {
        core.max_inflight_messages = plan.limits->max_inflight;
        core.max_append_bytes = plan.limits->max_append_bytes;
        core.snapshot_chunk_bytes = plan.limits->snapshot_chunk_bytes;
    }
    core.bugs = bugs;
    server_config_.snapshot_interval = plan.snapshot_interval;
    storage_config_.node = id;
    storage_config_.cluster = 1;
    storage_config_.segment_bytes = plan.limits ? plan.limits->segment_bytes : segment_bytes;
    storage_config_.salt_seed = history::Stream(plan.seed, "salt").bits(id, 0);
    storage_config_.bugs = bugs;
}

std::optional<VirtualNode::Refusal> VirtualNode::start(Time now) {
    ++incarnation_;
    disk_.begin(now);
    raft::server::ServerConfig config = server_config_;
    config.core.seed = stream_.bits(id_ * draws + Draw::core_seed, incarnation_);
    try {
        storage_ = std::make_unique<raft::storage::Storage>(disk_, storage_config_);
        raft::Recovered recovered = storage_->take_recovered();
        found_ = FoundOnDisk::of(recovered);
        server_.emplace(config, std::move(recovered), read_clock(now));
    } catch (const raft::storage::DiskError& error) {
        crash(disk_.idle_at(), VirtualDisk::Crash::process);
        return Refusal{error.what(), true};
    } catch (const std::exception& error) {
        crash(disk_.idle_at(), VirtualDisk::Crash::process);
        return Refusal{error.what(), false};
    }
    busy_until_ = disk_.idle_at();
    return std::nullopt;
}

void VirtualNode::kill(Time now) {
    if (up()) {
        crash(now, VirtualDisk::Crash::process);
    }
}

void VirtualNode::lose_power(Time now) {
    crash(now, VirtualDisk::Crash::power);
}

void VirtualNode::crash(Time now, VirtualDisk::Crash kind) {
    writing_.clear();
    queued_writes_.clear();
    inbox_.clear();
    batch_max_ = no_limit;
    server_.reset();
    storage_.reset();
    write_error_.clear();
    doom_.clear();
    paused_ = false;
    disk_.crash(now, kind);
}

void VirtualNode::resume() {
    paused_ = false;
    // Timers and sockets are ready at once: how much has been read from them when the process first
    // looks at its clock is chance.
    const std::uint64_t bits = stream_.bits(id_ * draws + Draw::resume, steps_);
    if ((bits & 1U) == 0) {
        batch_max_ = (bits >> 1U) % (inbox_.size() + 1);
    }
}

bool VirtualNode::offer(Input input) {
    if (inbox_.size() >= inbox_max) {
        return false;
    }
    inbox_.push_back(std::move(input));
    return true;
}

raft::server::Output VirtualNode::step(Time now) {
    std::vector<Input> batch;
    if (inbox_.size() <= batch_max_) {
        batch.swap(inbox_);
    } else {
        const auto end = inbox_.begin() + static_cast<std::ptrdiff_t>(batch_max_);
        batch.assign(std::move_iterator(inbox_.begin()), std::move_iterator(end));
        inbox_.erase(inbox_.begin(), end);
    }
    batch_max_ = no_limit;
    raft::server::Output output = server_->step(read_clock(now), std::move(batch));
    asked_ = output.persist.size();
    for (raft::Persist& persist : output.persist) {
        queued_writes_.push_back(std::move(persist));
    }
    output.persist.clear();
    const std::uint64_t bits = stream_.bits(id_ * draws + Draw::service, ++steps_);
    busy_until_ = now + between(bits, service_min, service_max);
    return output;
}

Time VirtualNode::read_clock(Time now) {
    const Time own = clock_.own(now);
    clock_reading_.offset = own - now;
    if (clock_.bent() && changes_met_ != clock_.changes()) {
        changes_met_ = clock_.changes();
        ++clock_reading_.changes;
    }
    return own;
}

std::optional<Time> VirtualNode::begin_write(Time now) {
    if (!writing_.empty() || queued_writes_.empty() || !doom_.empty()) {
        return std::nullopt;
    }
    writing_.swap(queued_writes_);
    disk_.begin(now);
    try {
        storage_->write(writing_);
    } catch (const raft::storage::DiskError& error) {
        write_error_ = error.what();
    }
    return disk_.idle_at();
}

void VirtualNode::end_write() {
    if (writing_.empty()) {
        return;  // It was the recovery that was stuck.
    }
    if (!write_error_.empty()) {
        doom_ = std::exchange(write_error_, {});
        return;
    }
    // Not through `offer`: what the log thread tells the Raft thread has room of its own.
    inbox_.emplace_back(raft::server::PersistedInput{writing_.back().id});
    writing_.clear();
}

std::optional<Time> VirtualNode::set_disk_rule(Time now, const nemesis::DiskRule& rule) {
    const bool was_stuck = disk_.idle_at() == Time::max();
    disk_.set_rule(now, rule);
    if (!up() || !was_stuck || disk_.idle_at() == Time::max()) {
        return std::nullopt;
    }
    if (busy_until_ == Time::max()) {
        busy_until_ = disk_.idle_at();  // It was stuck in its recovery.
    }
    return disk_.idle_at();
}

}  // namespace squall::harness::sim
