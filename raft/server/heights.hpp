// The highest values so far of what the configuration bounds, for the trace: a bound is told when
// it has grown by more than an eighth since it was last told, and always when it is beyond its
// limit, so that a life tells each but a few dozen times.
#pragma once

#include <cstdint>
#include <vector>

#include "raft/trace.hpp"

namespace squall::raft::server {

class Height {
  public:
    /// `what` outlives the object. Up to `unremarkable` nothing is told.
    Height(const char* what, std::uint64_t limit, std::uint64_t unremarkable = 0)
        : what_(what), limit_(limit), told_(unremarkable) {}

    void measure(std::uint64_t value, std::vector<TraceEvent>& trace) {
        const bool beyond = value > limit_ && value > told_;
        if (beyond || value > told_ + told_ / 8) {
            told_ = value;
            trace.emplace_back(BoundTrace{what_, value, limit_});
        }
    }

  private:
    const char* what_;
    std::uint64_t limit_;
    std::uint64_t told_;
};

}  // namespace squall::raft::server
