#include "harness/run_final_reads.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace squall::harness {

namespace {

constexpr std::uint32_t readers_per_node = 2;
constexpr Duration pause_before_retry = std::chrono::milliseconds(20);

// The whole phase, in recovery bounds.
constexpr int phase_bound = 5;

}  // namespace

FinalReads::FinalReads(const Plan& plan, RunOutput& output, Operations& operations)
    : plan_(plan), output_(output), operations_(operations) {}

void FinalReads::start(std::vector<workloads::Request> requests, const std::vector<NodeId>& gone) {
    requests_ = std::move(requests);
    end_ = output_.now() + phase_bound * plan_.recovery_bound;
    for (NodeId node = 1; node <= plan_.nodes; ++node) {
        if (std::find(gone.begin(), gone.end(), node) != gone.end()) {
            note_unserved(node, "is gone");
            continue;
        }
        for (std::uint32_t share = 0; share < readers_per_node && share < requests_.size();
             ++share) {
            due_.emplace(output_.now(), static_cast<std::uint32_t>(readers_.size()));
            readers_.push_back(Reader{operations_.new_session(), node, share, give_up_at()});
        }
    }
}

void FinalReads::run_due() {
    while (!due_.empty() && due_.top().first <= output_.now()) {
        const std::uint32_t index = due_.top().second;
        due_.pop();
        ++reading_;
        const Reader& reader = readers_[index];
        operations_.invoke(Owner{true, index}, reader.session, reader.node, requests_[reader.next]);
    }
}

void FinalReads::completed(std::uint32_t index, history::EventType outcome) {
    --reading_;
    Reader& reader = readers_[index];
    if (outcome == history::EventType::info) {
        reader.session = operations_.new_session();
    }
    Time next = output_.now();
    if (outcome == history::EventType::ok) {
        reader.next += readers_per_node;
        reader.give_up = give_up_at();
    } else {
        next += pause_before_retry;
    }
    if (reader.next >= requests_.size()) {
        return;
    }
    if (next >= reader.give_up) {
        const double seconds = std::chrono::duration<double>(plan_.recovery_bound).count();
        note_unserved(reader.node, fmt::format("did not answer a read for {:.3f} s", seconds));
        return;
    }
    due_.emplace(next, index);
}

std::optional<Time> FinalReads::next_due() const {
    return due_.empty() ? std::nullopt : std::optional<Time>(due_.top().first);
}

Time FinalReads::give_up_at() const {
    return std::min(end_, output_.now() + plan_.recovery_bound);
}

void FinalReads::note_unserved(NodeId node, const std::string& why) {
    if (unserved_.insert(node).second) {
        output_.note(
            fmt::format("final: node n{} {}, not every key was read through it", node, why));
    }
}

}  // namespace squall::harness
