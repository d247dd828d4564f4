#include "raft/node/guest_list.hpp"

#include "raft/assert.hpp"

namespace squall::raft::node {

GuestId GuestList::enter() {
    ASSERT(!full());
    const GuestId guest = ++last_;
    guests_[guest] = {true, idle_.insert(idle_.end(), guest)};
    return guest;
}

void GuestList::leave(GuestId guest) {
    set_busy(guest);
    guests_.erase(guest);
}

void GuestList::set_idle(GuestId guest) {
    const auto found = guests_.find(guest);
    if (found == guests_.end()) {
        return;
    }
    Place& place = found->second;
    if (place.idle) {
        idle_.splice(idle_.end(), idle_, place.at);
    } else {
        place = {true, idle_.insert(idle_.end(), guest)};
    }
}

void GuestList::set_busy(GuestId guest) {
    const auto found = guests_.find(guest);
    if (found != guests_.end() && found->second.idle) {
        idle_.erase(found->second.at);
        found->second.idle = false;
    }
}

std::optional<GuestId> GuestList::longest_idle() const {
    return idle_.empty() ? std::nullopt : std::optional(idle_.front());
}

}  // namespace squall::raft::node
