// The clocks of one node as the harness rules them: owns the page that the shim in the node's
// process reads (clock_shim/clock_page.hpp). The page outlives the node's incarnations and dies
// with this object; nothing of it is on disk.
//
// Invariant: virtual monotonic time is continuous through every change.
#pragma once

#include <cstdint>
#include <string>

#include "nemesis/fault.hpp"

namespace squall::clock_shim {
struct ClockPage;
}

namespace squall::harness::process {

class ClockControl {
  public:
    /// Clocks run true. Throws Failure.
    ClockControl();
    ~ClockControl();
    ClockControl(const ClockControl&) = delete;
    ClockControl& operator=(const ClockControl&) = delete;

    /// For the node's environment.
    [[nodiscard]] std::string path() const;

    /// From now on, and reaches waiting threads within 20 ms. The default rule sets CLOCK_REALTIME
    /// right; monotonic time goes on from where it is.
    void set(const nemesis::ClockRule& rule);

    /// What the node's own reads have shown.
    struct Reading {
        /// Rules under which the node has read a clock that they bend, since the page exists.
        std::uint64_t changes = 0;
        /// Of a clock that was read from what it would show undisturbed.
        nemesis::Duration offset_max{};
    };

    [[nodiscard]] Reading reading();

    /// Before a rule that is to be measured: what is read under the present one counts no more as
    /// a change, and if that is no rule at all, offsets are measured anew, against the monotonic
    /// clock as it now is.
    void restart_measurement();

  private:
    void count_if_seen();

    int file_ = -1;
    clock_shim::ClockPage* page_ = nullptr;
    nemesis::ClockRule rule_;
    std::uint64_t changes_ = 0;
    bool counted_ = true;  ///< The present rule, or it does not count.
};

}  // namespace squall::harness::process
