// Which documented bugs of the zoo sit where a patch changes something. What convicts such a
// neighbour gets a share of the targeted pairs: a patch that breaks a function mostly breaks it
// somewhat like those who broke it before. Pure.
//
// Where a bug sits is read from the sources of the base, so that it cannot be out of date; how it
// is convicted soonest is a table, which was measured.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/compare/changes.hpp"
#include "harness/compare/profiles.hpp"

namespace squall::harness::compare {

/// A place in raft/ where a bug of the zoo can be switched on.
struct BugSite {
    std::string bug;  ///< Slug.
    std::string path;
    std::string function;  ///< As git names it; empty: before the first one.
    friend bool operator==(const BugSite&, const BugSite&) = default;
};

inline constexpr std::string_view bug_site_pattern = "zoo::Bug::";
inline constexpr std::size_t bug_sites_max = 1000;  ///< The others are not told.

/// Of the output of `git grep --line-number --show-function` for the pattern in a tree. Lines that
/// mean nothing here are passed over.
[[nodiscard]] std::vector<BugSite> bug_sites_in(std::string_view grep);

/// How a bug is convicted soonest.
struct Way {
    std::string_view bug;
    std::string_view profile;
    Narrowing narrowing;
};

/// One for every bug of the zoo, but the canary.
[[nodiscard]] std::span<const Way> ways();

struct Neighbour {
    BugSite site;
    bool same_function = false;  ///< Else the same file.
    const Way* way = nullptr;    ///< Of `ways()`.
};

/// Of the changes in `raft/`, each bug once, in the order of `sites`: those in functions that are
/// changed; if there are none, those in files that are.
[[nodiscard]] std::vector<Neighbour> neighbours_of(const std::vector<ChangedFile>& changes,
                                                   const std::vector<BugSite>& sites);

/// "elections, partition leader, lasting, 4 nodes"
[[nodiscard]] std::string to_text(const Way& way);

}  // namespace squall::harness::compare
