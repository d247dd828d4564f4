#include "checker/zone_floating.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>

namespace squall::checker {

namespace {

using history::EventIndex;

/// Where an operation can go in: `2 * n` is behind the first n operations of the order, `2 * n + 1`
/// there too, but behind a spare mutation that goes in before it.
using Seat = std::uint32_t;

constexpr std::uint32_t not_used = std::numeric_limits<std::uint32_t>::max();

/// An operation of the order, or one that has found its seat: others follow from `seat` on.
struct Completion {
    EventIndex at = 0;
    Seat seat = 0;

    friend auto operator<=>(const Completion&, const Completion&) = default;
};

struct Seated {
    Seat seat = 0;
    Floating floating;
};

/// So many of those who found a seat last may move again.
constexpr std::size_t looked_at = 1000;

class Seating {
  public:
    Seating(const ZoneInput& input,
            const std::vector<std::uint32_t>& spare,
            const std::vector<std::uint32_t>& order)
        : input_(input), spare_(spare), order_(order), used_(order.size() + 1, not_used) {
        for (std::uint32_t i = 0; i < order.size(); ++i) {
            const auto& operation = input.at(order[i]);
            latest_invoked_.push_back(std::max(latest_invoked_.back(), operation.invoked));
            if (input.is_ok(operation)) {
                completions_.push_back({operation.completed, 2 * (i + 1)});
            }
        }
        std::ranges::sort(completions_);
        for (const Completion& completion : completions_) {
            bases_.push_back(std::max(bases_.empty() ? 0 : bases_.back(), completion.seat));
        }
    }

    /// Whether there is a seat; they come in order of invocation.
    bool seat(const Floating& floating) {
        const auto& operation = input_.at(floating.place);
        const Seat least = first_seat(operation.invoked);
        std::optional<Seat> found = find(floating.not_in, least);
        if (!found || too_late(*found, operation)) {
            found = make_room(floating, least);
        }
        if (!found) {
            return false;
        }
        seats_.push_back({*found, floating});
        seated_.push_back({operation.completed, *found});
        std::ranges::push_heap(seated_, std::greater<>());
        return true;
    }

    /// The order with all who have a seat.
    std::vector<std::uint32_t> merged() {
        std::ranges::stable_sort(seats_, {}, &Seated::seat);
        std::vector<std::uint32_t> result;
        result.reserve(order_.size() + seats_.size());
        auto next = seats_.begin();
        for (std::uint32_t i = 0; i <= order_.size(); ++i) {
            for (; next != seats_.end() && next->seat == 2 * i; ++next) {
                result.push_back(next->floating.place);
            }
            if (used_[i] != not_used) {
                result.push_back(used_[i]);
            }
            for (; next != seats_.end() && next->seat == 2 * i + 1; ++next) {
                result.push_back(next->floating.place);
            }
            if (i < order_.size()) {
                result.push_back(order_[i]);
            }
        }
        return result;
    }

  private:
    /// Behind all that completed before.
    Seat first_seat(EventIndex invoked) {
        for (; next_ < completions_.size() && completions_[next_].at < invoked; ++next_) {
            least_ = std::max(least_, completions_[next_].seat);
        }
        while (!seated_.empty() && seated_.front().at < invoked) {
            least_ = std::max(least_, seated_.front().seat);
            std::ranges::pop_heap(seated_, std::greater<>());
            seated_.pop_back();
        }
        return least_;
    }

    /// The first seat from `least` on that is not in the era.
    [[nodiscard]] std::optional<Seat> find(EraId not_in, Seat least) const {
        for (Seat seat = least; seat <= 2 * order_.size() + 1; ++seat) {
            const std::uint32_t room = seat / 2;
            const bool there = seat % 2 == 0 || used_[room] != not_used;
            if (there && (not_in == no_era || era_at(seat) != not_in)) {
                return seat;
            }
        }
        return std::nullopt;
    }

