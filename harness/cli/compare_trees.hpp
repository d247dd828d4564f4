// The two trees of a comparison, as git sees them: the base, and the base with what the patch makes
// of `raft/`. The user's checkout, index and object store are only read: objects that the patch
// makes go to the scratch directory, and no worktree is registered, so that none can be left
// behind.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "harness/compare/changes.hpp"
#include "harness/compare/comparison.hpp"
#include "harness/compare/neighbours.hpp"

namespace squall::harness::cli {

struct CompareTrees {
    compare::Side base;
    compare::Side patch;
    std::vector<compare::ChangedFile> changes;  ///< In raft/.
    std::vector<std::string> not_taken;         ///< Changed elsewhere.
    std::vector<std::string> remarks;
};

class GitCheckout {
  public:
    /// The checkout around the current directory. Throws UsageError when there is none.
    GitCheckout(std::string scratch, const std::atomic<int>& stop_requests);

    /// Throws UsageError naming the flag: no such revision, no such file, a patch that does not
    /// apply, not this project.
    [[nodiscard]] CompareTrees trees(const std::string& base, const std::string& patch);

    /// Makes the files below `directory` those of a tree, which it remembers in the file `index`
    /// (an absolute path; both need not exist). Only files that differ are written, so that what
    /// was compiled from the others stays good. Others that git does not know of stay.
    void write_tree(const std::string& tree,
                    const std::string& directory,
                    const std::string& index);

    /// Where in the Raft of a tree bugs of the zoo can be switched on; none, if it has no zoo.
    [[nodiscard]] std::vector<compare::BugSite> bug_sites(const std::string& tree);

    /// The build descriptions of a tree, as one text that is the same if they are.
    [[nodiscard]] std::string build_files(const std::string& tree);

  private:
    struct Answer {
        int code = 0;
        std::string text;
    };

    /// `index`: within the scratch directory, or an absolute path. `files`: where they are.
    [[nodiscard]] Answer git(std::vector<std::string> words,
                             const std::string& index = "",
                             const std::string& files = "");
    [[nodiscard]] std::string must(std::vector<std::string> words,
                                   const std::string& index = "",
                                   const std::string& files = "");
    [[nodiscard]] std::string commit_of(const std::string& flag, const std::string& revision);
    [[nodiscard]] std::vector<std::string> names(std::vector<std::string> words);
    void apply_file(const std::string& file, CompareTrees& trees);
    void take_revision(const std::string& revision, CompareTrees& trees);
    void require_project(const std::string& flag, const std::string& tree);

    std::string scratch_;
    const std::atomic<int>& stop_requests_;
    std::string root_;
    std::string objects_;  ///< The user's.
};

}  // namespace squall::harness::cli
