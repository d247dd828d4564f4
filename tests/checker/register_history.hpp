// Builds small register histories for tests, event by event, as operations.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "history/operation.hpp"

namespace squall::checker::testing {

using history::Operation;
using history::Outcome;
using history::Value;

inline Value pair_of(Value expected, Value replacement) {
    return Value{Value::List{std::move(expected), std::move(replacement)}};
}

/// Each client has one operation open at a time; a completion closes the client's last one.
class RegisterHistory {
  public:
    explicit RegisterHistory(std::string key = "x") : key_(std::move(key)) {}

    RegisterHistory& read(history::ClientId client) { return begin(client, "read", {}); }

    RegisterHistory& write(history::ClientId client, std::int64_t value) {
        return begin(client, "write", value);
    }

    RegisterHistory& cas(history::ClientId client, Value expected, std::int64_t replacement) {
        return begin(client, "cas", pair_of(std::move(expected), replacement));
    }

    /// Completion of a write.
    RegisterHistory& ok(history::ClientId client) { return end(client, Outcome::ok); }

    /// Completion of a read.
    RegisterHistory& ok(history::ClientId client, Value result) {
        open(client).result = std::move(result);
        return end(client, Outcome::ok);
    }

    RegisterHistory& applied(history::ClientId client) {
        open(client).applied = true;
        return end(client, Outcome::ok);
    }

    RegisterHistory& mismatched(history::ClientId client, Value current) {
        open(client).applied = false;
        return ok(client, std::move(current));
    }

    RegisterHistory& fail(history::ClientId client) { return end(client, Outcome::fail); }

    RegisterHistory& info(history::ClientId /*client*/) {
        ++next_event_;
        return *this;
    }

    [[nodiscard]] const std::vector<Operation>& operations() const { return operations_; }

  private:
    RegisterHistory& begin(history::ClientId client, std::string function, Value argument) {
        Operation operation;
        operation.invoked = next_event_++;
        operation.client = client;
        operation.node = 1;
        operation.function = std::move(function);
        operation.key = key_;
        operation.argument = std::move(argument);
        operations_.push_back(std::move(operation));
        return *this;
    }

    Operation& open(history::ClientId client) {
        for (auto it = operations_.rbegin(); it != operations_.rend(); ++it) {
            if (it->client == client) {
                return *it;
            }
        }
        return operations_.at(operations_.size());
    }

    RegisterHistory& end(history::ClientId client, Outcome outcome) {
        Operation& operation = open(client);
        operation.outcome = outcome;
        operation.completed = next_event_++;
        return *this;
    }

    std::string key_;
    std::uint64_t next_event_ = 0;
    std::vector<Operation> operations_;
};

}  // namespace squall::checker::testing
