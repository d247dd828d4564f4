#include "history/jsonl.hpp"

#include <algorithm>
#include <sstream>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace squall::history {
namespace {

const std::string header = "{\"squall_history\":1}\n";

Loaded load_text(const std::string& text) {
    std::istringstream in(text);
    return load(in, "h.jsonl");
}

std::string problem(const std::string& text) {
    const Loaded loaded = load_text(text);
    return loaded.error ? loaded.error->message() : "";
}

rc::Gen<Value> any_scalar() {
    return rc::gen::oneOf(
        rc::gen::just(Value{}),
        rc::gen::map(rc::gen::arbitrary<std::int64_t>(), [](std::int64_t n) { return Value{n}; }),
        rc::gen::map(rc::gen::string<std::string>(), [](std::string s) {
            // Only ASCII survives unchanged when it is not UTF-8.
            for (char& c : s) {
                c = static_cast<char>(static_cast<unsigned char>(c) & 0x7FU);
            }
            return Value{std::move(s)};
        }));
}

/// `after`: times never go back.
Event any_event(std::uint64_t index, Time after) {
    Event event;
    event.index = index;
    event.time = after + Time{*rc::gen::inRange<std::int64_t>(0, std::int64_t{1} << 60)};
    event.type = *rc::gen::element(EventType::invoke,
                                   EventType::ok,
                                   EventType::fail,
                                   EventType::info,
                                   EventType::fault,
                                   EventType::note);
    if (event.type == EventType::note) {
        event.text = *rc::gen::element<std::string>("", "phase: heal", "tab\t \"quote\" \\ \u00e9");
    } else if (event.type == EventType::fault) {
        FaultRecord fault;
        fault.id = *rc::gen::arbitrary<std::uint64_t>();
        fault.name = *rc::gen::element<std::string>("kill", "partition");
        fault.phase = *rc::gen::element(FaultPhase::begin, FaultPhase::end, FaultPhase::skipped);
        fault.detail = *rc::gen::element<std::string>("", "cut {n1} | {n2}");
        fault.targets = {{*rc::gen::arbitrary<NodeId>(), "leader"}, {2, ""}};
        fault.effect["down_ms"] = *rc::gen::arbitrary<std::int64_t>();
        event.fault = fault;
    } else {
        event.client = *rc::gen::nonNegative<std::int64_t>();
        event.node = *rc::gen::arbitrary<NodeId>();
        event.function = *rc::gen::element<std::string>("read", "write", "cas");
        event.key = *rc::gen::element<std::string>("", "k1");
        event.value =
            *rc::gen::oneOf(any_scalar(),
                            rc::gen::map(rc::gen::container<Value::List>(any_scalar()),
                                         [](Value::List list) { return Value{std::move(list)}; }));
        event.applied = *rc::gen::element<std::optional<bool>>(std::nullopt, true, false);
        event.error = *rc::gen::element<std::string>("", "timeout");
        if (*rc::gen::arbitrary<bool>()) {
            event.position = LogPosition{*rc::gen::arbitrary<std::uint64_t>(), 9};
        }
        event.final_read = *rc::gen::arbitrary<bool>();
    }
    return event;
}

std::vector<Event> any_history() {
    std::vector<Event> events;
    const auto count = *rc::gen::inRange<std::uint64_t>(0, 7);
    for (std::uint64_t i = 0; i < count; ++i) {
        events.push_back(any_event(i, events.empty() ? Time{} : events.back().time));
    }
    return events;
}

std::string text_of(const std::vector<Event>& events) {
    std::string text = header;
    for (const Event& event : events) {
        text += to_line(event) + "\n";
    }
    return text;
}

RC_GTEST_PROP(Jsonl, EveryHistoryRoundTrips, ()) {
    const std::vector<Event> events = any_history();
    const std::string text = text_of(events);

    const Loaded loaded = load_text(text);

    RC_ASSERT(!loaded.error);
    RC_ASSERT(loaded.warnings.empty());
    RC_ASSERT(loaded.events == events);
}

RC_GTEST_PROP(Jsonl, EveryPrefixOfAHistoryHoldsWhatWasWrittenByThen, ()) {
    const std::vector<Event> events = any_history();
    const std::string text = text_of(events);
    const auto size = *rc::gen::inRange<std::size_t>(0, text.size() + 1);

    const Loaded loaded = load_text(text.substr(0, size));

    if (size < header.size()) {
        RC_ASSERT(loaded.error && loaded.error->line == 1U);
        return;
    }
    RC_ASSERT(!loaded.error);
    const auto lines =
        std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size), '\n');
    RC_ASSERT(loaded.events.size() == static_cast<std::size_t>(lines) - 1);
    RC_ASSERT(std::equal(loaded.events.begin(), loaded.events.end(), events.begin()));
    RC_ASSERT(loaded.warnings.empty() == (text[size - 1] == '\n'));
}

RC_GTEST_PROP(Jsonl, NoInputCrashesTheReader, (const std::string& junk)) {
    const Loaded loaded = load_text(header + junk + "\n");

    RC_ASSERT(loaded.error || !loaded.events.empty());
}

