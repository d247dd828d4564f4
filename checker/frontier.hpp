// Where in the history a search stands: which operations are open, and which crashed ones may take
// effect. Moves over the events in both directions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "checker/search_input.hpp"

namespace squall::checker {

/// Crashed operations of one kind.
struct Crashed {
    std::uint32_t kind = 0;
    std::uint32_t lane = 0;
    std::uint32_t available = 0;  ///< Invoked so far.
};

class Frontier {
  public:
    /// Stands before the first event. The input outlives the frontier.
    explicit Frontier(const SearchInput& input) : input_(&input) {}

    /// Events passed.
    [[nodiscard]] std::size_t position() const { return position_; }

    [[nodiscard]] bool at_end() const { return position_ == input_->events.size(); }

    [[nodiscard]] const SearchEvent& event() const { return input_->events[position_]; }

    /// Open operations, those that complete soonest first. Where `event` is a completion, its
    /// operation is the first of them.
    [[nodiscard]] const std::vector<const SearchOperation*>& open() const { return open_; }

    [[nodiscard]] const std::vector<Crashed>& crashed() const { return crashed_; }

    /// Passes `event`.
    void forward();

    /// Takes the last `forward` back.
    void backward();

    [[nodiscard]] std::size_t bytes() const {
        return open_.capacity() * sizeof(const SearchOperation*) +
               crashed_.capacity() * sizeof(Crashed);
    }

  private:
    void open(const SearchOperation& operation);
    [[nodiscard]] std::vector<Crashed>::iterator find(std::uint32_t kind);

    const SearchInput* input_;
    std::size_t position_ = 0;
    std::vector<const SearchOperation*> open_;
    std::vector<Crashed> crashed_;
};

}  // namespace squall::checker
