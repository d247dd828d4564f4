// The key-value store proper: values by key, ordered, so that equal contents have equal bytes. It
// knows nothing of the log, of sessions or of replies.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "raft/bytes.hpp"
#include "raft/server/request.hpp"

namespace squall::raft::server {

class KeyValueStore {
  public:
    struct Outcome {
        bool applied = true;
        std::optional<std::string> value;  ///< When not applied: what the key holds.
        friend bool operator==(const Outcome&, const Outcome&) = default;
    };

    [[nodiscard]] std::optional<std::string> get(std::string_view key) const;

    /// Not applied: a cas that does not match, an append that would exceed max_value_bytes, an add
    /// of or to something that is not an integer of 64 bits, or whose sum is none.
    Outcome apply(const Request& mutation);

    [[nodiscard]] std::size_t size() const { return values_.size(); }

    void encode(std::string& out) const;

    /// Replaces the contents; fails the reader on anything that `encode` does not write.
    void decode(ByteReader& reader);

    friend bool operator==(const KeyValueStore&, const KeyValueStore&) = default;

  private:
    std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace squall::raft::server
