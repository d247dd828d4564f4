// Whether a connection's other side keeps up: begun frames must be completed, and what is sent must
// be taken. Pure: whoever owns it reports what happens and asks now and then, at even intervals.
//
// Time is counted in those rounds and not read from a clock, so a node that was paused, or whose
// clock jumped, does not take its own absence for that of the others.
#pragma once

#include <cstddef>
#include <cstdint>

#include "raft/limits.hpp"

namespace squall::raft::node {

class StallWatch {
  public:
    enum class Verdict : std::uint8_t { fine, slow_sender, slow_reader };

    /// A frame that stays incomplete, or a reader that takes too little, for more than this many
    /// whole rounds is a stall.
    static constexpr int rounds = 4;

    /// A frame was completed, or none is expected: whatever comes next starts anew.
    void received() { incomplete_rounds_ = 0; }

    /// The kernel took so many bytes.
    void taken(std::size_t bytes) { taken_ += bytes; }

    /// One round is over. `incomplete`: a frame is expected or begun; `unsent`: something waits to
    /// be taken.
    [[nodiscard]] Verdict round(bool incomplete, bool unsent) {
        incomplete_rounds_ = incomplete ? incomplete_rounds_ + 1 : 0;
        if (!unsent || taken_ >= limits::least_taken_bytes) {
            unsent_rounds_ = 0;
            taken_ = 0;
        } else {
            ++unsent_rounds_;
        }
        if (incomplete_rounds_ > rounds) {
            return Verdict::slow_sender;
        }
        return unsent_rounds_ > rounds ? Verdict::slow_reader : Verdict::fine;
    }

  private:
    int incomplete_rounds_ = 0;
    int unsent_rounds_ = 0;
    std::size_t taken_ = 0;
};

}  // namespace squall::raft::node
