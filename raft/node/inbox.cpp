#include "raft/node/inbox.hpp"

#include <utility>

namespace squall::raft::node {

template <typename Item>
bool Inbox::push(Item item, std::size_t bytes, std::size_t& total) {
    bytes += sizeof(server::Input);
    {
        const std::scoped_lock lock(mutex_);
        if (total != 0 && total + bytes > max_bytes) {
            return false;
        }
        total += bytes;
        inputs_.emplace_back(std::move(item));
    }
    changed_.notify_one();
    return true;
}

bool Inbox::push_peer(Envelope envelope, std::size_t bytes) {
    return push(server::PeerInput{std::move(envelope)}, bytes, peer_bytes_);
}

bool Inbox::push_client(server::ClientInput request, std::size_t bytes) {
    return push(std::move(request), bytes, client_bytes_);
}

void Inbox::push_persisted(PersistId id) {
    {
        const std::scoped_lock lock(mutex_);
        persisted_ = id;
    }
    changed_.notify_one();
}

void Inbox::close() {
    {
        const std::scoped_lock lock(mutex_);
        closed_ = true;
    }
    changed_.notify_one();
}

std::optional<std::vector<server::Input>> Inbox::take(Time deadline, bool persisted_only) {
    std::unique_lock lock(mutex_);
    const auto until = std::chrono::steady_clock::time_point(deadline);
    changed_.wait_until(lock, until, [&] {
        return closed_ || persisted_ || (!persisted_only && !inputs_.empty());
    });
    if (closed_) {
        return std::nullopt;
    }
    std::vector<server::Input> taken;
    if (!persisted_only) {
        taken = std::exchange(inputs_, {});
        peer_bytes_ = 0;
        client_bytes_ = 0;
    }
    if (const auto id = std::exchange(persisted_, std::nullopt)) {
        taken.emplace_back(server::PersistedInput{*id});
    }
    if (taken.empty()) {
        taken.emplace_back(server::TickInput{});
    }
    return taken;
}

std::size_t Inbox::waiting_bytes() const {
    const std::scoped_lock lock(mutex_);
    return peer_bytes_ + client_bytes_;
}

}  // namespace squall::raft::node
