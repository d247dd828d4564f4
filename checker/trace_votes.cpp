#include "checker/trace_votes.hpp"

#include <fmt/format.h>

namespace squall::checker {

void ElectionSafety::role(const TraceRecord& record, const TraceRole& role) {
    const bool leads = role.role == "leader";
    if (leads) {
        invariant_.seen();
    }
    const NodeId leader = leads ? record.node : role.leader;
    if (leader == 0) {
        return;
    }
    const TraceEventId event = TraceEventId::of(record);
    const auto [known, first] = leaders_.try_emplace(role.term, Claim{leader, event});
    if (first || known->second.leader == leader) {
        return;
    }
    const auto words = [](NodeId claimed, NodeId by) {
        return claimed == by ? fmt::format("n{}", claimed)
                             : fmt::format("n{} (as n{} believed)", claimed, by);
    };
    invariant_.violate(event,
                       known->second.by,
                       fmt::format("{} and {} both led term {}",
                                   words(known->second.leader, known->second.by.node),
                                   words(leader, record.node),
                                   role.term));
}

void DurableVotes::durable(const TraceRecord& record,
                           const TraceHardState& state,
                           const char* what) {
    const TraceEventId event = TraceEventId::of(record);
    hard_state_.seen();
    const auto [last, first_told] = last_.try_emplace(record.node, Told{state, event});
    const TraceHardState& before = last->second.state;
    if (state.term < before.term) {
        hard_state_.violate(event,
                            last->second.event,
                            fmt::format("n{} {} term {} after term {} had been durable",
                                        record.node,
                                        what,
                                        state.term,
                                        before.term));
    } else if (state.term == before.term && before.vote != 0 && state.vote != before.vote) {
        hard_state_.violate(
            event,
            last->second.event,
            fmt::format("n{} {} {} in term {} after its vote for n{} had been durable",
                        record.node,
                        what,
                        state.vote == 0 ? "no vote" : fmt::format("a vote for n{}", state.vote),
                        state.term,
                        before.vote));
    }
    last->second = {state, event};
    vote_once_.seen();
    if (state.vote == 0) {
        return;
    }
    const auto [vote, first] =
        votes_.try_emplace({state.term, record.node}, Vote{state.vote, event});
    if (!first && vote->second.to != state.vote) {
        vote_once_.violate(event,
                           vote->second.event,
                           fmt::format("n{} voted for n{} and for n{} in term {}",
                                       record.node,
                                       vote->second.to,
                                       state.vote,
                                       state.term));
    }
}

}  // namespace squall::checker
