#include "history/text_input.hpp"

#include <sstream>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace squall::history {
namespace {

using Got = LineReader::Got;

RC_GTEST_PROP(LineReader, YieldsTheLinesOfAnyText, (const std::string& text)) {
    std::istringstream in(text);
    LineReader reader(in, text.size());

    std::string again;
    Got got = reader.next();
    for (; got == Got::line; got = reader.next()) {
        again += std::string(reader.line()) + "\n";
    }
    if (got == Got::unterminated) {
        again += reader.line();
        got = reader.next();
    }

    RC_ASSERT(got == Got::end);
    RC_ASSERT(again == text);
}

TEST(LineReader, LinesMayBeAsLongAsAllowedAndSpanBlocks) {
    const std::string line(200'000, 'x');
    std::istringstream in(line + "\n" + line + "y\n");
    LineReader reader(in, line.size());

    EXPECT_EQ(reader.next(), Got::line);
    EXPECT_EQ(reader.line(), line);
    EXPECT_EQ(reader.next(), Got::too_long);
    EXPECT_EQ(reader.number(), 2U);
}

/// Yields zeros for ever.
class Endless : public std::streambuf {
  public:
    [[nodiscard]] std::size_t taken() const { return taken_; }

  protected:
    int_type underflow() override {
        setg(block_.data(), block_.data(), block_.data() + block_.size());
        taken_ += block_.size();
        return 0;
    }

  private:
    std::string block_ = std::string(4096, '\0');
    std::size_t taken_ = 0;
};

TEST(LineReader, TakesLittleMoreThanOneLineFromAnEndlessInput) {
    Endless endless;
    std::istream in(&endless);
    LineReader reader(in, 100'000);

    EXPECT_EQ(reader.next(), Got::too_long);
    EXPECT_LT(endless.taken(), 300'000U);
}

TEST(LineReader, TellsWhenTheInputFails) {
    struct Broken : std::streambuf {
        int_type underflow() override { throw std::runtime_error("broken"); }
    } broken;

    std::istream in(&broken);
    LineReader reader(in, 100);

    EXPECT_EQ(reader.next(), Got::unreadable);
}

TEST(TextInput, CountsNestingOutsideOfStringsOnly) {
    EXPECT_FALSE(nests_deeper(R"([[],{"a":"[[[\"[["}])", 2));
    EXPECT_TRUE(nests_deeper(R"([[],{"a":[]}])", 2));
    EXPECT_FALSE(nests_deeper("]]]]", 0));
    EXPECT_TRUE(nests_deeper(std::string(1'000'000, '['), 999'999));
}

TEST(TextInput, TellsWhereTextIsNotJson) {
    EXPECT_EQ(why_not_json(R"({"a": [1, "b", null, true, 2.5, -1]})"), "");
    EXPECT_EQ(why_not_json("{\"a\": x}"), "not JSON at byte 7");
    EXPECT_EQ(why_not_json("\"\xff\""), "not UTF-8 at byte 2");
    EXPECT_EQ(why_not_json("[1e999]"), "a number out of range before byte 6");
}

TEST(TextInput, ForeignWordsArePrintable) {
    EXPECT_EQ(printable("plain words"), "plain words");
    EXPECT_EQ(printable("\x1b[2J\n\xff"), "\\x1b[2J\\x0a\\xff");
    EXPECT_EQ(printable(std::string(1'000'000, 'x')), std::string(60, 'x') + "...");
}

}  // namespace
}  // namespace squall::history
