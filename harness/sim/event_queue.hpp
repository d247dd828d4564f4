// Virtual time: what will happen when. Events of one instant come out in the order in which they
// were put in, so a run depends on nothing but its inputs.
//
// The heap moves small keys only; payloads stay where they were put until they are due.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "history/event.hpp"

namespace squall::harness::sim {

template <typename Payload>
class EventQueue {
  public:
    void push(history::Time at, Payload payload) {
        std::uint32_t slot = 0;
        if (free_.empty()) {
            slot = static_cast<std::uint32_t>(payloads_.size());
            payloads_.push_back(std::move(payload));
        } else {
            slot = free_.back();
            free_.pop_back();
            payloads_[slot] = std::move(payload);
        }
        heap_.push_back({at, next_++, slot});
        std::push_heap(heap_.begin(), heap_.end(), Later{});
    }

    [[nodiscard]] bool empty() const { return heap_.empty(); }

    /// Only when not empty.
    [[nodiscard]] history::Time next_time() const { return heap_.front().at; }

    /// Only when not empty.
    [[nodiscard]] Payload pop() {
        const std::uint32_t slot = heap_.front().slot;
        std::pop_heap(heap_.begin(), heap_.end(), Later{});
        heap_.pop_back();
        free_.push_back(slot);
        return std::move(payloads_[slot]);
    }

  private:
    struct Key {
        history::Time at{};
        std::uint64_t number = 0;
        std::uint32_t slot = 0;
    };

    struct Later {
        bool operator()(const Key& a, const Key& b) const {
            return a.at != b.at ? a.at > b.at : a.number > b.number;
        }
    };

    std::vector<Key> heap_;
    std::vector<Payload> payloads_;
    std::vector<std::uint32_t> free_;
    std::uint64_t next_ = 0;
};

}  // namespace squall::harness::sim
