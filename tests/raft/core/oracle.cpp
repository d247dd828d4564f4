#include "tests/raft/core/oracle.hpp"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>

#include "raft/random.hpp"

namespace squall::raft::test {

void Application::apply(const Entry& entry) {
    last = entry.id();
    hash = random_bits({hash, entry.term, entry.index, entry.data.size()});
    for (const char byte : entry.data) {
        hash = random_bits({hash, static_cast<std::uint64_t>(byte)});
    }
}

std::string Application::encode() const {
    return fmt::format("{} {} {}", last.term, last.index, hash);
}

Application Application::decode(const std::string& bytes) {
    Application application;
    std::istringstream(bytes) >> application.last.term >> application.last.index >>
        application.hash;
    return application;
}

void Oracle::fail(NodeId node, const std::string& what) {
    if (violation_.empty()) {
        violation_ = fmt::format("node {}: {}", node, what);
    }
}

void Oracle::wrote(NodeId node, LogId previous, const std::vector<Entry>& entries) {
    for (const Entry& entry : entries) {
        const auto [known, fresh] = entries_.try_emplace(entry.id(), entry.data, previous);
        if (!fresh && (known->second.data != entry.data || known->second.previous != previous)) {
            fail(node, fmt::format("log matching broken at {}.{}", entry.term, entry.index));
        }
        previous = entry.id();
    }
}

void Oracle::elected(NodeId node, Term term, const Core& core) {
    if (const auto [leader, fresh] = leaders_.try_emplace(term, node);
        !fresh && leader->second != node) {
        fail(node, fmt::format("second leader of term {} beside {}", term, leader->second));
    }
    still_leads(node, core);
}

void Oracle::still_leads(NodeId node, const Core& core) {
    const Status status = core.status();
    for (const auto& [index, committed] : committed_) {
        const std::optional<Term> term = core.term_at(index);
        const bool missing = index > status.last || (term && *term != committed.entry_term);
        if (committed.committed_in < status.term && missing) {
            fail(node,
                 fmt::format("leader of term {} lacks {}.{}, committed in term {}",
                             status.term,
                             committed.entry_term,
                             index,
                             committed.committed_in));
        }
    }
}

void Oracle::announced(NodeId node,
                       const CommitTrace& commit,
                       const Core& core,
                       std::size_t holders,
                       std::size_t voters) {
    if (holders < voters / 2 + 1) {
        fail(node, fmt::format("commit of {} is durable on {} only", commit.index, holders));
    }
    if (core.term_at(commit.index) != commit.term) {
        fail(node, fmt::format("commit of {}, an entry of an earlier term", commit.index));
    }
    for (Index index = std::min(last_committed_, commit.index - 1) + 1; index <= commit.index;
         ++index) {
        const Term term = core.term_at(index).value_or(0);
        auto [known, fresh] = committed_.try_emplace(index, term, commit.term);
        if (!fresh && known->second.entry_term != term) {
            fail(node, fmt::format("two commits at {}", index));
        }
        known->second.committed_in = std::min(known->second.committed_in, commit.term);
    }
    last_committed_ = std::max(last_committed_, commit.index);
}

void Oracle::said(const Envelope& envelope, const Core& core, const DiskModel& disk) {
    const NodeId node = envelope.from;
    const Message& message = envelope.message;
    const auto* request = std::get_if<VoteRequest>(&message);
    const bool promises = request == nullptr || !request->pre_vote;
    if (promises && disk.hard_state().term < term_of(message)) {
        fail(node, fmt::format("{} speaks of a term that is not durable", name_of(message)));
    }
    std::optional<std::pair<Term, NodeId>> vote;
    std::optional<Index> match;
    if (request != nullptr && promises) {
        vote = {request->term, node};
    } else if (const auto* reply = std::get_if<VoteReply>(&message)) {
        if (reply->granted && !reply->pre_vote) {
            vote = {reply->term, envelope.to};
        }
    } else if (const auto* append = std::get_if<AppendReply>(&message)) {
        match = append->success ? std::optional(append->match) : std::nullopt;
    } else if (const auto* snapshot = std::get_if<SnapshotReply>(&message)) {
        match = snapshot->installed ? std::optional(snapshot->match) : std::nullopt;
    }
    if (vote) {
        const auto [known, fresh] = votes_.try_emplace({node, vote->first}, vote->second);
        if (!fresh && known->second != vote->second) {
            fail(node, fmt::format("second vote in term {}", vote->first));
        }
        if (disk.hard_state().term == vote->first && disk.hard_state().voted_for != vote->second) {
            fail(node, "vote is not durable");
        }
    }
    if (match && *match != 0) {
        // The core may have forgotten the term meanwhile: another snapshot is on its way to disk.
        const std::optional<Term> term = core.term_at(*match);
        const bool durable = term ? disk.holds({*term, *match}) : disk.last().index >= *match;
        if (!durable) {
            fail(node, fmt::format("acknowledged {} is not durable", *match));
        }
    }
}

void Oracle::applied(NodeId node, const Application& application) {
    const Index index = application.last.index;
    const auto [known, fresh] = applied_.try_emplace(index, application);
    if (known->second != application) {
        fail(node, fmt::format("applied something else at {}", index));
    }
    if (index > last_committed_) {
        fail(node, fmt::format("applied {}, which no leader committed", index));
    }
}

}  // namespace squall::raft::test
