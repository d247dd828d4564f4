// Values as small numbers. Each value that appears in a history is kept once, lists as chains that
// share their beginnings: the lists that a growing list goes through cost one entry each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "history/value.hpp"

namespace squall::history {

/// Equal numbers of one table mean equal values.
using ValueId = std::uint32_t;

inline constexpr ValueId null_value = 0;
inline constexpr ValueId empty_list = 1;

class ValueTable {
  public:
    enum class Kind : std::uint8_t { null, number, text, list };

    ValueTable();

    ValueId intern(const Value& value);
    ValueId intern_number(std::int64_t number);
    ValueId intern_text(std::string_view text);

    /// The list with one more element at its end.
    ValueId append(ValueId list, ValueId element);

    [[nodiscard]] Kind kind(ValueId id) const { return kinds_[id]; }

    [[nodiscard]] std::int64_t number(ValueId id) const {
        return static_cast<std::int64_t>(words_[id]);
    }

    /// Valid until the next insertion.
    [[nodiscard]] std::string_view text(ValueId id) const {
        return std::string_view(texts_).substr(text_begins_[words_[id]], text_size(id));
    }

    /// Of a list that is not empty: the list without its last element.
    [[nodiscard]] ValueId front(ValueId list) const {
        return static_cast<ValueId>(words_[list] >> 32U);
    }

    /// Of a list that is not empty.
    [[nodiscard]] ValueId last(ValueId list) const { return static_cast<ValueId>(words_[list]); }

    /// Elements of a list. Linear in it.
    [[nodiscard]] std::size_t length(ValueId list) const;

    /// The elements of a list, first to last.
    [[nodiscard]] std::vector<ValueId> elements(ValueId list) const;

    /// Nothing when the table does not hold the value.
    [[nodiscard]] std::optional<ValueId> find(const Value& value) const;

    [[nodiscard]] Value value(ValueId id) const;

    /// Ids are 0 to `size() - 1`.
    [[nodiscard]] std::size_t size() const { return kinds_.size(); }

    [[nodiscard]] std::size_t bytes() const;

  private:
    [[nodiscard]] std::size_t text_size(ValueId id) const {
        const std::size_t at = words_[id];
        return text_begins_[at + 1] - text_begins_[at];
    }

    [[nodiscard]] std::uint64_t hash(ValueId id) const;
    [[nodiscard]] ValueId find_word(Kind kind, std::uint64_t word) const;
    [[nodiscard]] ValueId find_text(std::string_view text) const;
    ValueId intern_word(Kind kind, std::uint64_t word);
    ValueId add(Kind kind, std::uint64_t word);
    void grow();

    std::vector<Kind> kinds_;
    /// The number; which text; or of a list its front and its last element.
    std::vector<std::uint64_t> words_;
    std::string texts_;
    std::vector<std::size_t> text_begins_{0};  ///< And where the last one ends.
    std::vector<ValueId> table_;               ///< Open addressing; null_value is an empty place.
};

}  // namespace squall::history
