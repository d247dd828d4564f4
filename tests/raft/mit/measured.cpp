#include "tests/raft/mit/measured.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

namespace squall::raft::mit {

void Measures::at_most(std::string_view what, double value, double most) {
    auto place = std::ranges::find(all_, what, &Measure::what);
    if (place == all_.end()) {
        place = all_.insert(all_.end(), {std::string(what), value, most});
    }
    place->value = std::max(place->value, value);
    if (value > most) {
        throw Failed(fmt::format("{}: {:g}, at most {:g} allowed", what, value, most));
    }
}

void Measures::note(std::string_view what, double value) {
    at_most(what, value, std::numeric_limits<double>::infinity());
}

}  // namespace squall::raft::mit
