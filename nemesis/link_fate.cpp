#include "nemesis/link_fate.hpp"

#include <algorithm>
#include <chrono>

namespace squall::nemesis {

namespace {

/// Every question about a message has random bits of its own.
enum class Question : std::uint8_t { drop, jitter, reorder, hold, duplicate, copy, jitter_twice };

class Dice {
  public:
    Dice(const history::Stream& stream, Link link, std::uint64_t ordinal)
        : stream_(stream),
          link_((std::uint64_t{link.from} << 40U) | (std::uint64_t{link.to} << 8U)),
          ordinal_(ordinal) {}

    [[nodiscard]] bool chance(Question question, double probability) const {
        return probability > 0 && unit(question) < probability;
    }

    /// Uniform in [0, bound).
    [[nodiscard]] Duration upto(Question question, Duration bound) const {
        return Duration(
            static_cast<Duration::rep>(unit(question) * static_cast<double>(bound.count())));
    }

    [[nodiscard]] Duration jitter(JitterLaw law, Duration bound) const {
        const double share =
            jitter_share(law, unit(Question::jitter), unit(Question::jitter_twice));
        return Duration(static_cast<Duration::rep>(share * static_cast<double>(bound.count())));
    }

  private:
    [[nodiscard]] double unit(Question question) const {
        return stream_.unit(link_ | static_cast<std::uint64_t>(question), ordinal_);
    }

    const history::Stream& stream_;
    std::uint64_t link_;
    std::uint64_t ordinal_;
};

}  // namespace

Fate decide_fate(const LinkRule& rule,
                 const history::Stream& stream,
                 Link link,
                 std::uint64_t ordinal) {
    constexpr Duration hold_min = std::chrono::milliseconds(10);
    const Dice dice(stream, link, ordinal);
    Fate fate;
    if (dice.chance(Question::drop, rule.drop)) {
        fate.dropped = true;
        return fate;
    }
    fate.delay = rule.delay + dice.jitter(rule.law, rule.jitter);
    if (dice.chance(Question::reorder, rule.reorder)) {
        fate.held_back = true;
        fate.delay += dice.upto(Question::hold, std::max(rule.delay + rule.jitter, hold_min));
    }
    if (dice.chance(Question::duplicate, rule.duplicate)) {
        fate.copy_after = dice.upto(Question::copy, rule.jitter);
    }
    return fate;
}

}  // namespace squall::nemesis
