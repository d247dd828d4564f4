// The clients of the main phase: slots that ask one operation after the other at a steady rate.
// Slots are for ever, logical clients are not: after an *info* the slot goes on as a new client.
// When the plan lists the operations their times are those of the list. Part of Run.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

#include "harness/run_operations.hpp"
#include "history/random.hpp"

namespace squall::harness {

class Clients {
  public:
    /// `plan`, `generator` and `operations` live longer.
    Clients(const Plan& plan, workloads::Generator& generator, Operations& operations);

    void start(Time now);

    /// No new operations; those in flight go on.
    void stop();

    /// Invokes what is due.
    void run_due(Time now);

    void completed(Time now, const Completed& ended);

    [[nodiscard]] std::optional<Time> next_due() const;

  private:
    struct Slot {
        Session session;
        NodeId home = 0;
        std::uint64_t ordinal = 0;
        Time next{};  ///< Earliest start of the next operation; never: there is none.
        std::vector<const PlannedOperation*> listed;
    };

    static constexpr Time never = Time::max();

    using Due = std::pair<Time, std::uint32_t>;

    void invoke_next(std::uint32_t index, Time now);
    void wait(std::uint32_t index, Time until);
    [[nodiscard]] Time next_listed(const Slot& slot) const;
    [[nodiscard]] Duration gap(std::uint32_t slot) const;

    const Plan& plan_;
    workloads::Generator& generator_;
    Operations& operations_;
    history::Stream gaps_;
    std::vector<Slot> slots_;
    /// The slots that are idle, each once.
    std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
    bool stopped_ = false;
};

}  // namespace squall::harness
