// Where a patch gets its budget: which profiles, and how much of it on real processes, by the files
// and functions that it changes. A table, and a pure function over it; docs/comparing.md shows it.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/compare/changes.hpp"
#include "harness/compare/neighbours.hpp"

namespace squall::harness::compare {

struct Share {
    std::string_view profile;
    unsigned weight = 0;
};

/// One line of the table: for files whose path begins so.
struct FileRule {
    std::string_view prefix;
    std::vector<Share> shares;
};

/// For functions whose name holds the word, in small letters.
struct WordRule {
    std::string_view word;
    std::string_view profile;
};

struct Target {
    /// Profile to weight; never empty: the general mix when nothing in particular is touched.
    std::map<std::string, unsigned> weights;
    /// Of the time, on real processes. The simulator does not run `raft/node` nor the real disk.
    double real_share = 0;
    std::vector<Neighbour> neighbours;  ///< Each gets as many pairs as the others.
    std::vector<std::string> reasons;   ///< A line each.
};

/// More files than this are a refactoring, which gets the general mix.
inline constexpr std::size_t files_of_a_refactoring = 8;

[[nodiscard]] std::span<const FileRule> file_rules();
[[nodiscard]] std::span<const WordRule> word_rules();

/// Of the targeted pairs, one in so many is drawn as neighbours are convicted: of bugs in the
/// functions that are changed, and of bugs elsewhere in the files.
inline constexpr std::uint64_t one_in_function = 2;
inline constexpr std::uint64_t one_in_file = 4;

/// Of the changes in `raft/`, and the bugs of the zoo that the base can have.
[[nodiscard]] Target target_of(const std::vector<ChangedFile>& changes,
                               const std::vector<BugSite>& sites = {});

/// What pair number `n` of the targeted phase is drawn from: in proportion, and evenly.
[[nodiscard]] Mix mix_of_pair(const Target& target, std::uint64_t n);

}  // namespace squall::harness::compare
