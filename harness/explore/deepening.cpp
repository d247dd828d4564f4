#include "harness/explore/deepening.hpp"

#include <algorithm>

namespace squall::harness::explore {

Deepening::Deepening(const Options& options, const Limits& limits)
    : options_(options), limits_(limits) {
    begin(std::min(events_of(options_), std::uint32_t{1}));
}

void Deepening::begin(std::uint32_t events) {
    events_ = events;
    Options round = options_;
    round.events = events;
    search_.reset();
    model_ = std::make_unique<Model>(round);
    search_ = std::make_unique<Search>(*model_, limits_, start_of(*model_));
}

Stop Deepening::advance(std::uint64_t states) {
    const Stop stop = search_->advance(states);
    if (stop != Stop::exhausted && stop != Stop::depth) {
        return stop;
    }
    const Progress progress = search_->progress();
    if (rounds_.empty() || rounds_.back().events != events_) {
        rounds_.push_back({events_, progress.states, progress.depth, stop == Stop::exhausted});
    }
    if (events_ >= events_of(options_)) {
        return stop;
    }
    begin(events_ + 1);
    return Stop::none;
}

std::optional<Path> Deepening::path() {
    if (stopped() != Stop::violation) {
        return std::nullopt;
    }
    return path_of(*model_, *search_);
}

}  // namespace squall::harness::explore
