#include "history/formats/edn.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace squall::history::formats {
namespace {

std::vector<Edn> forms_of(std::string_view text,
                          EdnReader::Outermost outermost = EdnReader::Outermost::is_entered) {
    TextBuffer buffer(text);
    EdnReader reader(buffer, outermost);
    std::vector<Edn> forms;
    while (auto form = reader.next()) {
        forms.push_back(std::move(*form));
    }
    return forms;
}

std::string problem_of(std::string_view text) {
    try {
        (void)forms_of(text);
    } catch (const NotEdn& error) {
        return std::to_string(error.line) + ": " + error.problem;
    }
    return "";
}

TEST(Edn, ReadsEveryKindOfForm) {
    const auto forms = forms_of(
        "nil true -5 +7 12N 1.5 22/7 \"a\\n\\u0041\" \\newline :k/w sym (1 2) {:a 1, :b [2]} #{3} "
        "#inst \"2020\" #jepsen.history.Op{:index 0} ##NaN");

    using Kind = Edn::Kind;
    const std::vector<Kind> expected{Kind::nil,
                                     Kind::boolean,
                                     Kind::integer,
                                     Kind::integer,
                                     Kind::integer,
                                     Kind::other_number,
                                     Kind::other_number,
                                     Kind::string,
                                     Kind::character,
                                     Kind::keyword,
                                     Kind::symbol,
                                     Kind::list,
                                     Kind::map,
                                     Kind::set,
                                     Kind::tagged,
                                     Kind::tagged,
                                     Kind::other_number};
    ASSERT_EQ(forms.size(), expected.size());
    for (std::size_t i = 0; i < forms.size(); ++i) {
        EXPECT_EQ(forms[i].kind, expected[i]) << i;
    }
    EXPECT_EQ(forms[2].integer, -5);
    EXPECT_EQ(forms[3].integer, 7);
    EXPECT_EQ(forms[4].integer, 12);
    EXPECT_EQ(forms[7].text, "a\nA");
    EXPECT_EQ(forms[8].text, "newline");
    EXPECT_EQ(forms[9].text, "k/w");
    EXPECT_EQ(forms[12].find("b")->items.front().integer, 2);
    EXPECT_EQ(forms[15].text, "jepsen.history.Op");
    EXPECT_EQ(forms[15].items.front().find("index")->integer, 0);
}

TEST(Edn, PassesOverCommentsCommasAndDiscardedForms) {
    const auto forms = forms_of("; one\n[1, #_ {:not this} 2 ; three\n #_3]\n; end");

    ASSERT_EQ(forms.size(), 2U);
    EXPECT_EQ(forms[1].integer, 2);
}

TEST(Edn, EntersOneVectorOnlyWhereAsked) {
    EXPECT_EQ(forms_of("[1 2 3]").size(), 3U);
    EXPECT_EQ(forms_of("(1 2 3)").size(), 3U);
    EXPECT_EQ(forms_of("[1 2 3]", EdnReader::Outermost::is_a_form).size(), 1U);
    EXPECT_EQ(forms_of("1 [2]").size(), 2U);
    EXPECT_TRUE(forms_of("").empty());
    EXPECT_TRUE(forms_of("[]").empty());
}

TEST(Edn, NamesTheLineOfWhatIsWrong) {
    EXPECT_EQ(problem_of("[1\n2"), "2: the file ends before ']'; is it complete?");
    EXPECT_EQ(problem_of("{:a 1\n :b"), "2: the file ends inside of a form; is it complete?");
    EXPECT_EQ(problem_of("{:a}"), "1: a map with a key that has no value");
    EXPECT_EQ(problem_of("1\n}"), "2: '}' closes nothing");
    EXPECT_EQ(problem_of("[1] 2"), "1: something stands behind the end of the history");
    EXPECT_EQ(problem_of("\"\\q\""), "1: an unknown escape in a string");
    EXPECT_EQ(problem_of("\"abc"), "1: the file ends inside of a string; is it complete?");
    EXPECT_EQ(problem_of(":"), "1: not EDN");
}

TEST(Edn, IsBounded) {
    EXPECT_EQ(problem_of(std::string(100'000, '[')), "1: nested deeper than 64");
    std::string tags;
    for (int i = 0; i < 1000; ++i) {
        tags += "#a ";
    }
    EXPECT_EQ(problem_of(tags + "1"), "1: nested deeper than 64");
    EXPECT_EQ(problem_of('"' + std::string(edn_form_bytes_max, 'x') + '"'),
              "1: one form longer than 4194304 bytes");
    // What stands between forms has no bound.
    EXPECT_EQ(forms_of(std::string(edn_form_bytes_max + 10, ' ') + "1").size(), 1U);
}

RC_GTEST_PROP(Edn, NoInputCrashesTheReader, (const std::vector<std::uint8_t>& picks)) {
    constexpr std::string_view letters = "[](){}\"#_:;\\ \n,1a-N/'^";
    std::string text;
    for (const std::uint8_t pick : picks) {
        text += letters[pick % letters.size()];
    }

    (void)problem_of(text);
}

}  // namespace
}  // namespace squall::history::formats
