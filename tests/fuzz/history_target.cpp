// A history file, and the checker behind it.
#include <sstream>

#include "checker/linearizability.hpp"
#include "checker/model.hpp"
#include "history/jsonl.hpp"
#include "history/operation.hpp"
#include "history/random.hpp"
#include "tests/fuzz/target.hpp"

namespace squall::fuzz {
namespace {

using namespace history;  // NOLINT(google-build-using-namespace)

constexpr std::size_t message_max = 400;
constexpr checker::Budget budget{.steps = 2000, .bytes = std::uint64_t{1} << 20U};

Loaded load_text(std::string_view text) {
    std::istringstream in{std::string(text)};
    return load(in, "h");
}

void must_be_fit_to_print(const ParseError& error) {
    const std::string message = error.message();
    must(error.line > 0, "an error has a line");
    must(message.size() < message_max, "a message is short");
    for (const char c : message) {
        must(c >= ' ' && c <= '~', "a message is printable");
    }
}

/// A killed run leaves a prefix: it holds the same events, fewer.
void must_load_cut(std::string_view text, const Loaded& whole) {
    const std::size_t cut = mix(stream_hash(text)) % (text.size() + 1);
    const Loaded part = load_text(text.substr(0, cut));
    if (part.error) {
        must_be_fit_to_print(*part.error);
        must(part.error->line == 1, "only a cut header cannot be read");
        return;
    }
    must(part.events.size() <= whole.events.size() &&
             std::equal(part.events.begin(), part.events.end(), whole.events.begin()),
         "a cut history holds the events before the cut");
}

bool run(std::string_view text) {
    const Loaded loaded = load_text(text);
    if (loaded.error) {
        must_be_fit_to_print(*loaded.error);
        return false;
    }
    std::string again = header_line() + "\n";
    for (const Event& event : loaded.events) {
        again += to_line(event) + "\n";
    }
    const Loaded reread = load_text(again);
    must(!reread.error && reread.warnings.empty() && reread.events == loaded.events,
         "a history is written as it was read");
    must_load_cut(text, loaded);
    const Pairing pairing = pair(loaded.events);
    if (!pairing.error) {
        (void)checker::linearizability_check(
            pairing.operations, *checker::find_model("register"), budget);
    }
    return !loaded.events.empty();
}

class Writer {
  public:
    Event& add(EventType type, ClientId client, std::string function, Value value = {}) {
        Event& event = events_.emplace_back();
        event.index = events_.size() - 1;
        event.time = Time{static_cast<std::int64_t>(1000 * events_.size())};
        event.type = type;
        event.client = client;
        event.function = std::move(function);
        event.key = "k1";
        event.value = std::move(value);
        return event;
    }

    [[nodiscard]] std::string text() const {
        std::string text = header_line() + "\n";
        for (const Event& event : events_) {
            text += to_line(event) + "\n";
        }
        return text;
    }

  private:
    std::vector<Event> events_;
};

std::vector<std::string> seeds() {
    Writer every;
    every.add(EventType::invoke, 1, "write", 5).node = 2;
    every.add(EventType::invoke, 2, "read");
    every.add(EventType::ok, 1, "write").position = LogPosition{2, 7};
    every.add(EventType::ok, 2, "read", 5);
    every.add(EventType::invoke, 1, "cas", Value(Value::List{Value(5), Value(6)}));
    every.add(EventType::ok, 1, "cas", 7).applied = false;
    every.add(EventType::invoke, 3, "write", Value("text"));
    every.add(EventType::info, 3, "write").error = "timeout";
    every.add(EventType::invoke, 2, "read").final_read = true;
    every.add(EventType::fail, 2, "read").error = "not-leader";
    every.add(EventType::note, -1, "").text = "phase: heal";
    FaultRecord fault{1, "kill", FaultPhase::end, "kill n1", {{1, "leader"}}, {{"down_ms", 12}}};
    every.add(EventType::fault, -1, "").fault = fault;
    Writer bad;
    bad.add(EventType::invoke, 1, "write", 1);
    bad.add(EventType::ok, 1, "write");
    bad.add(EventType::invoke, 1, "write", 2);
    bad.add(EventType::ok, 1, "write");
    bad.add(EventType::invoke, 2, "read");
    bad.add(EventType::ok, 2, "read", 1);
    return {every.text(), bad.text(), every.text() + "{\"index\":12,\"ti"};
}

std::vector<std::string> tokens() {
    return {"\"squall_history\":1",
            "\"index\":",
            "\"time\":",
            "\"type\":\"",
            "invoke\"",
            "ok\"",
            "info\"",
            "\"client\":",
            "\"value\":",
            "[[[[[[[[",
            "]]]]]]]]",
            "\"applied\":",
            "null",
            "\"fault\":{",
            "\\u0000",
            "9223372036854775807",
            "-1",
            "1e400",
            "\xff",
            "\n"};
}

}  // namespace

const Target history_lines{"history", run, seeds, tokens, "index"};

}  // namespace squall::fuzz
