#include "harness/cli/compare_trees.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/cli/compare_tool.hpp"
#include "harness/failure.hpp"
#include "history/text_input.hpp"

namespace squall::harness::cli {
namespace {

namespace fs = std::filesystem;
using history::printable;

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

/// What `git apply` complains of: for every hunk that does not fit, its file and line.
std::string obstacles(const std::string& text) {
    constexpr std::string_view failed = "error: patch failed: ";
    constexpr std::size_t named_max = 5;
    std::vector<std::string> found;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        const std::size_t colon = line.rfind(':');
        if (line.starts_with(failed) && colon > failed.size()) {
            found.push_back(
                fmt::format("its hunk at line {} of {} does not fit",
                            printable(line.substr(colon + 1)),
                            printable(line.substr(failed.size(), colon - failed.size()))));
        }
    }
    if (found.empty()) {
        return printable(first_line(text));
    }
    const std::size_t more = found.size() - std::min(found.size(), named_max);
    found.resize(found.size() - more);
    return fmt::format(
        "{}{}", fmt::join(found, ", "), more > 0 ? fmt::format(", and {} more", more) : "");
}

/// "a\0b\0"
std::vector<std::string> split_names(const std::string& text) {
    std::vector<std::string> found;
    std::size_t begin = 0;
    for (std::size_t end = text.find('\0'); end != text.npos; end = text.find('\0', begin)) {
        found.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return found;
}

}  // namespace

GitCheckout::GitCheckout(std::string scratch, const std::atomic<int>& stop_requests)
    : scratch_(std::move(scratch)), stop_requests_(stop_requests), root_(1, '.') {
    fs::create_directories(scratch_ + "/objects");
    const Answer top = git({"rev-parse", "--show-toplevel"});
    if (top.code != 0) {
        throw UsageError(
            fmt::format("this is no git checkout: {}; run squall compare inside one, "
                        "or name two programs with --base-cmd and --patch-cmd",
                        first_line(top.text)));
    }
    root_ = first_line(top.text);
    objects_ = first_line(must({"rev-parse", "--path-format=absolute", "--git-path", "objects"}));
}

GitCheckout::Answer GitCheckout::git(std::vector<std::string> words,
                                     const std::string& index,
                                     const std::string& files) {
    words.insert(words.begin(), {"git", "-C", root_, "-c", "core.quotePath=false"});
    ToolCall call{.words = std::move(words),
                  .environment = {{"LC_ALL", "C"}, {"GIT_OPTIONAL_LOCKS", "0"}},
                  .log = scratch_ + "/git.log",
                  .stop_requests = &stop_requests_};
    if (!objects_.empty()) {
        call.environment["GIT_OBJECT_DIRECTORY"] = scratch_ + "/objects";
        call.environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = objects_;
    }
    if (!index.empty()) {
        call.environment["GIT_INDEX_FILE"] =
            index.starts_with('/') ? index : fmt::format("{}/{}", scratch_, index);
    }
    if (!files.empty()) {
        call.environment["GIT_WORK_TREE"] = files;
    }
    ToolResult result = run_tool(call);
    if (result.code == 127) {
        throw Failure("git is not installed; apt-get install git");
    }
    return {result.code, std::move(result.output)};
}

std::string GitCheckout::must(std::vector<std::string> words,
                              const std::string& index,
                              const std::string& files) {
    // Not "-c" of a setting.
    std::size_t at = 0;
    while (at + 2 < words.size() && words[at] == "-c") {
        at += 2;
    }
    const std::string what = words[at];
    Answer answer = git(std::move(words), index, files);
    if (answer.code != 0) {
        throw Failure(fmt::format("git {}: {}", what, printable(first_line(answer.text))));
    }
    return std::move(answer.text);
}

std::string GitCheckout::commit_of(const std::string& flag, const std::string& revision) {
    const Answer answer = git({"rev-parse",
                               "--verify",
                               "--quiet",
                               "--end-of-options",
                               fmt::format("{}^{{commit}}", revision)});
    if (answer.code != 0) {
        throw UsageError(
            fmt::format("{}: \"{}\" is no revision of {}{}; `git log --oneline` "
                        "shows some",
                        flag,
                        printable(revision),
                        root_,
                        flag == "--patch" ? ", and no file either" : ""));
    }
    return first_line(answer.text);
}

void GitCheckout::require_project(const std::string& flag, const std::string& tree) {
    for (const char* file : {"raft/CMakeLists.txt", "harness/CMakeLists.txt"}) {
        if (git({"cat-file", "-e", fmt::format("{}:{}", tree, file)}).code != 0) {
            throw UsageError(
                fmt::format("{}: holds no {}, so it is not Squall's own Raft; for "
                            "another one name two programs with --base-cmd and "
                            "--patch-cmd",
                            flag,
                            file));
        }
    }
}

std::vector<std::string> GitCheckout::names(std::vector<std::string> words) {
    return split_names(must(std::move(words)));
}

void GitCheckout::apply_file(const std::string& file, CompareTrees& trees) {
    const std::string obstacle = history::obstacle_to_reading(file);
    if (!obstacle.empty()) {
        throw UsageError(fmt::format("--patch: {}", obstacle));
    }
    if (fs::file_size(file) > compare::diff_bytes_max) {
        throw UsageError(
            fmt::format("--patch: {} is longer than {} MiB", file, compare::diff_bytes_max >> 20U));
    }
    const std::string path = fs::absolute(file).string();
    static_cast<void>(must({"read-tree", trees.base.tree}, "index-patch"));
    if (git({"apply", "--numstat", path}).code != 0) {
        throw UsageError(
            fmt::format("--patch: {} is a file, but not a patch as git diff or git format-patch "
                        "writes it; to compare a revision, name it instead",
                        file));
    }
    // Everything has to fit, also what is not taken: half a patch is another patch.
    const Answer check = git({"apply", "--check", "--cached", path}, "index-patch");
    if (check.code != 0) {
        throw UsageError(
            fmt::format("--patch: {} does not apply to {}: {}; rebase it, or name the "
                        "revision that it was made for with --base",
                        file,
                        trees.base.name,
                        obstacles(check.text)));
    }
    static_cast<void>(must({"apply", "--cached", path}, "index-patch"));
    const std::string whole = first_line(must({"write-tree"}, "index-patch"));
    trees.not_taken = compare::outside_raft(
        names({"diff", "--name-only", "-z", "--no-renames", trees.base.tree, whole}));
    static_cast<void>(must({"read-tree", trees.base.tree}, "index-patch"));
    static_cast<void>(git({"apply", "--cached", "--include=raft/*", path}, "index-patch"));
    trees.patch = {
        .name = file, .commit = "", .tree = first_line(must({"write-tree"}, "index-patch"))};
}

void GitCheckout::take_revision(const std::string& revision, CompareTrees& trees) {
    const std::string commit = commit_of("--patch", revision);
    require_project(fmt::format("--patch {}", printable(revision)), commit);
    trees.not_taken = compare::outside_raft(
        names({"diff", "--name-only", "-z", "--no-renames", trees.base.tree, commit}));
    static_cast<void>(must({"read-tree", trees.base.tree}, "index-patch"));
    static_cast<void>(must({"rm", "-r", "-f", "-q", "--cached", "--ignore-unmatch", "--", "raft"},
                           "index-patch"));
    static_cast<void>(
        must({"read-tree", "--prefix=raft/", fmt::format("{}:raft", commit)}, "index-patch"));
    trees.patch = {.name = revision,
                   .commit = commit,
                   .tree = first_line(must({"write-tree"}, "index-patch"))};
}

CompareTrees GitCheckout::trees(const std::string& base, const std::string& patch) {
    CompareTrees trees;
    trees.base = {.name = base, .commit = commit_of("--base", base), .tree = ""};
    trees.base.tree =
        first_line(must({"rev-parse", fmt::format("{}^{{tree}}", trees.base.commit)}));
    require_project(fmt::format("--base {}", printable(base)), trees.base.tree);
    std::error_code ignored;
    if (fs::is_regular_file(patch, ignored)) {
        apply_file(patch, trees);
    } else if (patch.ends_with(".patch") || patch.ends_with(".diff")) {
        throw UsageError(fmt::format("--patch: there is no file {}", printable(patch)));
    } else {
        take_revision(patch, trees);
    }
    trees.changes = compare::changes_in(must({"diff",
                                              "-U0",
                                              "--no-renames",
                                              "--no-color",
                                              "--no-ext-diff",
                                              "--src-prefix=a/",
                                              "--dst-prefix=b/",
                                              trees.base.tree,
                                              trees.patch.tree,
                                              "--",
                                              "raft"}));
    if (!trees.not_taken.empty()) {
        trees.remarks.push_back(fmt::format(
            "the patch also changes {} files outside raft/ ({}{}); they are NOT part of this "
            "comparison: the judge is ours, and both sides have the base's",
            trees.not_taken.size(),
            printable(trees.not_taken.front()),
            trees.not_taken.size() > 1 ? ", ..." : ""));
    }
    if (!must({"status", "--porcelain", "--untracked-files=no", "--", "raft"}).empty()) {
        trees.remarks.emplace_back(
            "raft/ in the checkout has changes that are not committed; they are on neither side "
            "(to compare them: git diff > my.patch, and --patch my.patch)");
    }
    return trees;
}

void GitCheckout::write_tree(const std::string& tree,
                             const std::string& directory,
                             const std::string& index) {
    fs::create_directories(directory);
    std::error_code ignored;
    fs::remove(index + ".lock",
               ignored);  // Of one that was killed; the caller holds the directory.
    // The user's settings for their own checkout mean nothing here.
    const std::vector<std::string> plainly{"-c",
                                           "core.sparseCheckout=false",
                                           "-c",
                                           "core.fsmonitor=false",
                                           "-c",
                                           "core.autocrlf=false"};
    const auto with = [&](std::vector<std::string> words) {
        words.insert(words.begin(), plainly.begin(), plainly.end());
        return words;
    };
    // Finds files that are not what the index says, as after a kill.
    static_cast<void>(git(with({"update-index", "-q", "--refresh"}), index, directory));
    static_cast<void>(must(with({"read-tree", "--reset", "-u", tree}), index, directory));
}

std::vector<compare::BugSite> GitCheckout::bug_sites(const std::string& tree) {
    // Functions are told by the rule by which git diff names those of its hunks.
    const Answer answer = git({"grep",
                               "--line-number",
                               "--show-function",
                               "--full-name",
                               "--no-column",
                               "--no-color",
                               "--fixed-strings",
                               "-e",
                               std::string(compare::bug_site_pattern),
                               tree,
                               "--",
                               "raft"});
    return answer.code == 0 ? compare::bug_sites_in(answer.text) : std::vector<compare::BugSite>();
}

std::string GitCheckout::build_files(const std::string& tree) {
    std::istringstream all(must({"ls-tree", "-r", "--full-tree", tree}));
    std::string found;
    for (std::string line; std::getline(all, line);) {
        if (line.ends_with("CMakeLists.txt") || line.ends_with(".cmake")) {
            found += line + "\n";
        }
    }
    return found;
}

}  // namespace squall::harness::cli
