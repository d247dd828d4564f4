#include "harness/compare/neighbours.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace squall::harness::compare {
namespace {

/// git cuts the function in the head of a hunk to as many bytes.
constexpr std::size_t hunk_function_bytes = 80;

/// A line "TREE:PATH:12:text" of a match, or "TREE:PATH=12=text" of the function that it is in.
struct GrepLine {
    std::string_view path;
    bool function = false;
    std::string_view text;
};

std::optional<GrepLine> grep_line(std::string_view line) {
    if (line.empty()) {
        return std::nullopt;
    }
    line.remove_prefix(std::min(line.find(':'), line.size() - 1) + 1);
    const std::size_t first = line.find_first_of(":=");
    if (first == std::string_view::npos) {
        return std::nullopt;
    }
    const std::size_t second = line.find_first_not_of("0123456789", first + 1);
    if (second == std::string_view::npos || second == first + 1 || line[second] != line[first]) {
        return std::nullopt;
    }
    return GrepLine{line.substr(0, first), line[first] == '=', line.substr(second + 1)};
}

/// "no_prevote" in the sources is "no-prevote" in the catalogue.
std::string slug_after(std::string_view text) {
    const auto word = [](char c) { return c == '_' || (c >= 'a' && c <= 'z'); };
    std::string slug(text.begin(), std::ranges::find_if_not(text, word));
    std::ranges::replace(slug, '_', '-');
    return slug;
}

const Way* way_of(std::string_view bug) {
    const auto found = std::ranges::find(ways(), bug, &Way::bug);
    return found == ways().end() ? nullptr : &*found;
}

bool changes_function(const ChangedFile& file, const std::string& function) {
    return !function.empty() &&
           std::ranges::any_of(file.functions, [&](const std::string& changed) {
               return changed.size() < hunk_function_bytes ? changed == function
                                                           : function.starts_with(changed);
           });
}

}  // namespace

std::vector<BugSite> bug_sites_in(std::string_view grep) {
    std::vector<BugSite> sites;
    std::string_view function;
    std::string_view function_path;
    while (!grep.empty() && sites.size() < bug_sites_max) {
        const std::size_t end = std::min(grep.find('\n'), grep.size());
        const std::optional<GrepLine> line = grep_line(grep.substr(0, end));
        grep.remove_prefix(std::min(end + 1, grep.size()));
        if (!line) {
            continue;
        }
        if (line->function) {
            function = line->text.substr(0, line->text.find_last_not_of(" \t\r") + 1);
            function_path = line->path;
            continue;
        }
        for (std::size_t at = line->text.find(bug_site_pattern); at != std::string_view::npos;
             at = line->text.find(bug_site_pattern, at + 1)) {
            BugSite site{.bug = slug_after(line->text.substr(at + bug_site_pattern.size())),
                         .path = std::string(line->path),
                         .function = std::string(line->path == function_path ? function : "")};
            if (!site.bug.empty() && std::ranges::find(sites, site) == sites.end()) {
                sites.push_back(std::move(site));
            }
        }
    }
    return sites;
}

std::vector<Neighbour> neighbours_of(const std::vector<ChangedFile>& changes,
                                     const std::vector<BugSite>& sites) {
    std::vector<Neighbour> found;
    const auto add = [&](const BugSite& site, bool same_function, const Way* way) {
        if (way != nullptr && std::ranges::find(found, way, &Neighbour::way) == found.end()) {
            found.push_back({site, same_function, way});
        }
    };
    for (const bool same_function : {true, false}) {
        for (const BugSite& site : sites) {
            const auto file = std::ranges::find(changes, site.path, &ChangedFile::path);
            if (file != changes.end() &&
                (!same_function || changes_function(*file, site.function))) {
                add(site, same_function, way_of(site.bug));
            }
        }
        if (!found.empty()) {
            break;
        }
    }
    return found;
}

std::string to_text(const Way& way) {
    const Narrowing& narrowing = way.narrowing;
    std::string text(way.profile);
    const auto add = [&text](std::string_view words) { text += fmt::format(", {}", words); };
    if (!narrowing.fault_class.empty()) {
        add(narrowing.shape.empty() ? std::string(narrowing.fault_class)
                                    : fmt::format("{} {}", narrowing.fault_class, narrowing.shape));
    }
    if (narrowing.lasting) {
        add(*narrowing.lasting ? "lasting" : "in quick succession");
    }
    if (narrowing.quorum_only) {
        add(*narrowing.quorum_only ? "a minority stays broken" : "all heals");
    }
    if (narrowing.nodes > 0) {
        add(fmt::format("{} nodes", narrowing.nodes));
    }
    if (narrowing.rate > 0) {
        add(fmt::format("{} operations a second", narrowing.rate));
    }
    return text;
}

}  // namespace squall::harness::compare
