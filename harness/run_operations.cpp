#include "harness/run_operations.hpp"

namespace squall::harness {

using history::Event;
using history::EventType;
using history::Outcome;

Operations::Operations(const Plan& plan, RunOutput& output)
    : timeout_(plan.operation_timeout), output_(output) {}

void Operations::invoke(Owner owner,
                        const Session& session,
                        NodeId node,
                        workloads::Request request) {
    Event event;
    event.type = EventType::invoke;
    event.client = session.client;
    event.node = node;
    event.function = request.function;
    event.key = request.key;
    event.value = request.value;
    event.final_read = owner.final_reader;
    output_.record(std::move(event));

    const OpId op = next_op_++;
    const std::uint64_t sequence =
        session.done + (workloads::is_mutation(request.function) ? 1U : 0U);
    output_.push(Invoke{Invocation{op, session.client, sequence, node, request, timeout_}});
    open_.emplace_hint(
        open_.end(), op, Open{owner, session.client, std::move(request), output_.now() + timeout_});
}

std::optional<Completed> Operations::complete(OpId op, const Answer& answer) {
    const auto found = open_.find(op);
    if (found == open_.end()) {
        return std::nullopt;
    }
    return finish(found, answer);
}

std::vector<Completed> Operations::expire() {
    std::vector<Completed> expired;
    while (!open_.empty() && open_.begin()->second.deadline <= output_.now()) {
        const auto& [op, open] = *open_.begin();
        Answer answer;
        // A read that nobody waits for any more changes nothing; a mutation may yet take effect.
        answer.outcome =
            workloads::is_mutation(open.request.function) ? Outcome::info : Outcome::fail;
        answer.error = "timeout";
        const OpId abandoned = op;
        expired.push_back(finish(open_.begin(), answer));
        output_.push(Abandon{abandoned});
    }
    return expired;
}

std::optional<Time> Operations::next_deadline() const {
    return open_.empty() ? std::nullopt : std::optional<Time>(open_.begin()->second.deadline);
}

Completed Operations::finish(OpenOperations::iterator position, const Answer& answer) {
    Open open = std::move(position->second);
    open_.erase(position);

    Event event;
    event.client = open.client;
    event.node = answer.node;
    event.function = open.request.function;
    event.key = open.request.key;
    event.final_read = open.owner.final_reader;
    switch (answer.outcome) {
        case Outcome::ok:
            event.type = EventType::ok;
            event.value = answer.value;
            event.applied = answer.applied;
            event.position = answer.position;
            ++ok_;
            break;
        case Outcome::fail:
            event.type = EventType::fail;
            event.error = answer.error;
            ++fail_;
            break;
        case Outcome::info:
            event.type = EventType::info;
            event.error = answer.error;
            ++info_;
            break;
    }
    output_.record(event);
    return Completed{open.owner, std::move(open.request), std::move(event)};
}

void Operations::count_into(Progress& progress) const {
    progress.invoked = next_op_ - 1;
    progress.ok = ok_;
    progress.fail = fail_;
    progress.info = info_;
}

}  // namespace squall::harness
