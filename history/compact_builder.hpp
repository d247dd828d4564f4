// Makes a CompactHistory of events as a reader meets them, without an Operation in between. It
// pairs by the same rules as `pair` (history/open_operations.hpp).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "history/compact_history.hpp"
#include "history/open_operations.hpp"

namespace squall::history {

/// What an operation is given: one value, or of a cas the two elements of the list.
struct CompactArgument {
    ValueId first = null_value;
    ValueId second = null_value;
    bool pair = false;
};

/// Names are copied.
struct CompactInvocation {
    ClientId client = -1;
    NodeId node = 0;
    std::string_view function;
    std::string_view key;
    CompactArgument argument;
    bool final_read = false;
};

struct CompactCompletion {
    ClientId client = -1;
    NodeId node = 0;
    std::string_view function;  ///< Empty: as it began.
    std::string_view key;       ///< Empty: as it began.
    Outcome outcome = Outcome::info;
    ValueId result = null_value;  ///< Counts when the outcome is ok.
    bool any_result = false;
    Applied applied = Applied::unsaid;
    std::optional<LogPosition> position;
};

class CompactBuilder {
  public:
    /// Where the ids of arguments and results come from.
    [[nodiscard]] ValueTable& values() { return history_.values; }

    /// What an operation of this function is given.
    [[nodiscard]] CompactArgument argument(std::string_view function, const Value& value);

    /// Both say what is wrong with the event, if anything, and then take nothing in. `index` grows
    /// from call to call.
    [[nodiscard]] std::optional<std::string> invoke(EventIndex index,
                                                    const CompactInvocation& event);
    [[nodiscard]] std::optional<std::string> complete(EventIndex index,
                                                      const CompactCompletion& event);

    /// The operation that the client has open, valid until the next call; null when it has none.
    [[nodiscard]] const CompactOperation* open(ClientId client) const;

    [[nodiscard]] const CompactHistory& history() const { return history_; }

    [[nodiscard]] CompactHistory take() { return std::move(history_); }

  private:
    CompactHistory history_;
    OpenOperations open_;
};

}  // namespace squall::history
