// Searches one after the other, the first with one counted event, each with one more. Spaces grow
// by a factor of ten and more with each, so that the small ones cost next to nothing; and whatever
// needs few events is found before the many states that more of them make. What is found needs the
// fewest events, and among those ways it is on a shortest.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "harness/explore/path.hpp"
#include "harness/explore/search.hpp"

namespace squall::harness::explore {

/// One of the searches, to its end.
struct Round {
    std::uint32_t events = 0;  ///< At most, together.
    std::uint64_t states = 0;  ///< With those of the rounds before, which it sees again.
    std::uint64_t depth = 0;
    bool whole = false;  ///< Every state was seen; else those up to the depth that was asked for.

    bool operator==(const Round&) const = default;
};

class Deepening {
  public:
    /// The limits are those of every search by itself.
    Deepening(const Options& options, const Limits& limits);

    /// Looks at up to so many further states. Stop::exhausted and Stop::depth only behind the last
    /// round; the others are reasons not to begin another.
    Stop advance(std::uint64_t states);

    /// As given.
    [[nodiscard]] const Options& options() const { return options_; }

    [[nodiscard]] Stop stopped() const { return search_->stopped(); }

    /// Of the round that is under way, or was the last.
    [[nodiscard]] Progress progress() const { return search_->progress(); }

    [[nodiscard]] std::uint32_t events() const { return events_; }

    /// Those that came to an end of their own.
    [[nodiscard]] const std::vector<Round>& rounds() const { return rounds_; }

    /// The way to the violation that ended the search, if one did.
    [[nodiscard]] std::optional<Path> path();

    /// To put the path into words.
    [[nodiscard]] Model& model() { return *model_; }

  private:
    void begin(std::uint32_t events);

    Options options_;
    Limits limits_;
    std::uint32_t events_ = 0;
    std::unique_ptr<Model> model_;
    std::unique_ptr<Search> search_;  ///< Refers to *model_.
    std::vector<Round> rounds_;
};

}  // namespace squall::harness::explore