TEST(Jsonl, DropsAnUnterminatedLastLineWithAWarning) {
    const Loaded loaded = load_text(
        header + "{\"index\":0,\"time\":1,\"type\":\"note\",\"text\":\"a\"}\n{\"index\":1,\"ti");

    ASSERT_FALSE(loaded.error);
    EXPECT_EQ(loaded.events.size(), 1U);
    ASSERT_EQ(loaded.warnings.size(), 1U);
    EXPECT_EQ(loaded.warnings[0], "h.jsonl:3: unterminated last line dropped");
}

TEST(Jsonl, IgnoresFieldsThatItDoesNotKnow) {
    const Loaded loaded = load_text(
        header +
        "{\"index\":0,\"time\":1,\"type\":\"invoke\",\"client\":3,\"f\":\"read\",\"colour\":{}}\n");

    ASSERT_FALSE(loaded.error);
    EXPECT_EQ(loaded.events[0].client, 3);
}

TEST(Jsonl, NamesFileLineFieldAndProblem) {
    const std::string start = header + "{\"index\":0,\"time\":1,\"type\":";
    EXPECT_EQ(problem(""),
              "h.jsonl:1: empty; the first line of a history is {\"squall_history\":1}");
    EXPECT_EQ(problem("{\"squall_history\":2}\n"),
              "h.jsonl:1: squall_history: version 2 is not supported, only 1");
    EXPECT_EQ(problem("nonsense\n"),
              "h.jsonl:1: not JSON at byte 2; the first line of a history is "
              "{\"squall_history\":1}");
    EXPECT_EQ(problem(header + "\n"), "h.jsonl:2: not JSON at byte 1");
    EXPECT_EQ(problem(header + "{\"index\":1e999}\n"),
              "h.jsonl:2: a number out of range before byte 14");
    EXPECT_EQ(problem(header + "{\"index\":\"\xff\"}\n"), "h.jsonl:2: not UTF-8 at byte 11");
    EXPECT_EQ(problem(header + "[]\n"), "h.jsonl:2: not a JSON object");
    EXPECT_EQ(problem(header + "{\"index\":1,\"time\":1,\"type\":\"note\",\"text\":\"\"}\n"),
              "h.jsonl:2: index: expected 0");
    EXPECT_EQ(problem(header + "{\"time\":1}\n"), "h.jsonl:2: index: missing");
    EXPECT_EQ(problem(start + "\"done\"}\n"), "h.jsonl:2: type: unknown: done");
    EXPECT_EQ(problem(start + "\"\\u001b[2J\"}\n"), "h.jsonl:2: type: unknown: \\x1b[2J");
    EXPECT_EQ(problem(start + "\"ok\",\"client\":-1}\n"),
              "h.jsonl:2: client: must not be negative");
    EXPECT_EQ(
        problem(start + "\"note\",\"text\":\"\"}\n{\"index\":1,\"time\":0,\"type\":\"note\"}\n"),
        "h.jsonl:3: text: missing");
    EXPECT_EQ(problem(start + "\"note\",\"text\":\"\"}\n"
                              "{\"index\":1,\"time\":0,\"type\":\"note\",\"text\":\"\"}\n"),
              "h.jsonl:3: time: 0 comes before 1; times never go back");
    EXPECT_EQ(problem(start + "\"ok\",\"client\":1.5}\n"),
              "h.jsonl:2: client: not an integer in range");
    EXPECT_EQ(problem(start + "\"invoke\",\"client\":1}\n"), "h.jsonl:2: f: missing");
    EXPECT_EQ(problem(start + "\"invoke\",\"client\":1,\"f\":\"\"}\n"),
              "h.jsonl:2: f: must not be empty");
    EXPECT_EQ(problem(start + "\"ok\",\"client\":1,\"value\":{}}\n"),
              "h.jsonl:2: value: not an integer in range");
    EXPECT_EQ(problem(start + "\"fault\",\"fault\":{\"id\":1,\"name\":\"kill\"}}\n"),
              "h.jsonl:2: phase: missing");
    EXPECT_EQ(problem(start + "\"ok\",\"client\":1,\"value\":" + std::string(40, '[') +
                      std::string(40, ']') + "}\n"),
              "h.jsonl:2: JSON deeper than 32");
    EXPECT_EQ(problem(header + std::string(max_line_bytes + 1, 'x') + "\n"),
              "h.jsonl:2: line longer than 1048576 bytes");
}

TEST(Jsonl, ReplacesBytesThatAreNotUtf8) {
    Event event;
    event.text = "bad \xff\xc3 good \u00e9";

    const Loaded loaded = load_text(header + to_line(event) + "\n");

    ASSERT_FALSE(loaded.error);
    EXPECT_EQ(loaded.events[0].text, "bad \ufffd\ufffd good \u00e9");
}

TEST(Jsonl, SaysWhenAFileCannotBeOpened) {
    const Loaded loaded = load_file("/nonexistent/history.jsonl");

    ASSERT_TRUE(loaded.error);
    EXPECT_EQ(loaded.error->message(), "/nonexistent/history.jsonl: there is no such file");
}

}  // namespace
}  // namespace squall::history
