#include "tests/raft/scenarios/script.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/raft/scenarios/scenario.hpp"

namespace squall::raft::test {
namespace {

/// The message of the ScriptError that parsing and playing throws; empty when there is none.
std::string error_of(const std::string& text) {
    try {
        (void)play(parse_script("f.txt", text));
    } catch (const ScriptError& error) {
        return error.what();
    }
    return {};
}

TEST(Script, IsBlocksOfCommandsAndOutput) {
    const Script script = parse_script("f.txt",
                                       "# Why.\n\nfirst 1 key=(a,b)\ninput\n----\nline one\n"
                                       "line two\n\nsecond\n----\n\n# The end.\n");

    ASSERT_EQ(script.blocks.size(), 2U);
    EXPECT_EQ(script.blocks[0].line, 3U);
    EXPECT_EQ(script.blocks[0].lines, (std::vector<std::string>{"first 1 key=(a,b)", "input"}));
    EXPECT_EQ(script.blocks[0].expected, "line one\nline two\n");
    EXPECT_EQ(script.blocks[1].line, 9U);
    EXPECT_EQ(script.blocks[1].expected, "");
    EXPECT_EQ(script.tail, "# The end.\n");
}

TEST(Script, OutputWithBlankLinesIsClosedByTwoLinesOfDashes) {
    const Script script =
        parse_script("f.txt", "a\n----\n----\none\n\n----\ntwo\n----\n----\n\nb\n----\nok\n");

    ASSERT_EQ(script.blocks.size(), 2U);
    EXPECT_EQ(script.blocks[0].expected, "one\n\n----\ntwo\n");
    EXPECT_EQ(script.blocks[1].expected, "ok\n");
}

TEST(Script, RewritingChangesOnlyTheOutput) {
    const Script script =
        parse_script("f.txt", "# Why.\na 1\n----\nold\n\nb\n----\nok\n\n# End.\n");

    EXPECT_EQ(render_script(script, {"old\n", "ok\n"}),
              "# Why.\na 1\n----\nold\n\nb\n----\nok\n\n# End.\n");
    EXPECT_EQ(render_script(script, {"new\n", "\nx\n"}),
              "# Why.\na 1\n----\nnew\n\nb\n----\n----\n\nx\n----\n----\n\n# End.\n");
}

TEST(Script, CommandsHaveWordsAndOptions) {
    const Command command =
        parse_command("f.txt:1", "add-nodes 3 voters=(1, 2,3) index=10 flag x=");

    EXPECT_EQ(command.name, "add-nodes");
    EXPECT_EQ(command.positional, (std::vector<std::string>{"3", "flag"}));
    EXPECT_EQ(command.number_of("index", 0), 10U);
    EXPECT_EQ(command.number_of("absent", 7), 7U);
    EXPECT_TRUE(command.options.at("x").empty());
    EXPECT_THROW((void)command.numbers_of("voters"), ScriptError) << "\" 2\" is no number";
}

TEST(ScriptErrors, NameFileLineAndWhatIsWrong) {
    EXPECT_EQ(error_of("cluster 3\n"),
              "f.txt:1: a command without \"----\" and its output after it");
    EXPECT_EQ(error_of("cluster 3\n\nstart\n----\n"),
              "f.txt:2: a command without \"----\" and its output after it");
    EXPECT_EQ(error_of("----\nok\n"), "f.txt:1: an output without a command before it");
    EXPECT_EQ(error_of("a\n----\n----\nopen\n"),
              "f.txt:4: output opened by two lines of dashes is not closed by two");
    EXPECT_EQ(error_of("cluster 3\nstart\tx\001\n----\n"), "f.txt:2: a control character");
    EXPECT_EQ(error_of("cluster 3 bug=(x\n----\n"), "f.txt:1: cluster: \"(\" without \")\"");
    EXPECT_EQ(error_of("cluster 3 margin=1 margin=2\n----\n"),
              "f.txt:1: cluster: margin= appears twice");
}

TEST(ScriptErrors, OfCommandsNameTheRemedy) {
    const std::string begin = "cluster 3\n----\n\n";
    EXPECT_EQ(error_of("start\n----\n"),
              "f.txt:1: start: there is no cluster yet: \"cluster NODES\" comes first");
    EXPECT_EQ(error_of(begin + "start\n----\n"), "");
    EXPECT_EQ(error_of("campaign 1\n----\n"),
              "f.txt:1: campaign: there is no cluster yet: \"cluster NODES\" comes first");
    EXPECT_EQ(error_of(begin + "campaign 1\n----\n"),
              "f.txt:4: campaign: node 1 does not run: \"start 1\" starts it");
    EXPECT_EQ(error_of(begin + "start\ncampaign 4\n----\n"),
              "f.txt:5: campaign: no node 4 in a cluster of 3");
    EXPECT_EQ(error_of(begin + "start one\n----\n"),
              "f.txt:4: \"one\" is not a whole number up to 1000000000");
    EXPECT_EQ(error_of(begin + "start\ndeliver 2\n----\n"),
              "f.txt:5: deliver: no such message is under way");
    EXPECT_EQ(error_of(begin + "deliver 2 type=MsgApp\n----\n"),
              "f.txt:4: deliver: no type of message is called \"MsgApp\"");
    EXPECT_EQ(error_of(begin + "node 1 log=(2,1)\n----\n"),
              "f.txt:4: node: the terms of a log never fall");
    EXPECT_EQ(error_of(begin + "crash 1 when=now\n----\n"),
              "f.txt:4: crash: when= is not known here");
    EXPECT_EQ(error_of(begin + "cluster 3\n----\n"),
              "f.txt:4: cluster: once in a scenario, with 1 to 9 nodes");
    EXPECT_TRUE(
        error_of(begin + "fly\n----\n").starts_with("f.txt:4: no command \"fly\"; there are"));
}

TEST(ScriptErrors, NothingIsUnbounded) {
    const std::string many(ScriptLimits::block_lines + 1, 'x');
    std::string lines;
    for (const char c : many) {
        lines.append(1, c).push_back('\n');
    }

    EXPECT_EQ(error_of(std::string(ScriptLimits::line_bytes + 1, 'x')),
              "f.txt:1: a line of more than 2000 bytes");
    EXPECT_EQ(error_of(lines), "f.txt:101: more than 100 lines in a block");
    EXPECT_EQ(error_of(std::string(ScriptLimits::bytes + 1, '\n')),
              "f.txt:0: more than 1048576 bytes");
    EXPECT_EQ(error_of("cluster 3\nadvance 99999999999999999999\n----\n"),
              "f.txt:2: \"99999999999999999999\" is not a whole number up to 1000000000");
    std::string words = "start";
    for (std::size_t i = 0; i < ScriptLimits::words; ++i) {
        words += " 1";
    }
    EXPECT_EQ(error_of(words + "\n----\n"), "f.txt:1: start: more than 64 words");
}

RC_GTEST_PROP(Script, AnythingIsReadOrRefused, (const std::vector<std::string>& parts)) {
    std::string text;
    for (const std::string& part : parts) {
        text += *rc::gen::element<std::string>("----\n", "\n", "start\n", "# x\n", "a=(\n", part);
    }

    try {
        const Script script = parse_script("f.txt", text);
        std::vector<std::string> outputs;
        for (const Block& block : script.blocks) {
            outputs.push_back(block.expected);
        }
        const Script again = parse_script("f.txt", render_script(script, outputs));
        RC_ASSERT(again.blocks.size() == script.blocks.size());
        for (std::size_t i = 0; i < again.blocks.size(); ++i) {
            RC_ASSERT(again.blocks[i].expected == script.blocks[i].expected);
            RC_ASSERT(again.blocks[i].lines == script.blocks[i].lines);
        }
    } catch (const ScriptError&) {
        RC_SUCCEED("refused");
    }
}

}  // namespace
}  // namespace squall::raft::test
