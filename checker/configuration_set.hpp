// A set of search configurations, each a row of 32-bit words: first the words that make it what it
// is, then one count per kind of crashed operation used up. It is an antichain: of two rows that
// differ only in the counts, one that used up less of everything makes the other superfluous.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace squall::checker {

class ConfigurationSet {
  public:
    using Word = std::uint32_t;

    ConfigurationSet(std::size_t key_words, std::size_t row_words);

    void clear();

    /// Adds a row of `row_words` words unless it is superfluous; rows that it makes superfluous
    /// die.
    void insert(const Word* row);

    /// Leaves out a row. No insertion may follow before `clear`.
    void kill(std::size_t row);

    /// Rows ever added since `clear`, dead ones included.
    [[nodiscard]] std::size_t rows() const { return next_.size(); }

    [[nodiscard]] bool alive(std::size_t row) const { return next_[row] != dead; }

    /// Valid until `clear`.
    [[nodiscard]] Word* row(std::size_t row) {
        return chunks_[row / rows_in_chunk_].get() + row % rows_in_chunk_ * row_words_;
    }

    [[nodiscard]] std::size_t alive() const { return alive_; }

    [[nodiscard]] bool empty() const { return alive_ == 0; }

    /// Including what the next insertion may need for a moment.
    [[nodiscard]] std::size_t bytes() const;

  private:
    static constexpr Word none = 0xFFFFFFFFU;  ///< End of a chain, empty place of the table.
    static constexpr Word dead = 0xFFFFFFFEU;

    [[nodiscard]] std::size_t place_of(const Word* row);
    void grow();

    std::size_t key_words_;
    std::size_t row_words_;
    std::size_t rows_in_chunk_;
    std::size_t alive_ = 0;
    std::size_t chains_ = 0;
    std::vector<std::unique_ptr<Word[]>> chunks_;
    std::vector<Word> next_;   ///< By row: the next alive row with the same key.
    std::vector<Word> table_;  ///< Open addressing by key: first row of the chain.
};

}  // namespace squall::checker
