// Links that lose, repeat, delay and overtake messages.
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "history/random.hpp"
#include "nemesis/fault_class.hpp"
#include "nemesis/targets.hpp"
#include "nemesis/timetable.hpp"

namespace squall::nemesis {

namespace {

using std::chrono::milliseconds;

constexpr std::array<std::string_view, 5> shapes{"delay", "drop", "duplicate", "reorder", "flaky"};

// In election timeouts; 3 s at the default of 600 ms.
constexpr DurationRange lasting{1, 5};

/// Uniform integers drawn from one entry's random bits, each under its own name.
class Draws {
  public:
    explicit Draws(std::uint64_t draw) : stream_(draw, "packet") {}

    [[nodiscard]] std::uint64_t between(std::uint64_t low,
                                        std::uint64_t high,
                                        std::string_view what) const {
        return low + stream_.below(high - low + 1, history::stream_hash(what), 0);
    }

    [[nodiscard]] milliseconds time(std::uint64_t low,
                                    std::uint64_t high,
                                    std::string_view what) const {
        return milliseconds(static_cast<milliseconds::rep>(between(low, high, what)));
    }

    /// Whole percents, as a probability.
    [[nodiscard]] double percent(std::uint64_t low,
                                 std::uint64_t high,
                                 std::string_view what) const {
        return static_cast<double>(between(low, high, what)) / 100;
    }

    [[nodiscard]] bool coin(std::string_view what, std::uint64_t ordinal) const {
        return stream_.below(2, history::stream_hash(what), ordinal) == 0;
    }

  private:
    history::Stream stream_;
};

/// Laws with longer tails get farther bounds, so that their delays are about as long on average.
void decide_jitter(LinkRule& rule, const Draws& draws) {
    static constexpr std::array<int, all_jitter_laws.size()> stretch{1, 2, 8, 20};
    const std::uint64_t index = draws.between(0, all_jitter_laws.size() - 1, "law");
    rule.law = all_jitter_laws.at(index);
    rule.jitter = draws.time(5, 50, "jitter") * stretch.at(index);
}

std::optional<LinkRule> decide_rule(std::string_view shape, const Draws& draws) {
    LinkRule rule;
    if (shape == "delay") {
        rule.delay = draws.time(20, 150, "delay");
        decide_jitter(rule, draws);
    } else if (shape == "drop") {
        rule.drop = draws.percent(5, 40, "drop");
    } else if (shape == "duplicate") {
        rule.duplicate = draws.percent(10, 50, "duplicate");
        rule.jitter = draws.time(0, 20, "jitter");
    } else if (shape == "reorder") {
        rule.reorder = draws.percent(10, 50, "reorder");
        rule.jitter = draws.time(5, 50, "jitter");
    } else if (shape == "flaky") {
        rule.delay = draws.time(0, 30, "delay");
        rule.jitter = draws.time(0, 30, "jitter");
        rule.drop = draws.percent(5, 20, "drop");
        rule.duplicate = draws.percent(10, 30, "duplicate");
        rule.reorder = draws.percent(10, 30, "reorder");
    } else {
        return std::nullopt;
    }
    return rule;
}

std::string law_in_words(const LinkRule& rule) {
    if (rule.law == JitterLaw::uniform) {
        return "";
    }
    const double median = static_cast<double>(rule.delay.count()) +
                          median_jitter_share(rule.law) * static_cast<double>(rule.jitter.count());
    return fmt::format(" ({}, half below {:.0f} ms)", to_string(rule.law), median / 1e6);
}

std::string in_words(const LinkRule& rule) {
    std::string words;
    const auto add = [&words](const std::string& word) {
        words += (words.empty() ? "" : ", ") + word;
    };
    const auto ms = [](Duration duration) {
        return std::to_string(std::chrono::duration_cast<milliseconds>(duration).count());
    };
    const auto percent = [](double probability) {
        return std::to_string(std::lround(probability * 100)) + " %";
    };
    if (rule.delay + rule.jitter > Duration::zero()) {
        add("delay " + ms(rule.delay) + ".." + ms(rule.delay + rule.jitter) + " ms" +
            law_in_words(rule));
    }
    if (rule.drop > 0) {
        add("drop " + percent(rule.drop));
    }
    if (rule.duplicate > 0) {
        add("duplicate " + percent(rule.duplicate));
    }
    if (rule.reorder > 0) {
        add("reorder " + percent(rule.reorder));
    }
    return words;
}

class Packet final : public FaultClass {
  public:
    [[nodiscard]] std::string_view name() const override { return "packet"; }

    [[nodiscard]] std::string_view description() const override {
        return "delays, drops, duplicates and reorders messages between nodes, on all links or "
               "some";
    }

    [[nodiscard]] std::string_view needs() const override { return "links"; }

    [[nodiscard]] std::vector<PlannedFault> schedule(
        const ScheduleParameters& parameters) const override {
        return simple_schedule(parameters, name(), shapes, lasting);
    }

    [[nodiscard]] std::optional<Fault> resolve(const PlannedFault& planned,
                                               const ClusterView& view) const override {
        const Draws draws(planned.draw);
        const std::optional<LinkRule> rule = decide_rule(planned.shape, draws);
        const Grudge all = one_way(view.nodes, view.nodes);
        if (!rule || all.empty()) {
            return std::nullopt;
        }
        const bool everywhere = draws.coin("everywhere", 0);
        LinkFault links;
        for (const Link& link : all) {
            if (everywhere || draws.coin("link", link.from * std::uint64_t{65536} + link.to)) {
                links.rules.emplace(link, *rule);
            }
        }
        // No link drawn: rare, and a fault that touches nothing would prove nothing.
        if (links.rules.empty()) {
            links.rules.emplace(*all.begin(), *rule);
        }
        return Fault{planned.name, describe(*rule, links, all.size()), senders(links), links};
    }

  private:
    static std::string describe(const LinkRule& rule, const LinkFault& links, std::size_t count) {
        if (links.rules.size() == count) {
            return in_words(rule) + " on all links";
        }
        std::string where;
        for (const auto& [link, same] : links.rules) {
            where += " n" + std::to_string(link.from) + ">n" + std::to_string(link.to);
        }
        return in_words(rule) + " on" + where;
    }

    static Nodes senders(const LinkFault& links) {
        Nodes nodes;
        for (const auto& [link, rule] : links.rules) {
            if (nodes.empty() || nodes.back() != link.from) {
                nodes.push_back(link.from);
            }
        }
        return nodes;
    }
};

}  // namespace

const FaultClass& packet_class() {
    static const Packet instance;
    return instance;
}

}  // namespace squall::nemesis
