#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "harness/report/escape.hpp"
#include "harness/report/happenings.hpp"
#include "history/value.hpp"

namespace squall::harness::report {
namespace {

using history::Operation;
using history::Outcome;

constexpr std::size_t value_bytes_max = 40;

std::string value_words(const history::Value& value) {
    return shortened(history::to_text(value), value_bytes_max);
}

std::string call_words(const Operation& operation) {
    const std::string argument = value_words(operation.argument);
    const std::string key = shortened(operation.key, value_bytes_max);
    if (operation.function == "cas") {
        return fmt::format("cas {} on {}", argument, key);
    }
    return operation.argument == history::Value{}
               ? fmt::format("{} {}", operation.function, key)
               : fmt::format("{} {} to {}", operation.function, argument, key);
}

bool reads(const Operation& operation) {
    return operation.function == "read";
}

class Teller {
  public:
    Teller(const ClusterPast& past,
           const Concern& concern,
           Clocks clocks,
           std::set<std::string> keys)
        : past_(past), concern_(concern), clocks_(clocks), keys_(std::move(keys)) {}

    void tell(const Operation& operation) {
        if (operation.final_read && !concerns(operation)) {
            return;
        }
        Happening& asked = add(operation, operation.invoked_at, "request");
        asked.node = operation.node;
        asked.event = operation.invoked;
        asked.text = fmt::format("c{} asks: {}", operation.client, call_words(operation));
        asked.mark = asked.text;
        if (operation.completed_at > Time{}) {
            answered(operation);
        }
    }

    [[nodiscard]] std::vector<Happening> take() { return std::move(all_); }

  private:
    [[nodiscard]] bool concerns(const Operation& operation) const {
        return concern_.events.contains(operation.invoked) ||
               concern_.events.contains(operation.completed);
    }

    Happening& add(const Operation& operation, Time at, const char* kind) {
        Happening happening;
        happening.at = at;
        happening.kind = kind;
        // Where no traces tell of the one log, what was asked of other objects has nothing to do
        // with it.
        const bool apart =
            past_.nodes().empty() && !keys_.empty() && !keys_.contains(operation.key);
        happening.weight = concerns(operation) ? Weight::decisive
                           : apart             ? Weight::detail
                                               : Weight::ordinary;
        happening.client = operation.client;
        return all_.emplace_back(std::move(happening));
    }

    void answered(const Operation& operation) {
        Happening& answer = add(operation, operation.completed_at, "answer");
        answer.node = operation.node;
        if (operation.completed != history::never) {
            answer.event = operation.completed;
        }
        if (operation.position) {
            answer.term = operation.position->term;
            answer.index = operation.position->index;
        }
        const std::string who =
            operation.node == 0 ? std::string("nobody") : fmt::format("n{}", operation.node);
        const std::string call = call_words(operation);
        if (operation.outcome != Outcome::ok) {
            const bool sure = operation.outcome == Outcome::fail;
            answer.text = fmt::format(
                "c{}: {} {}{}",
                operation.client,
                call,
                sure ? "fails" : "ends without an answer that tells",
                operation.error.empty()
                    ? ""
                    : fmt::format(" ({})", shortened(operation.error, value_bytes_max)));
            answer.mark = sure ? "fail" : "info";
            return;
        }
        const std::string position = operation.position ? fmt::format(" (term {}, index {})",
                                                                      operation.position->term,
                                                                      operation.position->index)
                                                        : "";
        std::string result = "done";
        if (reads(operation) || operation.result != history::Value{}) {
            result = value_words(operation.result);
        }
        if (operation.applied && !*operation.applied) {
            result = "not applied, " + result;
        }
        answer.text = fmt::format(
            "{} answers c{}: {} => {}{}", who, operation.client, call, result, position);
        answer.mark = fmt::format("=> {}", result);
        if (concerns(operation)) {
            explain(operation, answer);
        }
    }

    /// What the traces say of the node that answered, where it is not as it should be.
    void explain(const Operation& operation, Happening& answer) const {
        if (operation.node == 0 || past_.nodes().empty() || clocks_ == Clocks::bent) {
            return;
        }
        const Time at = operation.completed_at;
        const auto* own = past_.role_at(operation.node, at);
        const auto latest = past_.latest_leader(operation.invoked_at);
        if (own != nullptr && latest && latest->node != operation.node &&
            latest->term > own->term) {
            answer.text +=
                fmt::format("; n{} is {} term {}, but n{} has led term {} since {:.3f} s",
                            operation.node,
                            own->role == "leader" ? "still leader of" : "a " + own->role + " in",
                            own->term,
                            latest->node,
                            latest->term,
                            std::chrono::duration<double>(latest->since).count());
        } else if (own != nullptr && own->role != "leader" && own->role != "down") {
            answer.text += fmt::format("; n{} is a {} then", operation.node, own->role);
        }
        if (clocks_ == Clocks::exact) {
            explain_indices(operation, answer);
        }
    }

