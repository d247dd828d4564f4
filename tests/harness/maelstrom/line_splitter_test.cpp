#include "harness/maelstrom/line_splitter.hpp"

#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace squall::harness::maelstrom {
namespace {

struct Seen {
    std::vector<std::string> lines;
    std::vector<std::string> too_long;
};

void feed(LineSplitter& splitter, std::string_view bytes, Seen& seen) {
    splitter.feed(
        bytes,
        [&](std::string_view line) { seen.lines.emplace_back(line); },
        [&](std::string_view start) { seen.too_long.emplace_back(start); });
}

TEST(LineSplitter, SkipsALineThatIsTooLongAndGoesOn) {
    LineSplitter splitter(4);
    Seen seen;
    feed(splitter, "ab\nabcd\nabc", seen);
    feed(splitter, "def", seen);
    feed(splitter, "ghi\nxy\n", seen);
    EXPECT_EQ(seen.lines, (std::vector<std::string>{"ab", "abcd", "xy"}));
    EXPECT_EQ(seen.too_long, (std::vector<std::string>{"abcd"}));
}

TEST(LineSplitter, HoldsNoMoreThanTheLimit) {
    LineSplitter splitter(1000);
    Seen seen;
    const std::string part(700, 'x');
    for (int i = 0; i < 1000; ++i) {
        feed(splitter, part, seen);
        ASSERT_LE(splitter.pending(), 1000U);
    }
    EXPECT_EQ(seen.too_long.size(), 1U);
    EXPECT_TRUE(seen.lines.empty());
}

RC_GTEST_PROP(LineSplitter, FindsTheSameLinesHoweverTheBytesArrive, ()) {
    const auto text = *rc::gen::container<std::string>(rc::gen::element('a', 'b', '\n'));
    LineSplitter at_once(5);
    Seen expected;
    feed(at_once, text, expected);
    LineSplitter in_parts(5);
    Seen seen;
    std::string_view rest = text;
    while (!rest.empty()) {
        const auto size = *rc::gen::inRange<std::size_t>(1, rest.size() + 1);
        feed(in_parts, rest.substr(0, size), seen);
        rest.remove_prefix(size);
    }
    RC_ASSERT(seen.lines == expected.lines);
    RC_ASSERT(seen.too_long == expected.too_long);
}

}  // namespace
}  // namespace squall::harness::maelstrom
