// A simulated node's monotonic clock: true time, run at a rate. Continuous through every change, so
// it never goes back. There is no wall clock: nothing in a simulated node reads one, so that a jump
// changes nothing.
#pragma once

#include <cstdint>

#include "history/event.hpp"
#include "nemesis/fault.hpp"

namespace squall::harness::sim {

class VirtualClock {
  public:
    using Time = history::Time;

    [[nodiscard]] Time own(Time now) const { return base_own_ + scaled(now - base_, rate_); }

    /// The earliest true time, not before `now`, at which the clock shows `own_time`; the end of
    /// time for a clock that stands still before it.
    [[nodiscard]] Time when(Time own_time, Time now) const {
        if (own(now) >= own_time) {
            return now;
        }
        if (own_time == Time::max() || rate_ == 0) {
            return Time::max();
        }
        const Time left = own_time - base_own_;
        const double true_left = static_cast<double>(left.count()) / rate_;
        if (true_left > 1e18) {
            return Time::max();
        }
        Time at = base_ + (rate_ == 1 ? left : Time(static_cast<Time::rep>(true_left)));
        while (own(at) < own_time) {
            ++at;  // Rounding.
        }
        return at;
    }

    void set(Time now, const nemesis::ClockRule& rule) {
        base_own_ = own(now);
        base_ = now;
        rate_ = rule.rate;
        ++changes_;
    }

    /// Calls of `set`.
    [[nodiscard]] std::uint64_t changes() const { return changes_; }

    [[nodiscard]] bool bent() const { return rate_ != 1; }

  private:
    static Time scaled(Time time, double rate) {
        return rate == 1 ? time
                         : Time(static_cast<Time::rep>(static_cast<double>(time.count()) * rate));
    }

    Time base_{};
    Time base_own_{};
    double rate_ = 1;
    std::uint64_t changes_ = 0;
};

/// What a node has seen of its clock.
struct ClockReading {
    std::uint64_t changes = 0;   ///< Settings that bend the clock under which it has looked at it.
    history::Duration offset{};  ///< From true time, when it last did.
};

}  // namespace squall::harness::sim
