// What must be durable before what is said (figure 2). Writes are cut from what changed, confirmed
// in order, and messages that promise something wait for the write that makes it true.
#include <algorithm>
#include <utility>

#include "raft/assert.hpp"
#include "raft/core_impl.hpp"

namespace squall::raft {

void Core::Impl::cut_persist() {
    if (!pending_.snapshot && !pending_.hard_state && !log_.unwritten()) {
        return;
    }
    pending_.id = ++issued_;
    log_.write_to(pending_);
    if (pending_.hard_state) {
        hard_state_write_ = issued_;
    }
    writes_.push_back(
        {issued_, pending_.hard_state, std::exchange(pending_snapshot_, std::nullopt)});
    out_.persist.push_back(std::exchange(pending_, {}));
}

PersistId Core::Impl::everything_durable() const {
    const bool pending = pending_.snapshot || pending_.hard_state || log_.unwritten();
    return pending ? issued_ + 1 : issued_;
}

PersistId Core::Impl::term_durable() const {
    return pending_.hard_state ? issued_ + 1 : hard_state_write_;
}

void Core::Impl::send(NodeId to, Message message) {
    out_.messages.push_back({config_.id, to, std::move(message)});
}

void Core::Impl::send_after(PersistId after, NodeId to, Message message) {
    if (after <= confirmed_) {
        send(to, std::move(message));
    } else if (held_.size() < limits::held_messages) {
        held_.push_back({after, {config_.id, to, std::move(message)}});
    }
}

void Core::Impl::release_held() {
    const auto ready = [this](const Held& held) { return held.after <= confirmed_; };
    for (Held& held : held_) {
        if (ready(held)) {
            out_.messages.push_back(std::move(held.envelope));
        }
    }
    std::erase_if(held_, ready);
}

void Core::Impl::on_persisted(Time now, PersistId id) {
    advance_clock(now);
    ASSERT(id <= issued_);
    if (id <= confirmed_) {
        return;
    }
    confirmed_ = id;
    while (!writes_.empty() && writes_.front().id <= id) {
        const Write& write = writes_.front();
        if (write.hard_state) {
            durable_hard_state_ = *write.hard_state;
            out_.trace.emplace_back(HardStateTrace{durable_hard_state_});
        }
        if (write.snapshot && !write.snapshot->installed) {
            out_.trace.emplace_back(*write.snapshot);
        } else if (write.snapshot && installing_ && installing_->last == write.snapshot->last) {
            // The application replaces its state and then tells the trace, for it knows the hash.
            applied_ = installing_->last.index;
            out_.restore = std::exchange(installing_, std::nullopt);
        }
        writes_.pop_front();
    }
    if (log_.confirm(id)) {
        const Index durable = log_.durable();
        out_.trace.emplace_back(DurableTrace{{*log_.term_at(durable), durable}});
    }
    if (role_ == Role::candidate && durable_hard_state_ == hard_state_) {
        add_vote(config_.id);
    } else if (role_ == Role::leader) {
        advance_leader_commit();
    }
    release_held();
    check_invariants();
}

}  // namespace squall::raft
