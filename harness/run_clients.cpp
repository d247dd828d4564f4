#include "harness/run_clients.hpp"

#include <algorithm>

namespace squall::harness {

namespace {

// After a *fail* a client waits at least so long: a cluster without a leader refuses in no time
// (in virtual time: literally), and asking it in a tight loop would fill the history with nothing.
constexpr Duration pause_after_fail = std::chrono::milliseconds(5);

}  // namespace

Clients::Clients(const Plan& plan, workloads::Generator& generator, Operations& operations)
    : plan_(plan), generator_(generator), operations_(operations), gaps_(plan.seed, "gaps") {
    for (std::uint32_t slot = 0; slot < plan.concurrency; ++slot) {
        slots_.push_back(Slot{operations.new_session(), slot % plan.nodes + 1, 0, {}, {}});
    }
    if (plan.operations) {
        for (const PlannedOperation& operation : *plan.operations) {
            slots_.at(operation.slot).listed.push_back(&operation);
        }
    }
}

void Clients::start(Time now) {
    for (std::uint32_t slot = 0; slot < slots_.size(); ++slot) {
        wait(slot, plan_.operations ? next_listed(slots_[slot]) : now + gap(slot));
    }
}

void Clients::stop() {
    stopped_ = true;
    due_ = {};
}

void Clients::run_due(Time now) {
    while (!due_.empty() && due_.top().first <= now) {
        const std::uint32_t index = due_.top().second;
        due_.pop();
        invoke_next(index, now);
    }
}

void Clients::invoke_next(std::uint32_t index, Time now) {
    Slot& slot = slots_[index];
    const std::uint64_t ordinal = slot.ordinal++;
    NodeId node = slot.home;
    if (plan_.operations) {
        node = slot.listed[ordinal]->node;
        slot.next = next_listed(slot);
    } else {
        // From start to start, so that slow answers do not lower the rate; from this start, not
        // from when it was due, so that a stall is not followed by a burst.
        slot.next = now + gap(index);
        if (plan_.deleted_operations.contains({index, ordinal})) {
            wait(index, slot.next);
            return;
        }
    }
    operations_.invoke(
        Owner{false, index}, slot.session, node, generator_.operation(index, ordinal));
}

void Clients::wait(std::uint32_t index, Time until) {
    if (until != never) {
        due_.emplace(until, index);
    }
}

void Clients::completed(Time now, const Completed& ended) {
    const std::uint32_t index = ended.owner.index;
    const history::EventType outcome = ended.event.type;
    Slot& slot = slots_[index];
    if (outcome == history::EventType::ok && workloads::is_mutation(ended.request.function)) {
        ++slot.session.done;
    }
    // Nobody knows whether the operation is over, so its client may not start another; and a
    // client that the server has forgotten would be turned away for ever.
    if (outcome == history::EventType::info || ended.event.error == "session-expired") {
        slot.session = operations_.new_session();
    }
    if (!stopped_ && slot.next != never) {
        const bool failed = outcome == history::EventType::fail;
        due_.emplace(std::max(slot.next, failed ? now + pause_after_fail : now), index);
    }
}

std::optional<Time> Clients::next_due() const {
    return due_.empty() ? std::nullopt : std::optional<Time>(due_.top().first);
}

Time Clients::next_listed(const Slot& slot) const {
    return slot.ordinal < slot.listed.size() ? slot.listed[slot.ordinal]->at : never;
}

/// Uniform around the mean that gives the plan's rate.
Duration Clients::gap(std::uint32_t slot) const {
    if (plan_.rate <= 0) {
        return Duration::zero();
    }
    const double mean_ns = 1e9 * static_cast<double>(plan_.concurrency) / plan_.rate;
    const double drawn = 2 * mean_ns * gaps_.unit(slot, slots_[slot].ordinal);
    return Duration(static_cast<Duration::rep>(drawn));
}

}  // namespace squall::harness
