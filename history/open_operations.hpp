// The rules by which events become operations, in one place for every reader of histories: a client
// has at most one operation open, completes what it began, and never acts again after an *info*.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "history/event.hpp"

namespace squall::history {

enum class Outcome : std::uint8_t;

/// Function and key of an operation. A completion may leave either out.
struct OperationNames {
    std::string_view function;
    std::string_view key;
};

class OpenOperations {
  public:
    /// The client begins the operation with this number. Or says what is wrong.
    [[nodiscard]] std::optional<std::string> begin(ClientId client, std::size_t operation);

    /// The number of the operation that the client has open.
    [[nodiscard]] std::optional<std::size_t> find(ClientId client) const;

    /// The client's operation, which `find` found and which began as `began`, ends. Or says what is
    /// wrong.
    [[nodiscard]] std::optional<std::string> end(ClientId client,
                                                 const OperationNames& began,
                                                 const OperationNames& completed,
                                                 Outcome outcome);

    /// What is wrong with a completion for which `find` found nothing.
    [[nodiscard]] static std::string not_begun(ClientId client);

  private:
    enum class Standing : std::uint8_t {
        idle,
        open,
        retired  ///< Its last outcome was unknown: it must not act again.
    };

    struct Client {
        std::size_t operation = 0;  ///< The open one.
        Standing standing = Standing::idle;
    };

    [[nodiscard]] Client& at(ClientId client);

    std::vector<Client> low_;  ///< Of clients with small numbers, by number.
    std::unordered_map<ClientId, Client> others_;
};

}  // namespace squall::history
