#include "checker/zone_floating.hpp"

#include <algorithm>
#include <utility>

namespace squall::checker {

namespace {

using history::EventIndex;

/// An operation of the order, or one that has found its room: behind `room` operations of it.
struct Completion {
    EventIndex at = 0;
    std::uint32_t room = 0;

    friend auto operator<=>(const Completion&, const Completion&) = default;
};

}  // namespace

bool let_float(const ZoneInput& input, std::vector<std::uint32_t>& order) {
    std::vector<Completion> completions;
    std::vector<EventIndex> latest_invoked{0};  // by length of a beginning of the order
    for (std::uint32_t i = 0; i < order.size(); ++i) {
        const auto& operation = input.at(order[i]);
        latest_invoked.push_back(std::max(latest_invoked.back(), operation.invoked));
        if (input.is_ok(operation)) {
            completions.push_back({operation.completed, i + 1});
        }
    }
    std::ranges::sort(completions);
    const auto era_behind = [&](std::uint32_t room) {
        return room == 0 ? initial_era : input.era_of[order[room - 1]];
    };
    std::vector<std::pair<std::uint32_t, std::uint32_t>> rooms;  // room, place
    std::vector<Completion> seated;  // a heap, the earliest first: floats that found their room
    std::size_t next = 0;
    std::uint32_t least = 0;  // behind all that completed before
    bool all = true;
    for (const Floating& floating : input.floating) {
        const auto& operation = input.at(floating.place);
        for (; next < completions.size() && completions[next].at < operation.invoked; ++next) {
            least = std::max(least, completions[next].room);
        }
        while (!seated.empty() && seated.front().at < operation.invoked) {
            least = std::max(least, seated.front().room);
            std::ranges::pop_heap(seated, std::greater<>());
            seated.pop_back();
        }
        std::uint32_t room = least;
        while (floating.not_in != no_era && room < order.size() &&
               era_behind(room) == floating.not_in) {
            ++room;
        }
        if ((room > 0 && latest_invoked[room] > operation.completed) ||
            (floating.not_in != no_era && era_behind(room) == floating.not_in)) {
            all = false;
            break;
        }
        rooms.emplace_back(room, floating.place);
        seated.push_back({operation.completed, room});
        std::ranges::push_heap(seated, std::greater<>());
    }
    std::ranges::sort(rooms);
    std::vector<std::uint32_t> merged;
    merged.reserve(order.size() + rooms.size());
    auto room = rooms.begin();
    for (std::uint32_t i = 0; i <= order.size(); ++i) {
        for (; room != rooms.end() && room->first == i; ++room) {
            merged.push_back(room->second);
        }
        if (i < order.size()) {
            merged.push_back(order[i]);
        }
    }
    order = std::move(merged);
    return all;
}

}  // namespace squall::checker
