#include "checker/layered_search.hpp"

#include <algorithm>

namespace squall::checker {

namespace {

/// Layers in which every row is compared with every other one.
constexpr std::size_t thin_min = 2;
constexpr std::size_t thin_max = 256;

}  // namespace

LayeredSearch::LayeredSearch(SearchInput& input)
    : input_(input),
      frontier_(input),
      moves_(input, frontier_),
      layer_(moves_.key_words(), moves_.row_words()),
      next_(moves_.key_words(), moves_.row_words()),
      pending_(moves_.key_words(), moves_.row_words()),
      to_(moves_.row_words()),
      passed_(moves_.row_words()) {
    moves_.begin(to_.data());
    layer_.insert(to_.data());
}

std::optional<Verdict> LayeredSearch::run(std::uint64_t steps, std::size_t bytes) {
    const std::uint64_t end = steps_ + steps;
    input_bytes_ = input_.bytes();
    while (!layer_.empty() && !frontier_.at_end()) {
        if (frontier_.event().type != SearchEvent::Type::complete) {
            pass_event();
        } else {
            begin_completion();
            if (!work(end, bytes)) {
                return std::nullopt;
            }
            finish_completion();
        }
        if (steps_ > end && !layer_.empty() && !frontier_.at_end()) {
            return std::nullopt;
        }
    }
    return layer_.empty() ? Verdict::invalid : Verdict::valid;
}

void LayeredSearch::pass_event() {
    for (std::size_t i = 0; i < layer_.rows(); ++i) {
        if (layer_.alive(i)) {
            moves_.pass(layer_.row(i));
        }
    }
    steps_ += layer_.rows();
    frontier_.forward();
}

void LayeredSearch::begin_completion() {
    if (!completing_) {
        completing_ = true;
        layer_done_ = 0;
        pending_done_ = 0;
        next_.clear();
        pending_.clear();
    }
}

/// False if it had to stop before all was done.
bool LayeredSearch::work(std::uint64_t steps_end, std::size_t bytes_max) {
    for (; layer_done_ < layer_.rows(); ++layer_done_) {
        out_of_room_ = bytes() + input_.bytes() - input_bytes_ > bytes_max;
        if (steps_ > steps_end || out_of_room_) {
            return false;
        }
        ++steps_;
        if (layer_.alive(layer_done_)) {
            std::copy_n(layer_.row(layer_done_), moves_.row_words(), to_.begin());
            keep();
        }
    }
    // `pending_` grows while it is worked through.
    for (; pending_done_ < pending_.rows(); ++pending_done_) {
        out_of_room_ = bytes() + input_.bytes() - input_bytes_ > bytes_max;
        if (steps_ > steps_end || out_of_room_) {
            return false;
        }
        if (pending_.alive(pending_done_)) {
            expand(pending_.row(pending_done_));
        }
    }
    return true;
}

/// Files `to_`: past the completion, or still to be expanded, or both.
void LayeredSearch::keep() {
    moves_.arrive(to_.data());
    if (moves_.may_pass(to_.data())) {
        const bool commits = moves_.may_commit(to_.data());
        std::copy(to_.begin(), to_.end(), passed_.begin());
        moves_.pass(passed_.data());
        next_.insert(passed_.data());
        if (!commits) {
            return;
        }
        moves_.commit(to_.data());
    }
    pending_.insert(to_.data());
}

void LayeredSearch::expand(const Word* from) {
    ways_.clear();
    moves_.find(from, ways_);
    steps_ += 1 + ways_.size();
    for (const Move& move : ways_) {
        if (moves_.make(from, move, to_.data())) {
            keep();
        }
    }
}

void LayeredSearch::finish_completion() {
    completing_ = false;
    std::swap(layer_, next_);
    frontier_.forward();
    if (layer_.alive() >= thin_min && layer_.alive() <= thin_max) {
        thin();
    }
}

/// Leaves out rows that another one is at least as good as.
void LayeredSearch::thin() {
    alive_.clear();
    for (std::size_t i = 0; i < layer_.rows(); ++i) {
        if (layer_.alive(i)) {
            alive_.push_back(i);
        }
    }
    for (const std::size_t bad : alive_) {
        const bool superfluous = std::any_of(alive_.begin(), alive_.end(), [&](std::size_t good) {
            return good != bad && layer_.alive(good) &&
                   moves_.no_worse(layer_.row(good), layer_.row(bad));
        });
        if (superfluous) {
            layer_.kill(bad);
        }
    }
}

std::size_t LayeredSearch::bytes() const {
    return layer_.bytes() + next_.bytes() + pending_.bytes() + frontier_.bytes();
}

std::vector<Word> LayeredSearch::layer(std::size_t rows_max) {
    std::vector<Word> rows;
    if (layer_.alive() <= rows_max) {
        for (std::size_t i = 0; i < layer_.rows(); ++i) {
            if (layer_.alive(i)) {
                rows.insert(rows.end(), layer_.row(i), layer_.row(i) + moves_.row_words());
            }
        }
    }
    return rows;
}

}  // namespace squall::checker
