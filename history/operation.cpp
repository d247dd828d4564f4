#include "history/operation.hpp"

#include <optional>
#include <utility>

#include "history/open_operations.hpp"

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
        if (auto problem = open_.begin(event.client, operations_.size())) {
            return problem;
        }
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
        const std::optional<std::size_t> found = open_.find(event.client);
        if (!found) {
            return OpenOperations::not_begun(event.client);
        }
        Operation& operation = operations_[*found];
        if (auto problem = open_.end(event.client,
                                     {operation.function, operation.key},
                                     {event.function, event.key},
                                     outcome)) {
            return problem;
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
        if (outcome != Outcome::info) {
            operation.completed = event.index;
        }
        return std::nullopt;
    }

    std::vector<Operation> operations_;
    OpenOperations open_;
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
