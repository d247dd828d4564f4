#include "history/operation.hpp"

#include <optional>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "history/text_input.hpp"

namespace squall::history {

const char* to_string(Outcome outcome) {
    switch (outcome) {
        case Outcome::ok:
            return "ok";
        case Outcome::fail:
            return "fail";
        case Outcome::info:
            return "info";
    }
    return "?";
}

namespace {

/// Where a client stands: no entry means that it has nothing open.
struct ClientState {
    std::size_t operation = 0;  ///< The open one.
    bool retired = false;       ///< Its last outcome was unknown: it must not act again.
};

class Pairer {
  public:
    /// Says what is wrong with the event, if anything.
    std::optional<std::string> add(const Event& event) {
        switch (event.type) {
            case EventType::invoke:
                return invoke(event);
            case EventType::ok:
                return complete(event, Outcome::ok);
            case EventType::fail:
                return complete(event, Outcome::fail);
            case EventType::info:
                return complete(event, Outcome::info);
            case EventType::fault:
            case EventType::note:
                break;
        }
        return std::nullopt;
    }

    std::vector<Operation> take() { return std::move(operations_); }

  private:
    std::optional<std::string> invoke(const Event& event) {
        if (event.client < 0) {
            return "an invocation without a client";
        }
        const auto found = clients_.find(event.client);
        if (found != clients_.end()) {
            return found->second.retired
                       ? fmt::format("client {} acts again after an unknown outcome", event.client)
                       : fmt::format("client {} has two operations open", event.client);
        }
        clients_[event.client] = ClientState{operations_.size(), false};
        Operation operation;
        operation.invoked = event.index;
        operation.invoked_at = event.time;
        operation.client = event.client;
        operation.node = event.node;
        operation.function = event.function;
        operation.key = event.key;
        operation.argument = event.value;
        operation.final_read = event.final_read;
        operations_.push_back(std::move(operation));
        return std::nullopt;
    }

    std::optional<std::string> complete(const Event& event, Outcome outcome) {
        const auto found = clients_.find(event.client);
        if (found == clients_.end() || found->second.retired) {
            return fmt::format("client {} completes what it did not begin", event.client);
        }
        Operation& operation = operations_[found->second.operation];
        if (!event.function.empty() && event.function != operation.function) {
            return fmt::format("client {} completes {} but began {}",
                               event.client,
                               printable(event.function),
                               printable(operation.function));
        }
        if (!event.key.empty() && event.key != operation.key) {
            return fmt::format("client {} completes key {} but began key {}",
                               event.client,
                               printable(event.key),
                               printable(operation.key));
        }
        operation.outcome = outcome;
        operation.completed_at = event.time;
        operation.error = event.error;
        operation.position = event.position;
        if (event.node != 0) {
            operation.node = event.node;
        }
        if (outcome == Outcome::ok) {
            operation.result = event.value;
            operation.applied = event.applied;
        }
        if (outcome == Outcome::info) {
            found->second.retired = true;
        } else {
            operation.completed = event.index;
            clients_.erase(found);
        }
        return std::nullopt;
    }

    std::vector<Operation> operations_;
    std::unordered_map<ClientId, ClientState> clients_;
};

}  // namespace

Pairing pair(std::span<const Event> events) {
    Pairer pairer;
    Pairing pairing;
    for (const Event& event : events) {
        if (auto problem = pairer.add(event)) {
            pairing.error = PairingError{event.index, std::move(*problem)};
            break;
        }
    }
    pairing.operations = pairer.take();
    return pairing;
}

}  // namespace squall::history
