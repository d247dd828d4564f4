#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/report/trace_teller.hpp"
#include "history/text_input.hpp"

namespace squall::harness::report {
namespace {

/// More is not remembered of a node's log: what is replaced is near its end.
constexpr std::size_t log_kept_max = 10'000;

/// "#3", "#3-5".
std::string marked(std::uint64_t first, std::uint64_t last) {
    return first >= last ? fmt::format("#{}", last) : fmt::format("#{}-{}", first, last);
}

}  // namespace

void TraceTeller::on(const checker::TraceAppend& append) {
    if (append.terms.empty()) {
        return;
    }
    const Known& known = *known_;
    const std::uint64_t last = append.first + append.terms.size() - 1;
    const bool leads = known.role == "leader";
    std::vector<std::string> replaced;
    bool committed = false;
    for (auto old = known.log.lower_bound(append.first); old != known.log.end(); ++old) {
        const std::uint64_t offset = old->first - append.first;
        if (old->first <= known.last &&
            (offset >= append.terms.size() || append.terms[offset] != old->second)) {
            replaced.push_back(fmt::format("{} of term {}", old->first, old->second));
            committed = committed || old->first <= known.commit;
        }
    }
    std::string text = fmt::format(
        "n{}{} {} of term {}",
        record_->node,
        leads ? fmt::format(", leader of term {}, appends", known.led) : std::string(" stores"),
        entries(append.first, last),
        append.terms.back());
    const bool overwrites = !replaced.empty();
    if (overwrites) {
        constexpr std::size_t shown_max = 4;
        const char* noun = replaced.size() > 1 ? "entries" : "entry";
        if (replaced.size() > shown_max) {
            replaced.resize(shown_max);
            replaced.emplace_back("...");
        }
        text += fmt::format(" and throws away {} {}{}",
                            noun,
                            fmt::join(replaced, ", "),
                            committed ? ", though it had taken that for committed" : "");
    }
    const Weight usual = leads ? Weight::ordinary : Weight::detail;
    Happening& stored = add(committed    ? Weight::decisive
                            : overwrites ? Weight::telling
                                         : if_concerned(append.first, last, Weight::telling, usual),
                            "log",
                            std::move(text),
                            fmt::format("{} {}",
                                        overwrites ? "overwrites"
                                        : leads    ? "appends"
                                                   : "stores",
                                        marked(append.first, last)));
    stored.term = append.terms.back();
    stored.index = last;
    remember(append);
}

void TraceTeller::remember(const checker::TraceAppend& append) {
    Known& known = *known_;
    known.log.erase(known.log.lower_bound(append.first), known.log.end());
    for (std::size_t i = 0; i < append.terms.size(); ++i) {
        known.log[append.first + i] = append.terms[i];
    }
    known.last = append.first + append.terms.size() - 1;
    known.durable = std::min(known.durable, append.first - 1);
    while (known.log.size() > log_kept_max) {
        known.log.erase(known.log.begin());
    }
}

void TraceTeller::on(const checker::TraceDurable& durable) {
    known_->durable = std::max(known_->durable, durable.index);
}

void TraceTeller::on(const checker::TraceCommit& commit) {
    const std::uint64_t first = known_->commit + 1;
    known_->commit = std::max(known_->commit, commit.index);
    if (commit.match.empty()) {
        Happening& learnt = add(if_concerned(first, commit.index, Weight::ordinary, Weight::detail),
                                "commit",
                                fmt::format("n{} learns that {} {} committed",
                                            record_->node,
                                            entries(first, commit.index),
                                            commit.index > first ? "are" : "is"),
                                fmt::format("commit {}", commit.index));
        learnt.index = commit.index;
        learnt.term = commit.term;
        return;
    }
    std::set<NodeId> holders{record_->node};
    for (const auto& [node, match] : commit.match) {
        if (match >= commit.index) {
            holders.insert(node);
        }
    }
    const bool enough = 2 * holders.size() > commit.match.size();
    Happening& done =
        add(enough ? if_concerned(first, commit.index, Weight::telling, Weight::ordinary)
                   : Weight::decisive,
            "commit",
            fmt::format("n{} commits {} in term {}: {} of {} hold{} it{}",
                        record_->node,
                        entries(first, commit.index),
                        commit.term,
                        node_list(holders),
                        commit.match.size(),
                        holders.size() > 1 ? "" : "s",
                        enough ? "" : ", no majority"),
            fmt::format("commits {}", commit.index));
    done.term = commit.term;
    done.index = commit.index;
    done.others.assign(holders.begin(), holders.end());
}

void TraceTeller::on(const checker::TraceApply& apply) {
    const std::size_t count = std::min(apply.terms.size(), apply.hashes.size());
    if (count == 0) {
        return;
    }
    const std::uint64_t last = apply.first + count - 1;
    for (std::size_t i = 0; i < count; ++i) {
        const Applied here{record_->node, apply.terms[i], apply.hashes[i]};
        const auto [known, fresh] = applied_.try_emplace(apply.first + i, here);
        if (!fresh && (known->second.hash != here.hash || known->second.term != here.term)) {
            diverged(apply, i, known->second);
            return;
        }
    }
    add(if_concerned(apply.first, last, Weight::ordinary, Weight::detail),
        "commit",
        fmt::format("n{} applies {}", record_->node, entries(apply.first, last)),
        "applies " + marked(apply.first, last))
        .index = last;
}

/// Told once of a node: from then on everything differs.
void TraceTeller::diverged(const checker::TraceApply& apply,
                           std::size_t offset,
                           const Applied& other) {
    if (!diverged_.insert(record_->node).second) {
        return;
    }
    const std::uint64_t index = apply.first + offset;
    const std::uint64_t term = apply.terms[offset];
    Happening& differs = add(
        Weight::decisive,
        "commit",
        other.term != term
            ? fmt::format("n{} applies entry {} of term {}, where n{} has applied one of term {}",
                          record_->node,
                          index,
                          term,
                          other.node,
                          other.term)
            : fmt::format("n{} applies entry {} and is in another state than n{} was after it",
                          record_->node,
                          index,
                          other.node),
        fmt::format("applies #{}, differs", index));
    differs.index = index;
    differs.term = term;
    differs.others = {other.node};
}

void TraceTeller::on(const checker::TraceBound& bound) {
    if (bound.value > bound.limit) {
        add(Weight::decisive,
            "violation",
            fmt::format("{} of n{} reaches {}, beyond its limit of {}",
                        history::printable(bound.what),
                        record_->node,
                        bound.value,
                        bound.limit),
            "over its bound");
    }
}

void TraceTeller::on(const checker::TraceSnapshot& snapshot) {
    Known& known = *known_;
    if (snapshot.installed) {
        // Figure 13, rule 6: what follows an entry that the snapshot contains stays, also what came
        // before the snapshot was durable, and so before it was told of.
        const auto there = known.log.find(snapshot.index);
        const bool goes_on = there != known.log.end() ? there->second == snapshot.term
                                                      : known.log.contains(snapshot.index + 1);
        if (goes_on) {
            known.log.erase(known.log.begin(), known.log.lower_bound(snapshot.index));
        } else {
            known.log.clear();
            known.last = snapshot.index;
        }
        known.log[snapshot.index] = snapshot.term;
        known.last = std::max(known.last, snapshot.index);
        known.durable = std::max(known.durable, snapshot.index);
        known.commit = std::max(known.commit, snapshot.index);
    }
    Happening& taken =
        add(snapshot.installed ? Weight::telling : Weight::ordinary,
            "snapshot",
            snapshot.installed
                ? fmt::format("n{} replaces its state with a leader's snapshot of everything up to "
                              "entry {} of term {}",
                              record_->node,
                              snapshot.index,
                              snapshot.term)
                : fmt::format("n{} takes a snapshot of everything up to entry {}",
                              record_->node,
                              snapshot.index),
            fmt::format(
                "{} {}", snapshot.installed ? "installs snapshot" : "snapshot", snapshot.index));
    taken.index = snapshot.index;
    taken.term = snapshot.term;
}

}  // namespace squall::harness::report
