// The messages of a simulated run, as reports read them again.
#include <sstream>

#include "harness/node_message.hpp"
#include "tests/fuzz/target.hpp"

namespace squall::fuzz {
namespace {

constexpr std::size_t message_max = 400;
constexpr std::size_t line_max = 4096;

bool run(std::string_view text) {
    std::istringstream in{std::string(text)};
    const harness::LoadedMessages loaded = harness::load_messages(in, "m");
    if (loaded.error) {
        must(loaded.error->starts_with("m:") && loaded.error->size() < message_max,
             "a message is short");
        for (const char c : *loaded.error) {
            must(c >= ' ' && c <= '~', "a message is printable");
        }
    }
    for (const harness::NodeMessage& message : loaded.messages) {
        const std::string line = harness::to_line(message);
        if (line.size() > line_max) {
            continue;  // Fields that were left out are written, which makes it longer.
        }
        std::istringstream again{line};
        const harness::LoadedMessages one = harness::load_messages(again, "m");
        must(!one.error && one.messages.size() == 1 && one.messages.front() == message,
             "what was accepted is written as it was");
    }
    return !loaded.messages.empty();
}

std::vector<std::string> seeds() {
    harness::NodeMessage vote;
    vote.sent = history::Time(100);
    vote.received = history::Time(200);
    vote.fate = harness::Fate::arrived;
    vote.from = 1;
    vote.to = 2;
    vote.name = "vote_reply";
    vote.term = 3;
    vote.agreed = true;
    harness::NodeMessage request;
    request.name = "request";
    request.client = 4;
    request.word = "not-leader";
    return {to_line(vote), to_line(vote) + to_line(request)};
}

std::vector<std::string> tokens() {
    return {"\"sent\":",
            "\"received\":",
            "\"fate\":\"",
            "cut\"",
            "nobody\"",
            "\"client\":",
            "\"agreed\":true",
            "\"pre_vote\":",
            "\"word\":\"",
            "18446744073709551615",
            "-1",
            "[[[[[[",
            "\xff",
            "\n"};
}

}  // namespace

const Target node_messages{"node_messages", run, seeds, tokens, "sent"};

}  // namespace squall::fuzz
