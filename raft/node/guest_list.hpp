// Who is connected to a port, and who has to go when all places are taken: the guest that has been
// idle longest, so that neither idle connections nor such as never say who they are keep others
// out. Pure bookkeeping in the order of the calls; sockets and clocks are elsewhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <unordered_map>

namespace squall::raft::node {

/// Never given twice by one list.
using GuestId = std::uint64_t;

class GuestList {
  public:
    explicit GuestList(std::size_t places) : places_(places) {}

    [[nodiscard]] bool full() const { return guests_.size() >= places_; }

    [[nodiscard]] std::size_t size() const { return guests_.size(); }

    /// The newest of the idle. The caller sees to it that there is a place.
    [[nodiscard]] GuestId enter();

    /// Idempotent, as are the next two for guests that have left.
    void leave(GuestId guest);

    /// Nothing is under way with this guest any more: from now on it is the newest of the idle.
    void set_idle(GuestId guest);

    /// Not to be sent away.
    void set_busy(GuestId guest);

    [[nodiscard]] std::optional<GuestId> longest_idle() const;

  private:
    struct Place {
        bool idle = true;
        std::list<GuestId>::iterator at;  ///< Where it stands in idle_, if it does.
    };

    std::size_t places_;
    std::unordered_map<GuestId, Place> guests_;  ///< Never iterated.
    std::list<GuestId> idle_;                    ///< Longest first.
    GuestId last_ = 0;
};

}  // namespace squall::raft::node
