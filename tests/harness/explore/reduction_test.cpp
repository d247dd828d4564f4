// What is left out of the space must not be missed: the same search with and without.
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "tests/harness/explore/space.hpp"

namespace squall::harness::explore {
namespace {

/// What a search saw of the nodes and the budgets, in bytes that mean the same in two searches.
std::set<std::string> seen_without_messages(const Options& options) {
    Model model(options);
    Search search(model, {}, start_of(model));
    while (search.advance(10'000) == Stop::none) {
    }
    EXPECT_EQ(search.stopped(), Stop::exhausted);
    std::set<std::string> seen;
    State state;
    for (std::uint32_t id = 0; id < search.progress().states; ++id) {
        unpack(search.state(id), options.nodes, state);
        std::string bytes;
        for (const ImageId image : state.nodes) {
            bytes += model.locals().image(image);
        }
        for (const std::uint8_t left : model.budgets(state)) {
            bytes += static_cast<char>(left);
        }
        seen.insert(bytes);
    }
    return seen;
}

TEST(Reduction, ForgettingDeadMessagesLosesNoStateOfTheNodes) {
    for (Options options :
         {with({{Budget::timeouts, 1}, {Budget::proposals, 1}, {Budget::crashes, 1}}),
          with({{Budget::timeouts, 2}})}) {
        options.symmetry = false;
        options.instant_disks = options.budgets[0] == 2;
        Options kept = options;
        kept.bury_dead = false;

        EXPECT_EQ(seen_without_messages(options), seen_without_messages(kept));
        EXPECT_LT(explore(options).progress.states, explore(kept).progress.states);
    }
}

TEST(Reduction, SymmetrySeesOneStateOfEachThatDifferInNames) {
    for (const Options& options :
         {with({{Budget::timeouts, 1}, {Budget::proposals, 1}, {Budget::crashes, 1}}),
          with({{Budget::timeouts, 1}, {Budget::heartbeats, 1}, {Budget::reads, 1}})}) {
        Options whole = options;
        whole.symmetry = false;
        Model model(whole);
        Search search(model, {}, start_of(model));
        while (search.advance(10'000) == Stop::none) {
        }
        std::set<std::string> folded;
        std::string packed;
        State state;
        for (std::uint32_t id = 0; id < search.progress().states; ++id) {
            unpack(search.state(id), options.nodes, state);
            model.fold(state);
            pack(state, packed);
            folded.insert(packed);
        }

        const Seen seen = explore(options);

        EXPECT_EQ(seen.stop, Stop::exhausted);
        EXPECT_EQ(seen.progress.states, folded.size());
        EXPECT_LT(seen.progress.states * 4, search.progress().states);
    }
}

}  // namespace
}  // namespace squall::harness::explore
