#include <sstream>

#include <gtest/gtest.h>

#include "history/formats/format.hpp"

namespace squall::history::formats {
namespace {

TEST(Sniff, TellsFormatsByTheirBeginning) {
    EXPECT_EQ(sniff("{\"squall_history\":1}\n"), Format::jsonl);
    EXPECT_EQ(sniff("#hist-v1 model=reg init=0\n"), Format::hist_v1);
    EXPECT_EQ(sniff("INFO  jepsen.util - 0\t:invoke\t:read\tnil\n"), Format::jepsen_log);
    EXPECT_EQ(sniff("; note\n\n [{:process 0"), Format::knossos_edn);
    EXPECT_EQ(sniff("({:process 0"), Format::knossos_edn);
    EXPECT_EQ(sniff("[#jepsen.history.Op{:index 0"), Format::jepsen_edn);
    EXPECT_EQ(sniff("#jepsen.history.Op{:index 0"), Format::jepsen_edn);
    EXPECT_EQ(sniff("{:index 0, :f :read}"), Format::jepsen_edn);
    EXPECT_EQ(sniff("{:process 0, :type :invoke, :f :get, :key \"1\"}"), Format::porcupine_kv);
    EXPECT_EQ(sniff("hello"), std::nullopt);
    EXPECT_EQ(sniff(""), std::nullopt);
    EXPECT_EQ(sniff("; only a comment"), std::nullopt);
}

TEST(Sniff, EveryFormatIsFoundByItsName) {
    for (const Format format : all_formats) {
        EXPECT_EQ(find_format(to_string(format)), format);
    }
    EXPECT_EQ(find_format("csv"), std::nullopt);
}

TEST(Sniff, WhatIsNoneOfThemIsToBeNamed) {
    std::istringstream in("hello\n");

    const Imported imported = read_history(in, "h", {});

    ASSERT_TRUE(imported.error);
    EXPECT_EQ(imported.error->message(),
              "h:1: no format that is known; name one of jsonl, jepsen-edn, knossos-edn, "
              "porcupine-kv, jepsen-log, hist-v1 with --format");
}

}  // namespace
}  // namespace squall::history::formats
