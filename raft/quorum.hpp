// Who votes, and what a quorum of them agrees on. The only place that knows how a quorum is
// counted: elections, commit, check-quorum and reads all ask here, so that joint consensus (§6)
// will be one change.
#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <vector>

#include "raft/types.hpp"
#include "raft/zoo/zoo.hpp"

namespace squall::raft {

class Configuration {
  public:
    static constexpr std::size_t max_voters = 64;

    /// Sorts and removes duplicates. At most max_voters; none is a server that waits to be added.
    explicit Configuration(std::vector<NodeId> voters, zoo::Bugs bugs = {});

    [[nodiscard]] const std::vector<NodeId>& voters() const { return voters_; }

    [[nodiscard]] bool contains(NodeId node) const;

    /// Whether the voters in `granted` are a quorum. Others in it do not count.
    [[nodiscard]] bool has_quorum(const std::vector<NodeId>& granted) const;

    /// The largest v such that a quorum has `value_of(voter) >= v`; a default value without voters.
    /// `missing`: so many less than a quorum, for bugs.
    template <class ValueOf>
    [[nodiscard]] auto quorum_value(ValueOf value_of, std::size_t missing = 0) const {
        using Value = decltype(value_of(NodeId{}));
        std::array<Value, max_voters> values{};
        std::transform(voters_.begin(), voters_.end(), values.begin(), value_of);
        // With n voters the (n/2)-th greatest, from 0, is reached by n/2 + 1 of them: a majority.
        const auto begin = values.begin();
        std::size_t others = voters_.size() / 2;
        if (bugs_.has(zoo::Bug::even_quorum) && voters_.size() % 2 == 0 && others > 0) {
            --others;
        }
        const auto half = begin + static_cast<std::ptrdiff_t>(others - std::min(missing, others));
        std::nth_element(
            begin, half, begin + static_cast<std::ptrdiff_t>(voters_.size()), std::greater<>());
        return *half;
    }

  private:
    std::vector<NodeId> voters_;
    [[no_unique_address]] zoo::Bugs bugs_;
};

}  // namespace squall::raft
