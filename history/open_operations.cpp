#include "history/open_operations.hpp"

#include <fmt/format.h>

#include "history/operation.hpp"
#include "history/text_input.hpp"

namespace squall::history {

namespace {

constexpr ClientId low_max = 1 << 16;

bool is_low(ClientId client) {
    return client >= 0 && client < low_max;
}

}  // namespace

OpenOperations::Client& OpenOperations::at(ClientId client) {
    if (!is_low(client)) {
        return others_[client];
    }
    const auto place = static_cast<std::size_t>(client);
    if (place >= low_.size()) {
        low_.resize(place + 1);
    }
    return low_[place];
}

std::optional<std::string> OpenOperations::begin(ClientId client, std::size_t operation) {
    if (client < 0) {
        return "an invocation without a client";
    }
    Client& state = at(client);
    switch (state.standing) {
        case Standing::open:
            return fmt::format("client {} has two operations open", client);
        case Standing::retired:
            return fmt::format("client {} acts again after an unknown outcome", client);
        case Standing::idle:
            break;
    }
    state = Client{operation, Standing::open};
    return std::nullopt;
}

std::optional<std::size_t> OpenOperations::find(ClientId client) const {
    const Client* state = nullptr;
    if (is_low(client)) {
        const auto place = static_cast<std::size_t>(client);
        state = place < low_.size() ? &low_[place] : nullptr;
    } else if (const auto found = others_.find(client); found != others_.end()) {
        state = &found->second;
    }
    if (state == nullptr || state->standing != Standing::open) {
        return std::nullopt;
    }
    return state->operation;
}

std::optional<std::string> OpenOperations::end(ClientId client,
                                               const OperationNames& began,
                                               const OperationNames& completed,
                                               Outcome outcome) {
    if (!completed.function.empty() && completed.function != began.function) {
        return fmt::format("client {} completes {} but began {}",
                           client,
                           printable(completed.function),
                           printable(began.function));
    }
    if (!completed.key.empty() && completed.key != began.key) {
        return fmt::format("client {} completes key {} but began key {}",
                           client,
                           printable(completed.key),
                           printable(began.key));
    }
    at(client).standing = outcome == Outcome::info ? Standing::retired : Standing::idle;
    return std::nullopt;
}

std::string OpenOperations::not_begun(ClientId client) {
    return fmt::format("client {} completes what it did not begin", client);
}

}  // namespace squall::history
