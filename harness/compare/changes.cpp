#include "harness/compare/changes.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "harness/failure.hpp"

namespace squall::harness::compare {
namespace {

constexpr std::size_t name_bytes_max = 200;

/// "a/raft/core.cpp" without its side.
std::string_view path_of(std::string_view name) {
    return name.starts_with("a/") || name.starts_with("b/") ? name.substr(2) : std::string_view();
}

class Parser {
  public:
    void line(std::string_view text) {
        // Within a hunk every line is content, whatever it looks like.
        if (left_ > 0 && !text.empty() && (text[0] == '+' || text[0] == '-')) {
            --left_;
            ++files_.back().lines;
        } else if (text.starts_with("--- ")) {
            left_ = 0;
            before_ = path_of(text.substr(4));
        } else if (text.starts_with("+++ ")) {
            const std::string_view after = path_of(text.substr(4));
            begin_file(after.empty() ? before_ : after);
        } else if (text.starts_with("@@ ") && !files_.empty()) {
            hunk(text);
        }
    }

    [[nodiscard]] std::vector<ChangedFile> take() { return std::move(files_); }

  private:
    void begin_file(std::string_view path) {
        if (path.empty()) {
            return;
        }
        if (files_.size() == changed_files_max) {
            throw Failure(fmt::format("the patch changes more than {} files", changed_files_max));
        }
        files_.push_back({std::string(path), {}, 0});
    }

    /// "@@ -12,3 +12,4 @@ void Core::campaign() {"
    void hunk(std::string_view text) {
        const std::size_t end = text.find(" @@", 3);
        if (end == std::string_view::npos) {
            return;
        }
        left_ = count_of(text.substr(3, end - 3), '-') + count_of(text.substr(3, end - 3), '+');
        std::string_view function = text.substr(end + 3);
        function.remove_prefix(std::min(function.find_first_not_of(' '), function.size()));
        std::vector<std::string>& known = files_.back().functions;
        const std::string name(function.substr(0, name_bytes_max));
        if (!name.empty() && known.size() < functions_max &&
            std::ranges::find(known, name) == known.end()) {
            known.push_back(name);
        }
    }

    /// Lines of "-12,3" within "-12,3 +12,4"; without a number one.
    static std::size_t count_of(std::string_view ranges, char side) {
        const std::size_t at = ranges.find(side);
        if (at == std::string_view::npos) {
            return 0;
        }
        const std::string_view range = ranges.substr(at + 1, ranges.find(' ', at) - at - 1);
        const std::size_t comma = range.find(',');
        if (comma == std::string_view::npos) {
            return 1;
        }
        std::size_t count = 0;
        for (const char digit : range.substr(comma + 1, 9)) {
            count = digit >= '0' && digit <= '9' ? count * 10 + static_cast<unsigned>(digit - '0')
                                                 : count;
        }
        return count;
    }

    std::vector<ChangedFile> files_;
    std::string_view before_;
    std::size_t left_ = 0;  ///< Lines of the hunk that are still to come.
};

}  // namespace

std::vector<ChangedFile> changes_in(std::string_view diff) {
    if (diff.size() > diff_bytes_max) {
        throw Failure(fmt::format("the patch is longer than {} MiB", diff_bytes_max >> 20U));
    }
    Parser parser;
    while (!diff.empty()) {
        const std::size_t end = std::min(diff.find('\n'), diff.size());
        parser.line(diff.substr(0, end));
        diff.remove_prefix(std::min(end + 1, diff.size()));
    }
    return parser.take();
}

std::vector<std::string> outside_raft(const std::vector<std::string>& paths) {
    std::vector<std::string> outside;
    std::ranges::copy_if(paths, std::back_inserter(outside), [](const std::string& path) {
        return !path.starts_with("raft/");
    });
    return outside;
}

}  // namespace squall::harness::compare
