#include "tests/raft/mit/list_machine.hpp"

#include <iterator>
#include <utility>

#include "raft/assert.hpp"
#include "raft/bytes.hpp"

namespace squall::raft::mit {

namespace {

std::string encode_list(const ListMachine::List& list) {
    std::string bytes;
    for (const std::string& command : list) {
        put_bytes(bytes, command);
    }
    return bytes;
}

ListMachine::List decode_list(const Snapshot& snapshot) {
    ListMachine::List list;
    ByteReader reader(*snapshot.data);
    while (!reader.failed() && !reader.complete()) {
        list.emplace_back(reader.get_bytes());
    }
    ASSERT(list.size() == snapshot.last.index);
    return list;
}

template <typename T>
void move_to(std::vector<T>& to, std::vector<T>& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

ListMachine::ListMachine(
    const CoreConfig& config, Recovered recovered, Index snapshot_every, Learn learn, Time now)
    : snapshot_every_(snapshot_every),
      learn_(std::move(learn)),
      list_(recovered.snapshot ? decode_list(*recovered.snapshot) : List{}),
      last_(recovered.snapshot ? recovered.snapshot->last : LogId{}),
      snapshot_(last_.index),
      core_(config, std::move(recovered), 0, now) {
    learn_(list_);
}

Machine::Output ListMachine::take(Time now) {
    Output output;
    Ready ready = core_.take_ready();
    move_to(output.persist, ready.persist);
    move_to(output.messages, ready.messages);
    apply(ready);
    maybe_snapshot(now);
    Ready more = core_.take_ready();
    move_to(output.persist, more.persist);
    move_to(output.messages, more.messages);
    apply(more);
    return output;
}

void ListMachine::apply(Ready& ready) {
    if (ready.restore) {
        list_ = decode_list(*ready.restore);
        last_ = ready.restore->last;
        snapshot_ = last_.index;
        learn_(list_);
    }
    for (Entry& entry : ready.committed) {
        ASSERT(entry.index == list_.size() + 1);
        last_ = entry.id();
        list_.push_back(std::move(entry.data));
        learn_(list_);
    }
}

void ListMachine::maybe_snapshot(Time now) {
    if (snapshot_every_ > 0 && last_.index >= snapshot_ + snapshot_every_) {
        snapshot_ = last_.index;
        core_.on_snapshot_taken(
            now, {last_, {}, std::make_shared<const std::string>(encode_list(list_))}, 0);
    }
}

}  // namespace squall::raft::mit
