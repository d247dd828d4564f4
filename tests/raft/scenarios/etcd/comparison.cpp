#include "tests/raft/scenarios/etcd/comparison.hpp"

#include <utility>

namespace squall::raft::test::etcd {

namespace {

bool lets_time_pass(const std::string& name) {
    return name == "tick-election" || name == "tick-heartbeat";
}

void join(Skeleton& into, const Skeleton& more) {
    for (const auto& [key, events] : more) {
        auto& all = into[key];
        all.insert(all.end(), events.begin(), events.end());
    }
}

struct Sides {
    Skeleton expected;
    Skeleton observed;
};

/// Both sides as they have to be equal.
Sides sides_of(const Compared& compared, Novelty& expected_news, Novelty& observed_news) {
    Sides sides{{}, compared.observed};
    for (std::size_t i = 0; i < compared.commands.size(); ++i) {
        join(sides.expected, skeleton_of(compared.commands[i], compared.expected[i]));
    }
    even_out(sides.expected, sides.observed, compared.excused);
    expected_news.filter(sides.expected);
    observed_news.filter(sides.observed);
    return sides;
}

Sides sides_of(const Compared& compared) {
    Novelty expected_news = compared.expected_news;
    Novelty observed_news = compared.observed_news;
    return sides_of(compared, expected_news, observed_news);
}

}  // namespace

Skeleton Compared::demands() const {
    return sides_of(*this).expected;
}

std::string Compared::difference() const {
    const Sides sides = sides_of(*this);
    return etcd::difference(sides.expected, sides.observed);
}

std::map<std::size_t, std::string> Played::differences() const {
    std::map<std::size_t, std::string> found;
    for (const Compared& one : compared) {
        if (std::string what = one.difference(); !what.empty()) {
            found[one.line] = std::move(what);
        }
    }
    return found;
}

Played play_etcd(const Script& script, zoo::Bugs bugs) {
    Driver driver(bugs);
    Novelty expected_news;
    Novelty observed_news;
    Played played;
    Compared now;
    for (std::size_t i = 0; i < script.blocks.size(); ++i) {
        const Block& block = script.blocks[i];
        const Command command = parse_command(script.where(block.line), block.lines.front());
        Outcome outcome = driver.execute(command);
        if (!outcome.inexpressible.empty()) {
            played.stopped_at = block.line;
            played.lacking = outcome.inexpressible;
            break;
        }
        now.line = block.line;
        now.commands.push_back(command);
        now.expected.push_back(block.expected);
        now.excused.insert(now.excused.end(), outcome.excused.begin(), outcome.excused.end());
        join(now.observed, outcome.events);
        // Ticks in a row are one stretch of time (difference 6).
        const bool goes_on = lets_time_pass(command.name) && i + 1 < script.blocks.size() &&
                             script.blocks[i + 1].lines.front() == block.lines.front();
        if (goes_on) {
            continue;
        }
        now.expected_news = expected_news;
        now.observed_news = observed_news;
        (void)sides_of(now, expected_news, observed_news);
        const bool told = driver.audible() && command.option("log-level") != "none" &&
                          command.name != "log-level";
        if (told) {
            played.compared.push_back(std::move(now));
        } else {
            // Nobody knows what etcd's side was like then: ours stands in for both.
            expected_news = observed_news;
        }
        now = {};
    }
    return played;
}

}  // namespace squall::raft::test::etcd
