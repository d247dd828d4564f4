#include "checker/depth_first.hpp"

#include <algorithm>

namespace squall::checker {

DepthFirstSearch::DepthFirstSearch(SearchInput& input)
    : input_(input),
      frontier_(input),
      moves_(input, frontier_),
      failures_(moves_.key_words(), moves_.row_words()),
      to_(moves_.row_words()) {
    roots_.resize(moves_.row_words());
    moves_.begin(roots_.data());
}

void DepthFirstSearch::restart(std::size_t position, std::span<const Word> rows) {
    choices_.clear();
    rows_.clear();
    ways_.clear();
    ends_.clear();
    roots_.assign(rows.begin(), rows.end());
    root_position_ = position;
}

std::optional<Verdict> DepthFirstSearch::run(std::uint64_t steps, std::size_t bytes_max) {
    const std::uint64_t end = steps_ + steps;
    const std::size_t input_bytes = input_.bytes();
    while (!choices_.empty() || !roots_.empty()) {
        const std::size_t others = bytes() - failures_.bytes() + input_.bytes() - input_bytes;
        out_of_room_ = failures_.bytes() + 2 * others > bytes_max;
        if (steps_ > end || out_of_room_) {
            return std::nullopt;
        }
        failures_.limit(bytes_max - std::min(bytes_max, 2 * others));
        if (!take_next_way()) {
            continue;
        }
        const Arrival arrival = advance();
        deepest_ = std::max(deepest_, frontier_.position());
        if (arrival == Arrival::end) {
            return Verdict::valid;
        }
        if (arrival == Arrival::choice) {
            choose();
        }
    }
    return Verdict::invalid;
}

/// Puts the next configuration to be looked at into `to_`. False if the way leads nowhere.
bool DepthFirstSearch::take_next_way() {
    const std::size_t size = moves_.row_words();
    ++steps_;
    const std::size_t position = choices_.empty() ? root_position_ : choices_.back().position;
    for (; frontier_.position() > position; ++steps_) {
        frontier_.backward();
    }
    for (; frontier_.position() < position; ++steps_) {
        frontier_.forward();
    }
    if (choices_.empty()) {
        std::copy(roots_.end() - static_cast<std::ptrdiff_t>(size), roots_.end(), to_.begin());
        roots_.resize(roots_.size() - size);
        return true;
    }
    Choice& choice = choices_.back();
    if (choice.next == ends_.back()) {
        leave();
        return false;
    }
    const Move& move = ways_[choice.next++];
    const Word* from = rows_.data() + rows_.size() - size;
    if (move.type != Move::Type::pass) {
        return moves_.make(from, move, to_.data());
    }
    // The choice's row owes the completing operation: as if it did not.
    std::copy_n(from, size, to_.begin());
    moves_.uncommit(to_.data());
    moves_.pass(to_.data());
    frontier_.forward();
    return true;
}

/// Follows `to_` through the events up to the next choice.
DepthFirstSearch::Arrival DepthFirstSearch::advance() {
    while (!frontier_.at_end()) {
        moves_.arrive(to_.data());
        if (!moves_.may_pass(to_.data()) || moves_.may_commit(to_.data())) {
            const auto position = static_cast<Word>(frontier_.position());
            return failures_.test_and_add(position, to_.data()) ? Arrival::failed : Arrival::choice;
        }
        moves_.pass(to_.data());
        frontier_.forward();
        ++steps_;
    }
    return Arrival::end;
}

void DepthFirstSearch::choose() {
    choices_.push_back({static_cast<std::uint32_t>(frontier_.position()),
                        static_cast<std::uint32_t>(ways_.size())});
    if (moves_.may_pass(to_.data())) {
        ways_.push_back({Move::Type::pass, 0, 0});
        moves_.commit(to_.data());
    }
    moves_.find(to_.data(), ways_);
    ends_.push_back(static_cast<std::uint32_t>(ways_.size()));
    rows_.insert(rows_.end(), to_.begin(), to_.end());
}

/// Takes the last choice back: all its ways have failed.
void DepthFirstSearch::leave() {
    choices_.pop_back();
    ends_.pop_back();
    ways_.resize(ends_.empty() ? 0 : ends_.back());
    rows_.resize(rows_.size() - moves_.row_words());
}

std::size_t DepthFirstSearch::bytes() const {
    return failures_.bytes() + frontier_.bytes() + choices_.capacity() * sizeof(Choice) +
           (rows_.capacity() + roots_.capacity()) * sizeof(Word) + ways_.capacity() * sizeof(Move) +
           ends_.capacity() * sizeof(std::uint32_t);
}

}  // namespace squall::checker
