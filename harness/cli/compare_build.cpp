#include "harness/cli/compare_build.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "harness/cli/compare_scratch.hpp"
#include "harness/cli/compare_tool.hpp"
#include "harness/failure.hpp"

namespace squall::harness::cli {
namespace {

namespace fs = std::filesystem;

/// Flags of both sides: those of the preset release, but file by file: a patch costs the files that
/// it changes. Warnings are errors, as for every commit.
constexpr std::array<const char*, 6> flags{"-DCMAKE_BUILD_TYPE=Release",
                                           "-DCMAKE_CXX_FLAGS=-g1",
                                           "-DCMAKE_CXX_FLAGS_RELEASE=-O2 -DNDEBUG",
                                           "-DSQUALL_TESTS=OFF",
                                           "-DSQUALL_WARNING_FLAGS=-Werror",
                                           "-GNinja"};
/// Finished builds in the cache; the oldest goes.
constexpr std::size_t kept_max = 24;
constexpr std::chrono::seconds build_limit = std::chrono::minutes(60);

/// The first complaints of a compiler or of cmake, with some of what follows.
std::string complaints(const std::string& output) {
    std::istringstream in(output);
    std::vector<std::string> lines;
    constexpr std::size_t lines_max = 40;
    std::size_t follow = 0;
    for (std::string line; std::getline(in, line) && lines.size() < lines_max;) {
        const bool complaint =
            line.find("error:") != line.npos || line.find("CMake Error") != line.npos ||
            line.find("undefined reference") != line.npos || line.find("ninja: error") != line.npos;
        follow = complaint ? 4 : follow;
        if (follow > 0) {
            --follow;
            lines.push_back(line);
        }
    }
    std::string text;
    for (const std::string& line : lines) {
        // As seen from the top of the tree, not from where it was built.
        text += (line.starts_with("../../") ? line.substr(6) : line) + "\n";
    }
    return text.empty() ? output.substr(output.size() > 2000 ? output.size() - 2000 : 0) : text;
}

/// Empty when there is none.
std::string content_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream content;
    content << file.rdbuf();
    return content.str();
}

class Builder {
  public:
    Builder(GitCheckout& checkout, const compare::Side& side, const BuildOptions& options)
        : side_(side),
          options_(options),
          kept_(fs::path(options.cache) / "builds" / side.tree),
          tree_lock_((fs::path(options.cache) / "tree").string()),
          tree_(tree_lock_.held() ? fs::path(options.cache) / "tree"
                                  : fs::path(options.scratch) / "tree"),
          source_(tree_ / "source"),
          build_(source_ / "build" / "compare"),
          checkout_(checkout) {}

    BuiltSide go() {
        if (fs::exists(kept_ / "raft-node") && fs::exists(kept_ / "done")) {
            std::error_code ignored;
            fs::last_write_time(kept_, fs::file_time_type::clock::now(), ignored);
            return kept(true);
        }
        checkout_.write_tree(side_.tree, source_.string(), (tree_ / "index").string());
        configure();
        ToolResult node = ninja("raft-node");
        if (node.code != 0) {
            throw failed(node, "raft-node");
        }
        const ToolResult simulator = ninja("squall-runner");
        keep(simulator.code == 0 ? "" : problem_with(simulator, "squall-runner"));
        drop_oldest();
        return kept(false);
    }

  private:
    /// Anew when anything it depends on is different, lest settings of another revision stay.
    void configure() {
        std::string wanted = checkout_.build_files(side_.tree);
        std::vector<std::string> words{
            "cmake", "--fresh", "-S", source_.string(), "-B", build_.string()};
        words.insert(words.end(), flags.begin(), flags.end());
        for (const std::string& word : words) {
            wanted += word + "\n";
        }
        const fs::path note = tree_ / "configured";
        if (content_of(note) == wanted) {
            return;
        }
        std::error_code ignored;
        fs::remove(note, ignored);
        const ToolResult result = call(std::move(words));
        if (result.code != 0) {
            throw failed(result, "");
        }
        std::ofstream(note, std::ios::binary) << wanted;
    }

    [[nodiscard]] static std::string problem_with(const ToolResult& result,
                                                  const std::string& target) {
        return !target.empty() && result.output.find("unknown target") != std::string::npos
                   ? fmt::format("it is so old that it has no {}\n", target)
                   : complaints(result.output);
    }

    [[nodiscard]] BuildError failed(const ToolResult& result, const std::string& target) const {
        return {fmt::format("the {}, {},", options_.role, side_.name),
                problem_with(result, target)};
    }

    ToolResult ninja(const std::string& target) {
        return call({"ninja", "-C", build_.string(), "-j", std::to_string(options_.jobs), target});
    }

    ToolResult call(std::vector<std::string> words) {
        ToolResult result =
            run_tool({.words = std::move(words),
                      // Equal sources are compiled once, wherever the tree stands. Paths outside
                      // stay as they are: made relative they would depend on how deep it stands.
                      .environment = {{"CCACHE_BASEDIR", source_.string()},
                                      {"CCACHE_NOHASHDIR", "1"},
                                      {"LC_ALL", "C"}},
                      .log = options_.scratch + "/tool.log",
                      .limit = build_limit,
                      .stop_requests = options_.stop_requests});
        std::ofstream(options_.log, std::ios::binary | std::ios::app) << result.output;
        return result;
    }

    void keep(const std::string& problem) {
        const fs::path fresh = fs::path(options_.scratch) / (side_.tree.substr(0, 12) + "-kept");
        fs::create_directories(fresh);
        for (const char* name : {"raft-node", "squall-runner"}) {
            if (fs::exists(build_ / "bin" / name) &&
                (problem.empty() || std::string_view(name) == "raft-node")) {
                fs::copy_file(build_ / "bin" / name, fresh / name);
            }
        }
        std::ofstream(fresh / "done") << problem;
        fs::create_directories(kept_.parent_path());
        std::error_code ignored;  // Somebody else may have built the same meanwhile.
        fs::rename(fresh, kept_, ignored);
    }

    [[nodiscard]] BuiltSide kept(bool from_cache) const {
        BuiltSide built{.node = (kept_ / "raft-node").string(), .from_cache = from_cache};
        if (fs::exists(kept_ / "squall-runner")) {
            built.simulator = (kept_ / "squall-runner").string();
        }
        built.problem = content_of(kept_ / "done");
        return built;
    }

    void drop_oldest() const {
        std::error_code ignored;
        std::vector<std::pair<fs::file_time_type, fs::path>> found;
        for (const auto& entry : fs::directory_iterator(kept_.parent_path(), ignored)) {
            found.emplace_back(entry.last_write_time(ignored), entry.path());
        }
        std::ranges::sort(found);
        for (std::size_t i = 0; i + kept_max < found.size(); ++i) {
            fs::remove_all(found[i].second, ignored);
        }
    }

    const compare::Side& side_;
    const BuildOptions& options_;
    fs::path kept_;
    DirectoryLock tree_lock_;
    fs::path tree_;
    fs::path source_;
    fs::path build_;
    GitCheckout& checkout_;
};

}  // namespace

BuiltSide build_side(GitCheckout& checkout,
                     const compare::Side& side,
                     const BuildOptions& options) {
    try {
        return Builder(checkout, side, options).go();
    } catch (const fs::filesystem_error& error) {
        throw Failure(fmt::format("cannot build {}: {}", side.name, error.what()));
    }
}

}  // namespace squall::harness::cli
