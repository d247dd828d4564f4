#include "harness/sim/promise_audit.hpp"

#include <algorithm>
#include <variant>

#include <fmt/format.h>

namespace squall::harness::sim {

using raft::Index;
using raft::NodeId;
using raft::Term;

namespace {

constexpr std::size_t sentences_max = 10;

}  // namespace

FoundOnDisk FoundOnDisk::of(const raft::Recovered& recovered) {
    FoundOnDisk found;
    found.hard_state = recovered.hard_state;
    found.snapshot = recovered.snapshot ? recovered.snapshot->last : raft::LogId{};
    found.first =
        recovered.entries.empty() ? found.snapshot.index + 1 : recovered.entries.front().index;
    for (const raft::Entry& entry : recovered.entries) {
        found.terms.push_back(entry.term);
    }
    return found;
}

Index FoundOnDisk::last() const {
    return std::max(snapshot.index, first + terms.size() - 1);
}

std::optional<Term> FoundOnDisk::term_at(Index index) const {
    if (index < first || index >= first + terms.size()) {
        return std::nullopt;
    }
    return terms[index - first];
}

void PromiseAudit::asked(NodeId node, std::span<const raft::Persist> writes) {
    Word& word = words_[node];
    for (const raft::Persist& write : writes) {
        word.term = write.hard_state ? write.hard_state->term : word.term;
        if (write.snapshot && write.discard_log) {
            replace_from(word, write.snapshot->last.index + 1);
            word.first = write.snapshot->last.index + 1;
            word.terms.clear();
        }
        if (write.truncate_from) {
            replace_from(word, *write.truncate_from);
        }
        for (const raft::Entry& entry : write.append) {
            if (word.terms.empty()) {
                word.first = entry.index;
            }
            replace_from(word, entry.index);
            word.terms.push_back(entry.term);
        }
        while (write.compact_to && !word.terms.empty() && word.first <= *write.compact_to) {
            word.terms.pop_front();
            ++word.first;
        }
    }
}

/// Entries from `index` on are no longer owed.
void PromiseAudit::replace_from(Word& word, Index index) {
    if (word.acknowledged.index >= index) {
        word.acknowledged = {term_at(word, index - 1), index - 1};
    }
    if (index >= word.first && index - word.first < word.terms.size()) {
        word.terms.resize(index - word.first);
    }
}

Term PromiseAudit::term_at(const Word& word, Index index) {
    const bool known = index >= word.first && index - word.first < word.terms.size();
    return known ? word.terms[index - word.first] : 0;
}

void PromiseAudit::said(const raft::Envelope& envelope) {
    Word& word = words_[envelope.from];
    if (const auto* vote = std::get_if<raft::VoteReply>(&envelope.message)) {
        if (vote->granted && !vote->pre_vote) {
            promise(word, vote->request_term, envelope.to);
            ++promises_;
        }
    } else if (const auto* campaign = std::get_if<raft::VoteRequest>(&envelope.message)) {
        if (!campaign->pre_vote) {
            promise(word, campaign->term, envelope.from);
            ++promises_;
        }
    } else if (const auto* append = std::get_if<raft::AppendReply>(&envelope.message)) {
        if (append->success) {
            acknowledge(word, append->term, append->match);
            ++promises_;
        }
    } else if (const auto* snapshot = std::get_if<raft::SnapshotReply>(&envelope.message)) {
        if (snapshot->installed) {
            acknowledge(word, snapshot->term, snapshot->match);
            ++promises_;
        }
    }
}

void PromiseAudit::promise(Word& word, Term term, NodeId vote) {
    if (term > word.vote.term) {
        word.vote = {term, vote};
    } else if (term == word.vote.term && vote != raft::no_node) {
        word.vote.to = vote;
    }
}

void PromiseAudit::acknowledge(Word& word, Term term, Index index) {
    // What an earlier term's reply speaks of may have been replaced since.
    if (term < word.term) {
        return;
    }
    promise(word, term, raft::no_node);
    const Index end = word.first + word.terms.size();
    if (index > word.acknowledged.index && (index < end || word.terms.empty())) {
        word.acknowledged = {term_at(word, index), index};
    }
}

void PromiseAudit::started(NodeId node, std::uint64_t incarnation, const FoundOnDisk& found) {
    Word& word = words_[node];
    restarts_ += incarnation > 1 ? 1 : 0;
    const raft::HardState& state = found.hard_state;
    if (state.term < word.vote.term) {
        broken(node,
               incarnation,
               fmt::format("had spoken in term {}, but its disk knows only term {}",
                           word.vote.term,
                           state.term));
    } else if (state.term == word.vote.term && word.vote.to != raft::no_node &&
               state.voted_for != word.vote.to) {
        broken(node,
               incarnation,
               fmt::format("had given n{} its vote in term {}, but its disk says {}",
                           word.vote.to,
                           word.vote.term,
                           state.voted_for == raft::no_node ? std::string("nobody")
                                                            : fmt::format("n{}", state.voted_for)));
    }
    const raft::LogId& owed = word.acknowledged;
    if (owed.index > found.last()) {
        broken(node,
               incarnation,
               fmt::format("had acknowledged index {} of term {}, but its disk ends at index {}",
                           owed.index,
                           owed.term,
                           found.last()));
    } else if (owed.index > found.snapshot.index && owed.term != 0 &&
               found.term_at(owed.index) != owed.term) {
        broken(node,
               incarnation,
               fmt::format("had acknowledged index {} of term {}, but its disk has term {} there",
                           owed.index,
                           owed.term,
                           found.term_at(owed.index).value_or(0)));
    }
    word.term = state.term;
    word.first = found.first;
    word.terms.assign(found.terms.begin(), found.terms.end());
    word.acknowledged.index = std::min(word.acknowledged.index, found.last());
}

void PromiseAudit::broken(NodeId node, std::uint64_t incarnation, const std::string& what) {
    if (broken_.size() < sentences_max) {
        broken_.push_back(fmt::format("n{} {} (start of life {})", node, what, incarnation));
    }
}

checker::Check PromiseAudit::check() const {
    checker::Check check;
    check.name = "durable-acknowledgement";
    check.detector = "trace";
    if (!broken_.empty()) {
        check.verdict = checker::Verdict::invalid;
        check.reason = broken_.front();
        check.details = broken_;
    } else if (promises_ == 0) {
        check.verdict = checker::Verdict::unknown;
        check.reason = "no node promised anything";
    } else {
        check.details.push_back(fmt::format("{} promises, {} restarts", promises_, restarts_));
    }
    return check;
}

}  // namespace squall::harness::sim
