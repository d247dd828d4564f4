#include "harness/explore/history.hpp"

#include <algorithm>

#include "harness/explore/history_teller.hpp"
#include "raft/image.hpp"

namespace squall::harness::explore {

History::History(std::uint32_t nodes, std::string_view image) : promises_(nodes) {
    raft::image::Reader reader(image);
    reader.each(leaders_, [&](Leader& leader) {
        reader(leader.node);
        reader(leader.log);
    });
    for (raft::HardState& promise : promises_) {
        reader(promise);
    }
    reader.each(chosen_, [&](Chosen& chosen) {
        reader(chosen.term);
        reader(chosen.content);
        reader(chosen.committed_in);
    });
    reader.each(reads_, [&](Read& read) {
        reader(read.node);
        reader(read.id);
        reader(read.floor);
    });
}

void History::write_image(std::string& out, std::span<const raft::NodeId> names) const {
    raft::image::Writer writer(out, names);
    writer.each(leaders_, [&](const Leader& leader) {
        writer(leader.node);
        writer.number(leader.log);
    });
    std::vector<raft::HardState> promises(promises_.size());
    for (raft::NodeId node = 1; const raft::HardState& promise : promises_) {
        promises[writer.name(node++) - 1] = promise;
    }
    for (const raft::HardState& promise : promises) {
        writer(promise);
    }
    writer.each(chosen_, [&](const Chosen& chosen) {
        writer(chosen.term);
        writer(chosen.content);
        writer(chosen.committed_in);
    });
    std::vector<Read> reads = reads_;
    std::sort(reads.begin(), reads.end(), [&](const Read& a, const Read& b) {
        return std::pair(writer.name(a.node), a.id) < std::pair(writer.name(b.node), b.id);
    });
    writer.each(reads, [&](const Read& read) {
        writer(read.node);
        writer(read.id);
        writer(read.floor);
    });
}

std::optional<Violation> History::add(raft::NodeId node,
                                      const Fact& fact,
                                      const Locals& locals,
                                      std::span<const ImageId> nodes) {
    const Teller teller{node, locals, nodes};
    switch (fact.kind) {
        case FactKind::voted:
            return voted(teller, fact);
        case FactKind::led:
            return led(teller, fact);
        case FactKind::committed:
            return committed(teller, fact);
        case FactKind::learned:
            return learned(teller, fact);
        case FactKind::applied:
            return applied(teller, fact);
        case FactKind::read_begun:
            reads_.push_back({node, fact.id, chosen_.size()});
            return std::nullopt;
        case FactKind::read_confirmed:
        case FactKind::read_failed: {
            auto violation = confirmed(teller, fact);
            std::erase_if(
                reads_, [&](const Read& read) { return read.node == node && read.id == fact.id; });
            return violation;
        }
        case FactKind::restarted:
            std::erase_if(reads_, [&](const Read& read) { return read.node == node; });
            return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace squall::harness::explore
