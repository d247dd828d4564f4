#include "tests/raft/core/host.hpp"

#include <iterator>

#include "raft/assert.hpp"

namespace squall::raft::test {

namespace {

template <class T>
void move_to(std::vector<T>& to, std::vector<T>& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

CoreConfig config_of(NodeId id, std::vector<NodeId> voters) {
    CoreConfig config;
    config.id = id;
    config.voters = std::move(voters);
    config.max_inflight_messages = 3;
    config.max_append_bytes = 200;
    config.max_uncommitted_bytes = 1000;
    config.snapshot_chunk_bytes = 4;
    config.compaction_margin = 2;
    config.seed = 7;
    return config;
}

std::vector<Entry> entries_of(Index first, const std::vector<Term>& terms) {
    std::vector<Entry> entries;
    for (const Term term : terms) {
        std::string data = std::to_string(term);
        data.append(":").append(std::to_string(first));
        entries.push_back({term, first++, EntryKind::command, std::move(data)});
    }
    return entries;
}

Recovered recovered_of(const std::vector<Term>& terms, HardState hard_state) {
    return {hard_state, std::nullopt, entries_of(1, terms)};
}

Host::Host(const CoreConfig& config, Recovered recovered)
    : core(config, recovered, 0, Time{}), now{}, disk(std::move(recovered)) {}

Outputs Host::take() {
    Ready ready = core.take_ready();
    for (Persist& write : ready.persist) {
        writes.push_back(std::move(write));
    }
    return {std::move(ready.trace),
            std::move(ready.messages),
            std::move(ready.committed),
            std::move(ready.reads),
            std::move(ready.restore)};
}

void Host::persist(std::size_t count) {
    for (; count > 0 && !writes.empty(); --count) {
        const PersistId id = writes.front().id;
        disk.write(writes.front());
        writes.pop_front();
        core.on_persisted(now, id);
    }
}

Outputs Host::settle() {
    Outputs all;
    do {
        persist(writes.size());
        Outputs more = take();
        move_to(all.trace, more.trace);
        move_to(all.messages, more.messages);
        move_to(all.committed, more.committed);
        move_to(all.reads, more.reads);
        if (more.restore) {
            all.restore = std::move(more.restore);
        }
    } while (!writes.empty());
    return all;
}

Outputs Host::step(NodeId from, Message message) {
    core.step(now, {from, core.status().id, std::move(message)});
    return settle();
}

Outputs Host::advance(Duration by) {
    now += by;
    core.tick(now);
    return settle();
}

Outputs Host::advance_to_deadline() {
    return advance(core.next_deadline() - now);
}

std::pair<std::optional<ProposeError>, Outputs> Host::propose(const std::string& command) {
    LogId first;
    const auto error = core.propose(now, {command}, &first);
    return {error, settle()};
}

Outputs Host::lead() {
    advance_to_deadline();
    const Term term = core.status().term + 1;
    step(2, VoteReply{term - 1, term, true, true});
    Outputs outputs = step(2, VoteReply{term, term, false, true});
    ASSERT(core.status().role == Role::leader);
    return outputs;
}

Outputs Host::acknowledge(NodeId from) {
    AppendReply reply;
    reply.term = core.status().term;
    reply.success = true;
    reply.match = core.status().last;
    return step(from, reply);
}

std::vector<Term> Host::log_terms() const {
    std::vector<Term> terms;
    for (Index index = 1; index <= core.status().last; ++index) {
        terms.push_back(core.term_at(index).value_or(0));
    }
    return terms;
}

}  // namespace squall::raft::test
