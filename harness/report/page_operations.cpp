#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/report/escape.hpp"
#include "harness/report/page_data.hpp"

namespace squall::harness::report {
namespace {

using Json = nlohmann::ordered_json;
using history::Operation;

/// Texts by number; 0 is the empty one.
class Texts {
  public:
    explicit Texts(std::size_t bytes_max) : bytes_max_(bytes_max) {}

    std::size_t number_of(std::string_view text) {
        std::string kept = shortened(text, page_text_max);
        const auto found = numbers_.find(kept);
        if (found != numbers_.end()) {
            return found->second;
        }
        // A newline may take six bytes of JSON; a byte that is not UTF-8 becomes three.
        bytes_ += kept.size() * 2 + 3;
        if (bytes_ > bytes_max_) {
            kept = "\xe2\x80\xa6";
        }
        const auto [place, is_new] = numbers_.emplace(std::move(kept), table_.size());
        if (is_new) {
            table_.push_back(clean_text(place->first));
        }
        return place->second;
    }

    [[nodiscard]] Json take() { return std::move(table_); }

  private:
    std::map<std::string, std::size_t, std::less<>> numbers_{{"", 0}};
    Json table_ = Json::array({""});
    std::size_t bytes_max_;
    std::size_t bytes_ = 0;
};

bool stands_in(const Operation& operation, const std::set<std::uint64_t>& evidence) {
    return evidence.contains(operation.invoked) || evidence.contains(operation.completed);
}

struct Sample {
    std::vector<const Operation*> shown;  ///< In the order of invocation.
    std::size_t every = 1;                ///< Outside of the window, every so many-th is shown.
    std::optional<std::pair<Time, Time>> window;  ///< Where all are shown.
};

Sample sample_of(std::span<const Operation> operations,
                 const std::set<std::uint64_t>& evidence,
                 std::size_t most) {
    Sample sample;
    std::size_t begin = 0;
    std::size_t end = 0;
    if (operations.size() > most) {
        const auto first_evidence = std::ranges::find_if(
            operations, [&](const Operation& operation) { return stands_in(operation, evidence); });
        if (first_evidence != operations.end()) {
            const auto centre = static_cast<std::size_t>(first_evidence - operations.begin());
            begin = std::min(centre - std::min(centre, most / 4), operations.size() - most / 2);
            end = begin + most / 2;
            sample.window = {operations[begin].invoked_at, operations[end - 1].invoked_at};
        }
        const std::size_t room = std::max<std::size_t>(most - (end - begin), 1);
        sample.every = (operations.size() - (end - begin) + room - 1) / room;
    }
    for (std::size_t i = 0; i < operations.size(); ++i) {
        if (i % sample.every == 0 || (i >= begin && i < end) ||
            stands_in(operations[i], evidence)) {
            sample.shown.push_back(&operations[i]);
        }
    }
    return sample;
}

Json window_json(const Sample& sample) {
    return sample.window
               ? Json({sample.window->first.count() / 1000, sample.window->second.count() / 1000})
               : Json();
}

std::string text_of(const history::Value& value) {
    return value.is_null() ? "" : history::to_text(value);
}

/// What came back, in the words of the counterexamples.
std::string answer_of(const Operation& operation) {
    if (operation.outcome != history::Outcome::ok) {
        return operation.error;
    }
    if (operation.applied && !*operation.applied) {
        return operation.result.is_null() ? "not applied"
                                          : "not applied, " + text_of(operation.result);
    }
    return operation.function == "read" ? history::to_text(operation.result)
                                        : text_of(operation.result);
}

}  // namespace

Json page_operations(std::span<const Operation> operations,
                     const std::set<std::uint64_t>& evidence,
                     const PageLimits& limits) {
    const Sample sample = sample_of(operations, evidence, limits.operations);
    Texts texts(limits.texts_bytes);
    Json invoked = Json::array();
    Json span = Json::array();
    Json start = Json::array();
    Json length = Json::array();
    Json client = Json::array();
    Json node = Json::array();
    Json function = Json::array();
    Json key = Json::array();
    Json argument = Json::array();
    Json answer = Json::array();
    Json outcome = Json::array();
    std::uint64_t last_invoked = 0;
    std::int64_t last_start = 0;
    for (const Operation* operation : sample.shown) {
        const std::int64_t at = operation->invoked_at.count() / 1000;
        const bool ended = operation->completed_at.count() != 0;
        invoked.push_back(operation->invoked - last_invoked);
        // -1: it may take effect at any later moment.
        span.push_back(operation->completed == history::never
                           ? -1
                           : static_cast<std::int64_t>(operation->completed - operation->invoked));
        start.push_back(at - last_start);
        length.push_back(ended ? operation->completed_at.count() / 1000 - at : -1);
        client.push_back(operation->client);
        node.push_back(operation->node);
        function.push_back(texts.number_of(operation->function));
        key.push_back(texts.number_of(operation->key));
        argument.push_back(texts.number_of(text_of(operation->argument)));
        answer.push_back(texts.number_of(answer_of(*operation)));
        outcome.push_back(static_cast<int>(operation->outcome) + (operation->final_read ? 4 : 0));
        last_invoked = operation->invoked;
        last_start = at;
    }
    return {{"total", operations.size()},
            {"sample", {{"every", sample.every}, {"window", window_json(sample)}}},
            {"texts", texts.take()},
            {"invoked", std::move(invoked)},
            {"span", std::move(span)},
            {"start", std::move(start)},
            {"length", std::move(length)},
            {"client", std::move(client)},
            {"node", std::move(node)},
            {"function", std::move(function)},
            {"key", std::move(key)},
            {"argument", std::move(argument)},
            {"answer", std::move(answer)},
            {"outcome", std::move(outcome)}};
}

}  // namespace squall::harness::report
