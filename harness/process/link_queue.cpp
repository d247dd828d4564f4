#include "harness/process/link_queue.hpp"

#include <algorithm>

#include "nemesis/link_fate.hpp"

namespace squall::harness::process {

namespace {

constexpr std::size_t due_bytes_max = std::size_t{256} << 10U;
constexpr std::size_t waiting_bytes_max = std::size_t{16} << 20U;

}  // namespace

void LinkQueue::arrive(std::string_view frame, Instant now) {
    if (!hello_passed_) {
        hello_passed_ = true;
        due_bytes_.append(frame);
        return;
    }
    const std::uint64_t ordinal = state_.messages++;
    const std::uint64_t number = next_number_++;
    if (state_.rule.cut) {
        count_lost(state_.counters.cut, 1);
        return;
    }
    const nemesis::Fate fate =
        nemesis::decide_fate(state_.rule, state_.stream, state_.link, ordinal);
    if (fate.dropped) {
        count_lost(state_.counters.dropped, 1);
        return;
    }
    Instant due = now + fate.delay;
    if (!fate.held_back) {
        due = std::max(due, in_order_until_);
        in_order_until_ = due;
    }
    if (fate.delay.count() > 0) {
        ++state_.counters.delayed;
    }
    if (due <= now && !something_due(now)) {
        deliver(frame, number, false);
    } else {
        wait(due, {std::string(frame), number, false});
    }
    if (fate.copy_after) {
        ++state_.counters.duplicated;
        wait(due + *fate.copy_after, {std::string(frame), number, true});
    }
}

void LinkQueue::advance(Instant now) {
    while (something_due(now) && due_bytes_.size() < due_bytes_max) {
        const Message message = std::move(waiting_.begin()->second);
        waiting_.erase(waiting_.begin());
        waiting_bytes_ -= message.frame.size();
        deliver(message.frame, message.number, message.copy);
    }
}

void LinkQueue::cut() {
    std::uint64_t originals = due_messages_;
    for (const auto& [key, message] : waiting_) {
        originals += message.copy ? 0U : 1U;
    }
    count_lost(state_.counters.cut, originals);
    waiting_.clear();
    waiting_bytes_ = 0;
    due_bytes_.clear();
    due_messages_ = 0;
}

std::string LinkQueue::take() {
    state_.counters.passed += std::exchange(due_messages_, 0);
    return std::exchange(due_bytes_, {});
}

std::optional<LinkQueue::Instant> LinkQueue::next_due() const {
    return waiting_.empty() ? std::nullopt : std::optional(waiting_.begin()->first.first);
}

bool LinkQueue::full() const {
    return due_bytes_.size() >= due_bytes_max || waiting_bytes_ >= waiting_bytes_max;
}

bool LinkQueue::something_due(Instant now) const {
    return !waiting_.empty() && waiting_.begin()->first.first <= now;
}

void LinkQueue::wait(Instant due, Message message) {
    waiting_bytes_ += message.frame.size();
    waiting_.emplace(std::pair(due, next_waiting_++), std::move(message));
}

void LinkQueue::deliver(std::string_view frame, std::uint64_t number, bool copy) {
    due_bytes_.append(frame);
    if (copy) {
        return;
    }
    ++due_messages_;
    if (number < delivered_until_) {
        ++state_.counters.reordered;
    }
    delivered_until_ = std::max(delivered_until_, number + 1);
}

void LinkQueue::count_lost(std::uint64_t& counter, std::uint64_t count) const {
    counter += state_.receiver_running ? count : 0;
}

}  // namespace squall::harness::process
