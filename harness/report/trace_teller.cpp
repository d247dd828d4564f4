#include "harness/report/trace_teller.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace squall::harness::report {

void TraceTeller::tell(const checker::TraceRecord& record) {
    record_ = &record;
    known_ = &nodes_[record.node];
    std::visit([this](const auto& body) { on(body); }, record.body);
}

Happening& TraceTeller::add(Weight weight, const char* kind, std::string text, std::string mark) {
    Happening happening;
    happening.at = now();
    happening.weight = weight;
    happening.kind = kind;
    happening.node = record_->node;
    happening.text = std::move(text);
    happening.mark = std::move(mark);
    happening.place = {record_->node, record_->incarnation, record_->sequence};
    return all_.emplace_back(std::move(happening));
}

Weight TraceTeller::if_concerned(std::uint64_t first,
                                 std::uint64_t last,
                                 Weight weight,
                                 Weight usual) const {
    const auto at = concern_.indices.lower_bound(first);
    return at != concern_.indices.end() && *at <= last ? weight : usual;
}

void TraceTeller::on(const checker::TraceInit& init) {
    Known& known = *known_;
    if (record_->incarnation > 1) {
        restarted(init);
    }
    known.term = init.term;
    known.vote = init.vote;
    known.log.erase(known.log.upper_bound(init.last_index), known.log.end());
    known.log[init.last_index] = init.last_term;
    known.last = init.last_index;
    known.durable = init.last_index;
    known.commit = init.snapshot_index;
    known.role = "follower";
}

void TraceTeller::restarted(const checker::TraceInit& init) {
    const Known& known = *known_;
    std::vector<std::string> lost;
    std::vector<std::string> marks;
    if (init.term < known.term) {
        lost.push_back(fmt::format("forgets term {}", known.term));
        marks.push_back(fmt::format("forgets term {}", known.term));
    }
    if (known.vote != 0 &&
        (init.term < known.term || (init.term == known.term && init.vote != known.vote))) {
        lost.push_back(fmt::format("forgets its vote for n{} in term {}", known.vote, known.term));
        marks.emplace_back("forgets its vote");
    }
    if (init.last_index < known.durable) {
        lost.push_back(fmt::format("has lost {}, which had been durable",
                                   entries(init.last_index + 1, known.durable)));
        marks.push_back("loses " + entries(init.last_index + 1, known.durable));
    }
    const std::uint64_t unsynced = std::max(init.last_index, known.durable);
    const std::string harmless =
        known.last > unsynced
            ? fmt::format(" ({} had not been durable yet)", entries(unsynced + 1, known.last))
            : "";
    std::string text = fmt::format("n{} restarts", record_->node);
    if (lost.empty()) {
        text += fmt::format(
            ": term {}, {}, log up to {}{}",
            init.term,
            init.vote == 0 ? std::string("no vote") : fmt::format("voted for n{}", init.vote),
            init.last_index,
            harmless);
    } else {
        text += fmt::format(" and {}{}", fmt::join(lost, ", "), harmless);
    }
    Happening& restart =
        add(lost.empty() ? Weight::telling : Weight::decisive,
            "restart",
            std::move(text),
            marks.empty() ? "restarts" : fmt::format("restarts, {}", fmt::join(marks, ", ")));
    restart.term = init.term;
    restart.index = init.last_index;
}

void TraceTeller::on(const checker::TraceHardState& state) {
    Known& known = *known_;
    const bool news = state.vote != 0 && (state.term != known.term || state.vote != known.vote);
    const bool changed_mind =
        state.term == known.term && known.vote != 0 && state.vote != known.vote;
    known.term = state.term;
    known.vote = state.vote;
    if (!news) {
        return;
    }
    const bool own = state.vote == record_->node;
    Happening& vote = add(changed_mind                               ? Weight::decisive
                          : concern_.terms.contains(state.term)      ? Weight::telling
                          : own || past_.won(state.vote, state.term) ? Weight::detail
                                                                     : Weight::ordinary,
                          "vote",
                          fmt::format("n{} votes for {} in term {}{}",
                                      record_->node,
                                      own ? "itself" : fmt::format("n{}", state.vote),
                                      state.term,
                                      changed_mind ? ", its second vote there" : ""),
                          own ? fmt::format("votes for itself, t{}", state.term)
                              : fmt::format("votes n{}, t{}", state.vote, state.term));
    vote.term = state.term;
    vote.others = {state.vote};
}

void TraceTeller::on(const checker::TraceRole& role) {
    const std::string before = std::exchange(known_->role, role.role);
    const NodeId node = record_->node;
    if (role.role == "leader" && before != "leader") {
        elected(role);
    } else if (before == "leader" && role.role != "leader") {
        const std::uint64_t led = std::exchange(known_->led, 0);
        Happening& down =
            add(Weight::telling,
                "election",
                role.term > led
                    ? fmt::format("n{}, leader of term {}, steps down: it has heard of term {}",
                                  node,
                                  led,
                                  role.term)
                    : fmt::format("n{}, leader of term {}, steps down", node, led),
                "steps down");
        down.term = role.term;
    } else if (role.role == "candidate") {
        const bool wins = past_.won(node, role.term);
        Happening& stands = add(wins ? Weight::detail : Weight::ordinary,
                                "election",
                                fmt::format("n{} stands for election in term {}{}",
                                            node,
                                            role.term,
                                            wins ? "" : " and does not win it"),
                                fmt::format("candidate, t{}", role.term));
        stands.term = role.term;
    } else if (role.role == "follower" && role.leader != 0) {
        Happening& follows =
            add(Weight::detail,
                "election",
                fmt::format("n{} follows n{} in term {}", node, role.leader, role.term),
                fmt::format("follows n{}, t{}", role.leader, role.term));
        follows.term = role.term;
        follows.others = {role.leader};
    }
}

void TraceTeller::elected(const checker::TraceRole& role) {
    const NodeId node = record_->node;
    const std::set<NodeId> voters = past_.votes(node, role.term, now());
    std::set<NodeId> others = voters;
    others.erase(node);
    std::string text = fmt::format("n{} wins term {}", node, role.term);
    if (!others.empty()) {
        text +=
            fmt::format(" with the vote{} of {}", others.size() > 1 ? "s" : "", node_list(others));
    }
    const std::size_t all = past_.nodes().size();
    const bool enough = 2 * (voters.size() + (voters.contains(node) ? 0 : 1)) > all;
    if (exact_ && !enough) {
        text += fmt::format(": {} of {} votes, no majority", others.size() + 1, all);
    }
    for (const NodeId other : past_.nodes()) {
        const auto* there = past_.role_at(other, now());
        if (other != node && there != nullptr && there->role == "leader" &&
            there->term <= role.term) {
            text += fmt::format(
                "; n{} still takes itself for the leader of term {}", other, there->term);
        }
    }
    const auto rival = leader_of_.try_emplace(role.term, node);
    const bool second = !rival.second && rival.first->second != node;
    if (second) {
        text += fmt::format(", which n{} had won before", rival.first->second);
    }
    known_->led = role.term;
    Happening& win = add(second || (exact_ && !enough) ? Weight::decisive : Weight::telling,
                         "election",
                         std::move(text),
                         fmt::format("leads term {}", role.term));
    win.term = role.term;
    win.others.assign(others.begin(), others.end());
}

}  // namespace squall::harness::report
