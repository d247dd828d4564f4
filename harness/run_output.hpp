// What Run has decided during one input: collects the actions, numbers the events and stamps them
// with the time of the input. Part of Run; nobody else includes it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "harness/run.hpp"

namespace squall::harness {

class RunOutput {
  public:
    /// Starts a new input. Time never goes back, whatever the driver says.
    void begin(Time now) { now_ = now > now_ ? now : now_; }

    [[nodiscard]] Time now() const { return now_; }

    void record(history::Event event) {
        event.index = next_index_++;
        event.time = now_;
        actions_.emplace_back(Record{std::move(event)});
    }

    void note(std::string text) {
        history::Event event;
        event.type = history::EventType::note;
        event.text = std::move(text);
        record(std::move(event));
    }

    template <typename Action>
    void push(Action action) {
        actions_.emplace_back(std::move(action));
    }

    [[nodiscard]] std::vector<RunAction> take() { return std::exchange(actions_, {}); }

  private:
    Time now_{};
    std::uint64_t next_index_ = 0;
    std::vector<RunAction> actions_;
};

}  // namespace squall::harness
