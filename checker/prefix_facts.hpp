// Of objects that only grow at their end until they are replaced as a whole (texts, lists): until
// when somebody asks for a value that begins with a given state. A state that no such value begins
// with can never become one again by growing.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checker/state_table.hpp"
#include "history/compact_history.hpp"

namespace squall::checker {

class PrefixFacts {
  public:
    /// Somebody asks for the value, the last time until the event. Before `finish`.
    void ask(const history::ValueTable& values, history::ValueId id, history::EventIndex until);

    void finish();

    /// The last event at which a value beginning with this one is asked for; 0: none. Values of
    /// other kinds than text and list are always asked for.
    [[nodiscard]] history::EventIndex until(const history::ValueTable& values, history::ValueId id);

    [[nodiscard]] std::size_t bytes() const {
        return bytes_ + (lists_.capacity() + known_.capacity()) * sizeof(history::EventIndex);
    }

  private:
    [[nodiscard]] history::EventIndex until_of_text(std::string_view text) const;

    std::vector<std::pair<std::string, history::EventIndex>> texts_;  ///< Sorted by `finish`.
    /// At level l the maxima of the 2^l texts from each one on.
    std::vector<std::vector<history::EventIndex>> maxima_;
    std::vector<history::EventIndex> lists_;  ///< By id; of lists and those they begin with.
    std::vector<history::EventIndex> known_;  ///< By id, what `until` found for texts.
    std::size_t bytes_ = 0;                   ///< Of the texts.
};

}  // namespace squall::checker
