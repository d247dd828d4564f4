// What a patch changes, read from `git diff -U0`: files, and the functions that git names for each
// hunk. Pure and bounded: a diff is somebody else's text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace squall::harness::compare {

struct ChangedFile {
    std::string path;
    std::vector<std::string> functions;  ///< As git names them, each once, in order.
    std::size_t lines = 0;               ///< Added and removed.
    friend bool operator==(const ChangedFile&, const ChangedFile&) = default;
};

inline constexpr std::size_t diff_bytes_max = std::size_t{16} << 20U;
inline constexpr std::size_t changed_files_max = 10'000;
inline constexpr std::size_t functions_max = 200;  ///< Of one file; the others are not told.

/// Files in the order of the diff. Throws Failure when there are more than `changed_files_max`, or
/// the diff is longer than `diff_bytes_max`. Lines that mean nothing here are passed over.
[[nodiscard]] std::vector<ChangedFile> changes_in(std::string_view diff);

/// Those outside `raft/`, which are not taken from a patch.
[[nodiscard]] std::vector<std::string> outside_raft(const std::vector<std::string>& paths);

}  // namespace squall::harness::compare
