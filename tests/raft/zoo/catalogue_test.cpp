#include <set>
#include <string>

#include <gtest/gtest.h>

#include "raft/zoo/zoo.hpp"

namespace squall::raft::zoo {
namespace {

TEST(Catalogue, EveryBugIsDescribedOnce) {
    if (!Bugs::compiled_in) {
        EXPECT_TRUE(catalogue.empty());
        return;
    }
    constexpr auto bugs = static_cast<std::size_t>(Bug::canary) + 1;
    ASSERT_EQ(catalogue.size(), bugs);
    for (std::size_t i = 0; i < bugs; ++i) {
        EXPECT_EQ(catalogue[i].bug, static_cast<Bug>(i)) << catalogue[i].slug;
    }
    EXPECT_GE(catalogue.size(), 30U);
    EXPECT_LE(catalogue.size(), 64U) << "Bugs keeps a bit for each";
}

TEST(Catalogue, EveryEntryIsComplete) {
    std::set<std::string> slugs;
    const std::set<std::string_view> detectors{
        "linearizability", "trace", "crash", "progress", "availability"};
    for (const Description& entry : catalogue) {
        EXPECT_TRUE(slugs.emplace(entry.slug).second) << entry.slug;
        EXPECT_EQ(find(entry.slug), entry.bug);
        EXPECT_FALSE(entry.what.empty()) << entry.slug;
        EXPECT_FALSE(entry.source.empty()) << entry.slug;
        EXPECT_FALSE(entry.breaks.empty()) << entry.slug;
        EXPECT_TRUE(detectors.contains(entry.detector)) << entry.slug;
    }
    EXPECT_EQ(find("heisenbug"), std::nullopt);
}

TEST(Bugs, AreOffUntilSwitchedOn) {
    Bugs bugs;
    EXPECT_FALSE(bugs.has(Bug::stale_read));
    EXPECT_FALSE(bugs.unchecked());

    bugs.enable(Bug::stale_read);

    EXPECT_EQ(bugs.has(Bug::stale_read), Bugs::compiled_in);
    EXPECT_FALSE(bugs.has(Bug::canary));
}

}  // namespace
}  // namespace squall::raft::zoo
