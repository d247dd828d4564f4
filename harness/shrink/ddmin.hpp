// Delta debugging (Zeller and Hildebrandt 2002) over a list: finds a part of it that still fails
// and of which nothing can be left out. It only names parts; whoever asks runs them and says which
// fail. Deterministic: equal verdicts lead to equal parts.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace squall::harness::shrink {

class Ddmin {
  public:
    /// The whole list, of `count` entries, is known to fail.
    explicit Ddmin(std::size_t count);

    /// The positions to keep in the next try, ascending; nothing: it is over. The same until the
    /// verdict is in.
    [[nodiscard]] std::optional<std::vector<std::size_t>> next() const;

    /// Of what `next` named.
    void verdict(bool fails);

    /// The smallest part that failed so far. When it is over and failing is monotone (what contains
    /// a failing part fails), without any one of them nothing fails.
    [[nodiscard]] const std::vector<std::size_t>& kept() const { return kept_; }

  private:
    [[nodiscard]] std::vector<std::size_t> without_chunk() const;
    void settle();

    std::vector<std::size_t> kept_;
    bool tried_none_ = false;
    bool over_ = false;
    bool reduced_ = false;    ///< In this sweep.
    std::size_t chunk_ = 0;   ///< How many entries are left out together.
    std::size_t offset_ = 0;  ///< Of the first of them within what is kept.
};

}  // namespace squall::harness::shrink