    /// It would have to sit in the era from end to end. Lets a mutation that nobody saw take effect
    /// directly before or behind that era, and those that sit in it without need move there, too.
    std::optional<Seat> make_room(const Floating& floating, Seat least) {
        const auto& operation = input_.at(floating.place);
        std::uint32_t begin = least / 2;
        while (begin > 0 && era_behind(begin) == floating.not_in) {
            --begin;
        }
        std::uint32_t end = least / 2;
        while (end < order_.size() && input_.era_of[order_[end]] == floating.not_in) {
            ++end;
        }
        for (const std::uint32_t room : {begin, end}) {
            const Seat seat = 2 * room + 1;
            // The initial era has no begin.
            if (era_behind(room) == floating.not_in && room != end) {
                continue;
            }
            if (base(operation.invoked) <= seat && !too_late(seat, operation) &&
                may_move(seat, operation.invoked) && has_spare(room, operation.invoked)) {
                if (used_[room] == not_used) {
                    used_[room] = spare_[next_spare_++];
                }
                move(seat, operation.invoked);
                least_ = std::max(base(operation.invoked), seat);
                return seat;
            }
        }
        return std::nullopt;
    }

    /// Behind all operations of the order that completed before.
    [[nodiscard]] Seat base(EventIndex invoked) const {
        const auto behind = std::ranges::lower_bound(completions_, invoked, {}, &Completion::at);
        return behind == completions_.begin()
                   ? 0
                   : bases_[static_cast<std::size_t>(behind - completions_.begin()) - 1];
    }

    [[nodiscard]] bool in_the_way(const Seated& seated, Seat seat, EventIndex invoked) const {
        return seated.seat > seat && input_.at(seated.floating.place).completed < invoked;
    }

    /// Those seated long ago are not moved: the order is replayed before it is believed.
    template <typename Seats>
    [[nodiscard]] static auto latest(Seats& seats) {
        return std::span(seats).last(std::min(seats.size(), looked_at));
    }

    /// Whether all who sit further behind, and completed before `invoked`, could sit there as well.
    [[nodiscard]] bool may_move(Seat seat, EventIndex invoked) const {
        return std::ranges::all_of(latest(seats_), [&](const Seated& seated) {
            const auto& operation = input_.at(seated.floating.place);
            return !in_the_way(seated, seat, invoked) ||
                   (base(operation.invoked) <= seat && !too_late(seat, operation));
        });
    }

    void move(Seat seat, EventIndex invoked) {
        std::ranges::for_each(latest(seats_), [&](Seated& seated) {
            if (in_the_way(seated, seat, invoked)) {
                seated.seat = seat;
            }
        });
    }

    [[nodiscard]] bool has_spare(std::uint32_t room, EventIndex invoked) const {
        return used_[room] != not_used ||
               (next_spare_ < spare_.size() && input_.at(spare_[next_spare_]).invoked < invoked &&
                base(input_.at(spare_[next_spare_]).invoked) <= 2 * room);
    }

    [[nodiscard]] bool too_late(Seat seat, const history::CompactOperation& operation) const {
        return latest_invoked_[seat / 2] > operation.completed;
    }

    [[nodiscard]] EraId era_at(Seat seat) const {
        return seat % 2 == 0 ? era_behind(seat / 2) : input_.era_of[used_[seat / 2]];
    }

    [[nodiscard]] EraId era_behind(std::uint32_t room) const {
        return room == 0 ? initial_era : input_.era_of[order_[room - 1]];
    }

    const ZoneInput& input_;
    const std::vector<std::uint32_t>& spare_;
    const std::vector<std::uint32_t>& order_;
    std::vector<std::uint32_t> used_;  ///< By room: the spare mutation that goes in there.
    std::size_t next_spare_ = 0;
    std::vector<Completion> completions_;
    std::vector<EventIndex> latest_invoked_{0};  ///< By length of a beginning of the order.
    std::vector<Seat> bases_;         ///< By completion: the last seat of all until then.
    std::vector<Seated> seats_;       ///< In order of invocation.
    std::vector<Completion> seated_;  ///< A heap, the earliest first.
    std::size_t next_ = 0;
    Seat least_ = 0;
};

}  // namespace

bool let_float(const ZoneInput& input,
               const std::vector<std::uint32_t>& spare,
               std::vector<std::uint32_t>& order) {
    Seating seating(input, spare, order);
    const bool all = std::ranges::all_of(
        input.floating, [&](const Floating& floating) { return seating.seat(floating); });
    order = seating.merged();
    return all;
}

}  // namespace squall::checker
