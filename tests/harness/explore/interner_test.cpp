#include "harness/explore/interner.hpp"

#include <map>
#include <string>

#include <gtest/gtest.h>

#include "harness/explore/flat_map.hpp"
#include "harness/failure.hpp"

namespace squall::harness::explore {
namespace {

TEST(Interner, NumbersStringsInTheOrderInWhichTheyCome) {
    Interner interner;

    EXPECT_EQ(interner.intern("a"), std::pair(0U, true));
    EXPECT_EQ(interner.intern(""), std::pair(1U, true));
    EXPECT_EQ(interner.intern("a"), std::pair(0U, false));
    EXPECT_EQ(interner[1], "");
}

TEST(Interner, KeepsManyStringsOfManyLengths) {
    Interner interner;
    std::map<std::uint32_t, std::string> kept;
    for (std::size_t i = 0; i < 100'000; ++i) {
        std::string text = std::to_string(i);
        text.resize(text.size() + i % 300, 'x');
        kept[interner.intern(text).first] = text;
    }

    EXPECT_EQ(kept.size(), 100'000U);
    for (const auto& [id, text] : kept) {
        ASSERT_EQ(interner[id], text);
        ASSERT_EQ(interner.intern(text), std::pair(id, false));
    }
}

TEST(Interner, RefusesWhatItCannotKeep) {
    Interner interner;

    EXPECT_THROW(static_cast<void>(interner.intern(std::string(70'000, 'x'))), Failure);
}

TEST(FlatMap, FindsWhatWasPutInAndNothingElse) {
    FlatMap map;
    for (std::uint64_t key = 0; key < 50'000; ++key) {
        map.insert(key << 20U, static_cast<std::uint32_t>(key));
    }

    for (std::uint64_t key = 0; key < 50'000; ++key) {
        ASSERT_EQ(map.find(key << 20U), key);
        ASSERT_EQ(map.find((key << 20U) + 1), std::nullopt);
    }
}

}  // namespace
}  // namespace squall::harness::explore
