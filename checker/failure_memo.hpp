// Remembers configurations from which a depth-first search has found no way to the end, in bounded
// memory: when it is full it forgets, which costs time and never truth. What has used up more
// crashed operations than a failed one, and is like it otherwise, fails too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace squall::checker {

class FailureMemo {
  public:
    using Word = std::uint32_t;

    /// Rows of `row_words` words; those after the first `key_words` are counts.
    FailureMemo(std::size_t key_words, std::size_t row_words);

    /// Does it say that the row fails? If not it does from now on.
    [[nodiscard]] bool test_and_add(Word position, const Word* row);

    /// What it may take at most from now on.
    void limit(std::size_t bytes) { bytes_max_ = bytes; }

    [[nodiscard]] std::size_t bytes() const { return entries_.capacity() * sizeof(Word); }

  private:
    /// Entries in which a row may be.
    static constexpr std::size_t ways = 4;

    [[nodiscard]] Word* bucket_of(Word position, const Word* row);
    void grow();
    void put(Word* bucket, Word position, const Word* row);

    std::size_t key_words_;
    std::size_t row_words_;
    std::size_t entry_words_;  ///< The position plus one (0: empty), then the row.
    std::size_t bytes_max_ = 0;
    std::size_t size_ = 0;
    std::size_t forgotten_ = 0;
    std::vector<Word> entries_;
};

}  // namespace squall::checker
