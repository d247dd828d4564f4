#include "harness/compare/neighbours.hpp"

#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/compare/targeting.hpp"
#include "nemesis/fault_class.hpp"
#include "raft/zoo/catalogue.hpp"
#include "sites_of_today.hpp"

namespace squall::harness::compare {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* up_to_date = "bool Core::Impl::up_to_date(LogId last) const {";
constexpr const char* campaign = "void Core::Impl::campaign() {";

/// As `git grep` says it of a tree.
constexpr const char* grep =
    R"(4b825dc:raft/election.cpp=75=bool Core::Impl::up_to_date(LogId last) const {
4b825dc:raft/election.cpp:77:    if (config_.bugs.has(zoo::Bug::no_uptodate)) {
4b825dc:raft/election.cpp:80:    if (config_.bugs.has(zoo::Bug::uptodate_len_only)) {
--
4b825dc:raft/election.cpp=192=void Core::Impl::check_quorum() {
4b825dc:raft/election.cpp:200:    if (config_.bugs.has(zoo::Bug::no_checkquorum)) {
4b825dc:raft/read_index.cpp:3:    a(zoo::Bug::quorum_off) || b(zoo::Bug::no_quorum_ack) || c(zoo::Bug::quorum_off);
)";

std::vector<std::string> bugs_of(const std::vector<Neighbour>& neighbours) {
    std::vector<std::string> bugs;
    for (const Neighbour& each : neighbours) {
        bugs.push_back(each.site.bug);
    }
    return bugs;
}

std::vector<Neighbour> near(const std::string& path, std::vector<std::string> functions) {
    return neighbours_of({{path, std::move(functions), 1}}, bug_sites_in(grep));
}

TEST(BugSites, AreReadWithTheirFunctions) {
    EXPECT_THAT(
        bug_sites_in(grep),
        ElementsAre(
            BugSite{"no-uptodate", "raft/election.cpp", up_to_date},
            BugSite{"uptodate-len-only", "raft/election.cpp", up_to_date},
            BugSite{"no-checkquorum", "raft/election.cpp", "void Core::Impl::check_quorum() {"},
            BugSite{"quorum-off", "raft/read_index.cpp", ""},
            BugSite{"no-quorum-ack", "raft/read_index.cpp", ""}));
}

TEST(BugSites, BearAnything) {
    EXPECT_THAT(bug_sites_in(""), IsEmpty());
    EXPECT_THAT(bug_sites_in("\n:\n=\n::\na:b:\na:b:1\na:b:1:zoo::Bug::\na:b=1:x\nfatal: no"),
                IsEmpty());
    std::string many;
    for (std::size_t i = 0; i < bug_sites_max + 10; ++i) {
        many += "t:raft/f" + std::to_string(i) + ":1:zoo::Bug::x\n";
    }
    EXPECT_EQ(bug_sites_in(many).size(), bug_sites_max);
}

TEST(Neighbours, SitInTheFunctionThatIsChanged) {
    const std::vector<Neighbour> found = near("raft/election.cpp", {campaign, up_to_date});

    EXPECT_THAT(bugs_of(found), ElementsAre("no-uptodate", "uptodate-len-only"));
    EXPECT_TRUE(found.front().same_function);
}

TEST(Neighbours, AreElseThoseOfTheFile) {
    const std::vector<Neighbour> found = near("raft/election.cpp", {campaign});

    EXPECT_THAT(bugs_of(found), ElementsAre("no-uptodate", "uptodate-len-only", "no-checkquorum"));
    EXPECT_FALSE(found.front().same_function);
}

TEST(Neighbours, AreNoneElsewhere) {
    EXPECT_THAT(near("raft/snapshot.cpp", {up_to_date}), IsEmpty());
    EXPECT_THAT(near("raft/election.cp", {}), IsEmpty());
    EXPECT_THAT(neighbours_of({{"raft/election.cpp", {up_to_date}, 1}},
                              {{"no-such-bug", "raft/election.cpp", up_to_date}}),
                IsEmpty());
}

TEST(Neighbours, AreFoundByTheNameThatGitCutsOff) {
    const std::string whole = "void Core::Impl::" + std::string(90, 'f') + "() {";
    const std::vector<BugSite> sites{{"no-noop", "raft/a.cpp", whole}};

    EXPECT_EQ(neighbours_of({{"raft/a.cpp", {whole.substr(0, 80)}, 1}}, sites).size(), 1U);
    EXPECT_FALSE(
        neighbours_of({{"raft/a.cpp", {whole.substr(0, 79)}, 1}}, sites).front().same_function);
}

TEST(Neighbours, GetTheirShareOfThePairsEvenly) {
    std::map<std::string, int> counted;
    const Target target = target_of({{"raft/election.cpp", {up_to_date}, 1}}, bug_sites_in(grep));
    for (std::uint64_t n = 0; n < 400; ++n) {
        ++counted[mix_of_pair(target, n).name];
    }
    EXPECT_EQ(counted["near no-uptodate"], 100);
    EXPECT_EQ(counted["near uptodate-len-only"], 100);
    EXPECT_GT(counted["elections"], 100);
    EXPECT_THAT(target.reasons, ::testing::Contains(HasSubstr("near no-uptodate")));
}

TEST(Neighbours, OfTheFileGetLess) {
    const Target target = target_of({{"raft/election.cpp", {campaign}, 1}}, bug_sites_in(grep));
    int near_bugs = 0;
    for (std::uint64_t n = 0; n < 400; ++n) {
        near_bugs += mix_of_pair(target, n).name.starts_with("near ") ? 1 : 0;
    }
    EXPECT_EQ(near_bugs, 100);
}

TEST(Neighbours, LeaveTheProfilesAsTheyAreWhereThereAreNone) {
    const std::vector<ChangedFile> changes{{"raft/snapshot.cpp", {campaign}, 1}};
    const Target with = target_of(changes, bug_sites_in(grep));
    const Target without = target_of(changes);
    for (std::uint64_t n = 0; n < 100; ++n) {
        EXPECT_EQ(mix_of_pair(with, n).name, mix_of_pair(without, n).name);
    }
    EXPECT_EQ(with.reasons, without.reasons);
}

TEST(Neighbours, OfARefactoringAreNone) {
    std::vector<ChangedFile> changes{{"raft/election.cpp", {up_to_date}, 1}};
    for (std::size_t i = 0; i < files_of_a_refactoring; ++i) {
        changes.push_back({"raft/file" + std::to_string(i) + ".cpp", {}, 1});
    }
    EXPECT_THAT(target_of(changes, bug_sites_in(grep)).neighbours, IsEmpty());
}

TEST(Ways, AreOneForEveryBugOfTheZooButTheCanary) {
    std::set<std::string> known;
    for (const Way& way : ways()) {
        EXPECT_TRUE(known.insert(std::string(way.bug)).second) << way.bug;
    }
    std::set<std::string> wanted;
    for (const raft::zoo::Description& each : raft::zoo::catalogue) {
        if (each.bug != raft::zoo::Bug::canary) {
            wanted.insert(std::string(each.slug));
        }
    }
    EXPECT_EQ(known, wanted);
}

TEST(Ways, AreOfBugsThatTheSourcesCanSwitchOn) {
    const std::vector<BugSite> sites = sites_of_today();
    for (const Way& way : ways()) {
        const auto site = std::ranges::find(sites, way.bug, &BugSite::bug);
        ASSERT_NE(site, sites.end()) << way.bug;
        EXPECT_NE(site->function, "") << way.bug;
    }
}

TEST(Ways, NameProfilesClassesAndShapesThatThereAre) {
    for (const Way& way : ways()) {
        const Profile* profile = find_profile(way.profile);
        ASSERT_NE(profile, nullptr) << way.bug;
        EXPECT_TRUE(profile->press != nullptr || way.narrowing.empty()) << way.bug;
        if (way.narrowing.fault_class.empty()) {
            EXPECT_EQ(way.narrowing.shape, "") << way.bug;
            continue;
        }
        ASSERT_NE(nemesis::find_fault_class(way.narrowing.fault_class), nullptr) << way.bug;
        bool made = way.narrowing.shape.empty();
        for (std::uint64_t seed = 1; seed <= 20 && !made; ++seed) {
            Narrowing any_shape = way.narrowing;
            any_shape.shape = {};
            made = std::ranges::any_of(
                plan_of(*profile, seed, false, any_shape).faults,
                [&](const auto& fault) { return fault.shape == way.narrowing.shape; });
        }
        EXPECT_TRUE(made) << way.bug << " " << to_text(way);
    }
}

TEST(Ways, MakePlansAsTheySay) {
    for (const Way& way : ways()) {
        for (std::uint64_t seed = 1; seed <= 10; ++seed) {
            const bool real = seed % 2 == 0;
            const Plan plan = plan_of(*find_profile(way.profile), seed, real, way.narrowing);
            EXPECT_EQ(to_json(plan_from_json(to_json(plan), "plan")), to_json(plan)) << way.bug;
            EXPECT_TRUE(way.narrowing.nodes == 0 || plan.nodes == way.narrowing.nodes);
            for (const nemesis::PlannedFault& fault : plan.faults) {
                EXPECT_TRUE(way.narrowing.fault_class.empty() || real ||
                            fault.name == way.narrowing.fault_class);
                EXPECT_TRUE(!real || fault.name != "disk");
            }
        }
    }
}

}  // namespace
}  // namespace squall::harness::compare
