#include "raft/server/waiting.hpp"

#include <utility>

#include "raft/assert.hpp"

namespace squall::raft::server {

namespace {

[[nodiscard]] std::size_t key_bytes(const std::vector<WaitingRead>& reads) {
    std::size_t bytes = 0;
    for (const WaitingRead& read : reads) {
        bytes += read.key.size();
    }
    return bytes;
}

}  // namespace

void WaitingMutations::add(LogId entry, RequestToken token) {
    while (by_index_ && !waiting_.empty() && entry.index <= waiting_.back().entry.index) {
        waiting_.pop_back();
    }
    ASSERT(waiting_.empty() || entry.index > waiting_.back().entry.index);
    waiting_.push_back({entry, token});
}

WaitingMutations::Taken WaitingMutations::take_applied(LogId entry) {
    Taken taken;
    while (!waiting_.empty() && waiting_.front().entry.index <= entry.index) {
        const Waiter waiter = waiting_.front();
        waiting_.pop_front();
        if (waiter.entry == entry || (by_index_ && waiter.entry.index == entry.index)) {
            taken.served = waiter.token;
        } else {
            taken.lost.push_back(waiter.token);
        }
    }
    return taken;
}

std::vector<RequestToken> WaitingMutations::take_other_terms(Term term) {
    // Indices ascend, and so do the terms of a log: those of another term are the older ones.
    std::vector<RequestToken> taken;
    while (!waiting_.empty() && waiting_.front().entry.term != term) {
        taken.push_back(waiting_.front().token);
        waiting_.pop_front();
    }
    return taken;
}

void WaitingReads::forget(const std::vector<WaitingRead>& reads) {
    size_ -= reads.size();
    bytes_ -= key_bytes(reads);
}

void WaitingReads::add(ReadId id, std::vector<WaitingRead> reads) {
    size_ += reads.size();
    bytes_ += key_bytes(reads);
    const bool is_new = unconfirmed_.emplace(id, std::move(reads)).second;
    ASSERT(is_new);
}

void WaitingReads::confirm(ReadId id, Index index) {
    const auto round = unconfirmed_.extract(id);
    ASSERT(!round.empty());
    confirmed_.emplace(index, std::move(round.mapped()));
}

std::vector<WaitingRead> WaitingReads::take_lost(ReadId id) {
    const auto round = unconfirmed_.extract(id);
    ASSERT(!round.empty());
    forget(round.mapped());
    return std::move(round.mapped());
}

std::vector<WaitingRead> WaitingReads::take_ready(Index applied) {
    std::vector<WaitingRead> ready;
    while (!confirmed_.empty() && confirmed_.begin()->first <= applied) {
        auto round = confirmed_.extract(confirmed_.begin());
        forget(round.mapped());
        for (WaitingRead& read : round.mapped()) {
            ready.push_back(std::move(read));
        }
    }
    return ready;
}

}  // namespace squall::raft::server