    void explain_indices(const Operation& operation, Happening& answer) const {
        const Time at = operation.completed_at;
        if (reads(operation)) {
            const std::uint64_t applied = past_.applied(operation.node, at);
            const auto committed = past_.committed(operation.invoked_at);
            if (committed && applied < committed->index) {
                answer.text += fmt::format(
                    "; n{} has applied up to {}, though {} {} committed before the read began "
                    "(n{} knew at {:.3f} s)",
                    operation.node,
                    applied,
                    committed->index,
                    "was",
                    committed->node,
                    std::chrono::duration<double>(committed->since).count());
            }
            return;
        }
        if (!operation.position) {
            return;
        }
        const auto [term, index] = *operation.position;
        const auto committed = past_.commit_of(index);
        const std::set<std::uint64_t> terms = past_.applied_terms(index);
        if (!committed) {
            answer.text += fmt::format("; no node ever learnt that index {} was committed", index);
        } else if (committed->since > at) {
            answer.text += fmt::format("; no node knew index {} to be committed before {:.3f} s",
                                       index,
                                       std::chrono::duration<double>(committed->since).count());
        }
        if (!terms.empty() && !terms.contains(term)) {
            answer.text +=
                fmt::format("; what was applied at index {} is of term {}, another entry",
                            index,
                            *terms.begin());
        }
    }

    const ClusterPast& past_;
    const Concern& concern_;
    Clocks clocks_;
    std::set<std::string> keys_;  ///< What the violation is about; empty: nobody knows.
    std::vector<Happening> all_;
};

std::set<std::string> keys_of(std::span<const Operation> operations, const Concern& concern) {
    std::set<std::string> keys;
    for (const Operation& operation : operations) {
        if (concern.events.contains(operation.invoked) ||
            concern.events.contains(operation.completed)) {
            keys.insert(operation.key);
        }
    }
    return keys;
}

/// Requests after the first of an operation, which a history does not tell of.
void tell_retries(std::span<const Operation> operations,
                  std::span<const NodeMessage> messages,
                  const Concern& concern,
                  std::vector<Happening>& all) {
    std::map<history::ClientId, std::vector<const Operation*>> of_client;
    for (const Operation& operation : operations) {
        of_client[operation.client].push_back(&operation);
    }
    const auto begun = [](const Operation* operation) { return operation->invoked_at; };
    for (const NodeMessage& message : messages) {
        const auto client = of_client.find(message.client);
        if (message.client < 0 || client == of_client.end()) {
            continue;
        }
        const auto after = std::ranges::upper_bound(client->second, message.sent, {}, begun);
        if (after == client->second.begin()) {
            continue;
        }
        const Operation& operation = **std::prev(after);
        const bool again = message.from == 0 && message.sent > operation.invoked_at;
        const bool refused = message.from != 0 && !message.agreed;
        if (operation.final_read || (!again && !refused)) {
            continue;
        }
        Happening happening;
        happening.at = message.sent;
        happening.kind = again ? "request" : "answer";
        happening.client = message.client;
        happening.node = again ? message.to : message.from;
        happening.weight = concern.events.contains(operation.invoked) ||
                                   concern.events.contains(operation.completed)
                               ? Weight::telling
                               : Weight::detail;
        happening.text = again ? fmt::format("c{} asks n{} the same again: {}",
                                             message.client,
                                             message.to,
                                             call_words(operation))
                               : fmt::format("n{} refuses c{}'s {}: {}",
                                             message.from,
                                             message.client,
                                             call_words(operation),
                                             message.word);
        happening.mark = again ? "asked again" : message.word;
        all.push_back(std::move(happening));
    }
}

}  // namespace

std::vector<Happening> operation_happenings(std::span<const Operation> operations,
                                            const Material& material,
                                            const ClusterPast& past,
                                            const Concern& concern,
                                            Clocks clocks) {
    Teller teller(past, concern, clocks, keys_of(operations, concern));
    for (const Operation& operation : operations) {
        teller.tell(operation);
    }
    std::vector<Happening> all = teller.take();
    tell_retries(operations, material.messages, concern, all);
    return all;
}

}  // namespace squall::harness::report
