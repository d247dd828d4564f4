#include "history/jsonl_compact.hpp"

#include <sstream>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "history/operation.hpp"

namespace squall::history {
namespace {

const std::string header = "{\"squall_history\":1}\n";

LoadedCompact compact_of(const std::string& text) {
    std::istringstream in(text);
    return load_compact(in, "h.jsonl");
}

Loaded events_of(const std::string& text) {
    std::istringstream in(text);
    return load(in, "h.jsonl");
}

/// What a compact history does not keep.
Operation without_times(Operation operation) {
    operation.invoked_at = {};
    operation.completed_at = {};
    operation.error.clear();
    if (operation.position == LogPosition{}) {
        operation.position.reset();
    }
    return operation;
}

std::string described(const Operation& operation) {
    std::ostringstream out;
    out << operation.invoked << ' ' << operation.completed << ' ' << operation.client << ' '
        << operation.node << ' ' << operation.function << ' ' << operation.key << ' '
        << to_text(operation.argument) << ' ' << to_text(operation.result) << ' '
        << (operation.applied ? *operation.applied ? "yes" : "no" : "-") << ' '
        << to_string(operation.outcome) << ' ' << operation.final_read;
    if (operation.position) {
        out << ' ' << operation.position->term << '/' << operation.position->index;
    }
    return out.str();
}

std::vector<std::string> described(const CompactHistory& history) {
    std::vector<std::string> all;
    for (OperationId id = 0; id < history.operations.size(); ++id) {
        all.push_back(described(history.expand(id)));
    }
    return all;
}

/// Both readers agree on the text: the same error, or the same operations.
void expect_agreement(const std::string& text) {
    const LoadedCompact fast = compact_of(text);
    const Loaded slow = events_of(text);
    if (slow.error) {
        // What does not pair is found on the way, so possibly before.
        ASSERT_TRUE(fast.error) << text;
        const bool same = fast.error->message() == slow.error->message();
        EXPECT_TRUE(same || fast.error->line < slow.error->line)
            << text << fast.error->message() << "\n"
            << slow.error->message();
        return;
    }
    const Pairing pairing = pair(slow.events);
    if (pairing.error) {
        ASSERT_TRUE(fast.error) << text;
        EXPECT_EQ(fast.error->line, pairing.error->event + 2);
        EXPECT_EQ(fast.error->problem, pairing.error->problem);
        return;
    }
    ASSERT_FALSE(fast.error) << text << fast.error->message();
    EXPECT_EQ(fast.warnings, slow.warnings);
    EXPECT_EQ(fast.events, slow.events.size());
    std::vector<std::string> expected;
    for (const Operation& operation : pairing.operations) {
        expected.push_back(described(without_times(operation)));
    }
    EXPECT_EQ(described(fast.history), expected) << text;
}

/// One of many spellings of a field's value, most of them as they should be.
std::string any_value() {
    return *rc::gen::element<std::string>("1",
                                          "0",
                                          "-3",
                                          "-0",
                                          "007",
                                          "1.0",
                                          "1e3",
                                          "999999999999999999",
                                          "9223372036854775807",
                                          "9223372036854775808",
                                          "99999999999999999999",
                                          "null",
                                          "true",
                                          "\"\"",
                                          "\"a b\"",
                                          "\"\\u0041\"",
                                          "\"\xc3\xa9\"",
                                          "\"\xff\"",
                                          "\"\x01\"",
                                          "[]",
                                          "[1]",
                                          "[1,2]",
                                          "[ 1 , null ,\"x\"]",
                                          "[[1,2],[3]]",
                                          "[[[[[[[[[[1]]]]]]]]]]",
                                          "{}",
                                          "[1,]",
                                          "[1");
}

std::string any_line(std::uint64_t index) {
    const std::string type = *rc::gen::weightedElement<std::string>(
        {{4, "invoke"}, {4, "ok"}, {1, "fail"}, {1, "info"}, {1, "note"}, {1, "what"}});
    std::string line =
        "{\"index\":" +
        std::to_string(*rc::gen::weightedElement<std::uint64_t>({{30, index}, {1, index + 1}})) +
        ",\"time\":" + std::to_string(10 * index) + ",\"type\":\"" + type + "\"";
    const auto add = [&](const std::string& field, const std::string& value, int of) {
        if (*rc::gen::inRange(0, of) == 0) {
            line += *rc::gen::weightedElement<std::string>({{9, ","}, {1, " ,\t"}, {1, ", "}}) +
                    "\"" + field + "\":" + value;
        }
    };
    line += ",\"client\":" + std::to_string(*rc::gen::inRange(0, 3));
    add("node",
        *rc::gen::weightedElement<std::string>({{8, "2"}, {1, "4294967296"}, {1, "-1"}}),
        2);
    if (type == "invoke" || *rc::gen::inRange(0, 3) == 0) {
        add("f", *rc::gen::element<std::string>("\"read\"", "\"cas\"", "\"append\"", "\"\""), 1);
    }
    add("key", *rc::gen::weightedElement<std::string>({{8, "\"k\""}, {1, "5"}, {1, "\"\""}}), 2);
    add("value", any_value(), 2);
    add("applied", *rc::gen::element<std::string>("true", "false", "1"), 4);
    add("error", *rc::gen::element<std::string>("\"timeout\"", "\"\\n\"", "3"), 6);
    add("position",
        *rc::gen::element<std::string>("{\"term\":1,\"index\":2}",
                                       "{\"index\":2, \"term\":1}",
                                       "{\"term\":1}",
                                       "{\"term\":-1,\"index\":2}",
                                       "{}"),
        4);
    add("final", *rc::gen::element<std::string>("true", "false", "null"), 6);
    add("colour", any_value(), 12);
    add("key", "\"again\"", 20);
    return line +
           *rc::gen::weightedElement<std::string>({{30, "}"}, {1, "} "}, {1, "}}"}, {1, ""}});
}

RC_GTEST_PROP(JsonlCompact, AgreesWithTheReaderOfEventsOnAnyLine, ()) {
    std::string text = header;
    const auto lines = *rc::gen::inRange<std::uint64_t>(0, 6);
    for (std::uint64_t index = 0; index < lines; ++index) {
        text += any_line(index) + "\n";
    }

    expect_agreement(text);

    RC_ASSERT(!::testing::Test::HasFailure());
}

RC_GTEST_PROP(JsonlCompact, AgreesWithTheReaderOfEventsOnHistoriesThatPair, ()) {
    std::string text = header;
    std::uint64_t index = 0;
    const auto line = [&](const std::string& rest) {
        text += "{\"index\":" + std::to_string(index) + ",\"time\":" + std::to_string(index) + "," +
                rest + "}\n";
        ++index;
    };
    const std::vector<std::string> good{
        "1", "-7", "null", "\"x\"", "[]", "[1,2]", "[[1,2],\"y\",3]"};
    const auto operations = *rc::gen::inRange(0, 8);
    for (int i = 0; i < operations; ++i) {
        const std::string client = "\"client\":" + std::to_string(i);
        line("\"type\":\"invoke\"," + client + ",\"node\":1,\"f\":\"" +
             *rc::gen::element<std::string>("cas", "read", "append") + "\",\"key\":\"k" +
             std::to_string(*rc::gen::inRange(0, 3)) + "\",\"value\":" + *rc::gen::elementOf(good));
        if (*rc::gen::inRange(0, 4) != 0) {
            line("\"type\":\"" + *rc::gen::element<std::string>("ok", "fail", "info") + "\"," +
                 client + ",\"value\":" + *rc::gen::elementOf(good) +
                 *rc::gen::element<std::string>("",
                                                ",\"position\":{\"term\":3,\"index\":9}",
                                                ",\"applied\":false",
                                                ",\"node\":4"));
        }
    }

    RC_ASSERT(!compact_of(text).error);
    expect_agreement(text);

    RC_ASSERT(!::testing::Test::HasFailure());
}

TEST(JsonlCompact, DropsAnUnterminatedLastLineWithAWarning) {
    expect_agreement(
        header + "{\"index\":0,\"time\":1,\"type\":\"note\",\"text\":\"a\"}\n{\"index\":1,\"ti");
}

TEST(JsonlCompact, WantsTheHeader) {
    expect_agreement("");
    expect_agreement("{}\n");
    expect_agreement("{\"squall_history\":2}\n");
}

TEST(JsonlCompact, NamesTheLineOfWhatDoesNotPair) {
    const LoadedCompact loaded =
        compact_of(header + "{\"index\":0,\"time\":1,\"type\":\"ok\",\"client\":3,\"value\":1}\n");

    ASSERT_TRUE(loaded.error);
    EXPECT_EQ(loaded.error->message(),
              "h.jsonl:2: client: client 3 completes what it did not begin");
}

}  // namespace
}  // namespace squall::history
