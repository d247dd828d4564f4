#include "harness/compare/targeting.hpp"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/compare/profiles.hpp"
#include "harness/failure.hpp"

namespace squall::harness::compare {
namespace {

using ::testing::ElementsAre;

constexpr const char* diff = R"(diff --git a/raft/election.cpp b/raft/election.cpp
index 1..2 100644
--- a/raft/election.cpp
+++ b/raft/election.cpp
@@ -12,0 +13,2 @@ void Core::Impl::campaign() {
+    ++ term;
+++ b/raft/not_a_file.cpp
@@ -40 +43 @@ bool Core::Impl::up_to_date(LogId last) const {
-    return a;
--- a/raft/nor_this.cpp
@@ -50 +53 @@ bool Core::Impl::up_to_date(LogId last) const {
-x
+y
diff --git a/raft/gone.cpp b/raft/gone.cpp
deleted file mode 100644
--- a/raft/gone.cpp
+++ /dev/null
@@ -1,2 +0,0 @@
-a
-b
)";

TEST(Changes, NamesFilesAndFunctionsOnce) {
    const std::vector<ChangedFile> changes = changes_in(diff);

    ASSERT_EQ(changes.size(), 2U);
    EXPECT_EQ(changes[0].path, "raft/election.cpp");
    EXPECT_THAT(changes[0].functions,
                ElementsAre("void Core::Impl::campaign() {",
                            "bool Core::Impl::up_to_date(LogId last) const {"));
    EXPECT_EQ(changes[0].lines, 6U);
    EXPECT_EQ(changes[1].path, "raft/gone.cpp");
    EXPECT_EQ(changes[1].lines, 2U);
}

TEST(Changes, BearAnything) {
    EXPECT_TRUE(changes_in("").empty());
    EXPECT_TRUE(changes_in("@@ -1 +1 @@ f\n+++\n--- \n+++ /dev/null\n@@").empty());
    EXPECT_EQ(changes_in("+++ b/x\n@@ -1,99999999999999999999 +1 @@ f\n+a\n").size(), 1U);
    EXPECT_EQ(changes_in(std::string("+++ b/x\n@@ -") + std::string(100'000, '9')).size(), 1U);
    std::string many;
    for (std::size_t i = 0; i <= changed_files_max; ++i) {
        many += "+++ b/x\n";
    }
    EXPECT_THROW(static_cast<void>(changes_in(many)), Failure);
}

TEST(Changes, WhatIsOutsideOfTheRaftIsTold) {
    EXPECT_THAT(outside_raft({"raft/core.cpp", "raftish/a", "harness/judge.cpp"}),
                ElementsAre("raftish/a", "harness/judge.cpp"));
}

Target target_of_file(const std::string& path) {
    return target_of({{path, {}, 1}});
}

TEST(Targeting, ElectionsGetElectionStorms) {
    const Target target = target_of_file("raft/election.cpp");
    EXPECT_GT(target.weights.at("elections"), target.weights.at("general"));
    EXPECT_LT(target.real_share, 0.5);
}

TEST(Targeting, EveryPartGetsItsOwn) {
    EXPECT_TRUE(target_of_file("raft/storage/storage.cpp").weights.contains("storage"));
    EXPECT_TRUE(target_of_file("raft/snapshot.cpp").weights.contains("snapshots"));
    EXPECT_TRUE(target_of_file("raft/read_index.cpp").weights.contains("reads"));
    EXPECT_TRUE(target_of_file("raft/replication.cpp").weights.contains("replication"));
    EXPECT_TRUE(target_of_file("raft/server/sessions.cpp").weights.contains("clients"));
}

TEST(Targeting, FunctionsAddToIt) {
    const Target target = target_of({{"raft/core.cpp", {"void f::install_snapshot() {"}, 1}});
    EXPECT_GT(target.weights.at("snapshots"),
              target_of_file("raft/core.cpp").weights.at("snapshots"));
}

TEST(Targeting, WhatIsNotSimulatedIsForRealProcesses) {
    EXPECT_GT(target_of_file("raft/node/raft_loop.cpp").real_share, 0.8);
    EXPECT_LT(target_of({{"raft/node/node.cpp", {}, 1}, {"raft/core.cpp", {}, 1}}).real_share, 0.5);
}

TEST(Targeting, ARefactoringGetsTheGeneralMix) {
    std::vector<ChangedFile> changes;
    for (std::size_t i = 0; i <= files_of_a_refactoring; ++i) {
        changes.push_back({"raft/file" + std::to_string(i) + ".cpp", {}, 1});
    }
    const Target target = target_of(changes);
    EXPECT_EQ(target.weights.size(), profiles().size());
    EXPECT_GT(target.weights.at("general"), target.weights.at("reads"));
}

TEST(Targeting, NothingInParticularIsTheGeneralMix) {
    EXPECT_THAT(target_of({}).weights,
                ElementsAre(std::pair<const std::string, unsigned>{"general", 1}));
    EXPECT_EQ(target_of_file("raft/README.md").weights.size(), 1U);
}

TEST(Targeting, PairsAreDrawnInProportion) {
    Target target;
    target.weights = {{"elections", 3}, {"reads", 1}};
    std::map<std::string, int> counted;
    for (std::uint64_t n = 0; n < 400; ++n) {
        ++counted[mix_of_pair(target, n).name];
    }
    EXPECT_EQ(counted["elections"], 300);
    EXPECT_EQ(counted["reads"], 100);
}

TEST(Targeting, NamesOnlyProfilesThatThereAre) {
    for (const FileRule& rule : file_rules()) {
        for (const Share& share : rule.shares) {
            EXPECT_NE(find_profile(share.profile), nullptr) << share.profile;
        }
    }
    for (const WordRule& rule : word_rules()) {
        EXPECT_NE(find_profile(rule.profile), nullptr) << rule.profile;
    }
}

TEST(Profiles, MakePlansThatCanBeReadBack) {
    for (const Profile& profile : profiles()) {
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            const Plan plan = plan_of(profile, seed, seed % 2 == 0);
            const std::string text = to_json(plan);
            EXPECT_EQ(to_json(plan_from_json(text, "plan")), text) << profile.name << seed;
            EXPECT_EQ(to_json(plan_of(profile, seed, seed % 2 == 0)), text);
        }
    }
}

TEST(Profiles, NeighboursKeepTheFaults) {
    const Plan plan = plan_of(*find_profile("elections"), 7, false);
    const Plan other = neighbour(plan, 1);
    EXPECT_NE(other.seed, plan.seed);
    EXPECT_NE(neighbour(plan, 2).seed, other.seed);
    ASSERT_EQ(other.faults.size(), plan.faults.size());
    EXPECT_EQ(other.nodes, plan.nodes);
}

}  // namespace
}  // namespace squall::harness::compare
