#include "checker/claimed_order.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

#include "checker/explain.hpp"

namespace squall::checker {

namespace {

using history::never;
using history::Operation;
using history::Outcome;

struct Claim {
    const Operation* operation = nullptr;
    bool reads = false;  ///< It stands after the entry of that place, beside others.

    [[nodiscard]] std::uint64_t index() const { return operation->position->index; }

    /// Equal only for reads of one place.
    [[nodiscard]] bool before(const Claim& other) const {
        return index() != other.index() ? index() < other.index() : !reads && other.reads;
    }
};

std::string place_of(const Operation& operation) {
    return fmt::format("term {}, index {}", operation.position->term, operation.position->index);
}

class ClaimedOrder {
  public:
    ClaimedOrder(std::span<const Operation> operations, const Model& model) : model_(model) {
        for (const Operation& operation : operations) {
            add(operation);
        }
        std::stable_sort(claims_.begin(), claims_.end(), [](const Claim& a, const Claim& b) {
            return a.before(b);
        });
    }

    [[nodiscard]] bool empty() const { return claims_.empty(); }

    Check run() {
        check_.name = "claimed-order";
        check_.detector = "claimed-order";
        check_.verdict = Verdict::valid;
        if (places_are_a_log() && respects_real_time()) {
            replay();
        }
        std::sort(check_.evidence.begin(), check_.evidence.end());
        return std::move(check_);
    }

  private:
    struct Object {
        std::optional<Model::State> state;
        /// From here on, something of unknown place may have taken effect.
        std::uint64_t known_until = never;
        const Operation* last = nullptr;
    };

    void add(const Operation& operation) {
        if (operation.outcome == Outcome::fail) {
            return;
        }
        const bool reads = model_.is_read(operation) && !conditional(operation);
        if (operation.outcome == Outcome::ok && operation.position) {
            claims_.push_back({&operation, reads});
        } else if (!model_.is_read(operation)) {
            std::uint64_t& until = objects_[operation.key].known_until;
            until = std::min(until, operation.invoked);
        }
    }

    /// It has an entry of its own, whether or not it applied.
    static bool conditional(const Operation& operation) { return operation.applied.has_value(); }

    bool invalid(const Operation& a, const Operation& b, std::string reason) {
        check_.verdict = Verdict::invalid;
        check_.reason = std::move(reason);
        for (const Operation* operation : {&a, &b}) {
            check_.details.push_back(line_of(*operation));
            check_.evidence.push_back(operation->invoked);
            check_.evidence.push_back(operation->completed);
        }
        return false;
    }

    bool places_are_a_log() {
        for (std::size_t i = 1; i < claims_.size(); ++i) {
            const Operation& a = *claims_[i - 1].operation;
            const Operation& b = *claims_[i].operation;
            const bool same = claims_[i - 1].index() == claims_[i].index();
            if (same && !claims_[i].reads) {
                return invalid(a,
                               b,
                               fmt::format("{} and {} claim one place: {} and {}",
                                           name_of(a),
                                           name_of(b),
                                           place_of(a),
                                           place_of(b)));
            }
            if (b.position->term < a.position->term ||
                (same && b.position->term != a.position->term)) {
                return invalid(a,
                               b,
                               fmt::format("{} claims {}, but {} claims {}: no log holds both",
                                           name_of(a),
                                           place_of(a),
                                           name_of(b),
                                           place_of(b)));
            }
        }
        return true;
    }

    bool respects_real_time() {
        const Operation* first_done = nullptr;  // Of those at higher places.
        for (std::size_t end = claims_.size(); end > 0;) {
            std::size_t begin = end;  // Those that share a place.
            while (begin > 0 && !claims_[begin - 1].before(claims_[end - 1])) {
                --begin;
            }
            for (std::size_t i = begin; i < end; ++i) {
                const Operation& operation = *claims_[i].operation;
                if (first_done != nullptr && first_done->completed < operation.invoked) {
                    return invalid(*first_done,
                                   operation,
                                   fmt::format("{} claims {}, before {} of {}, which had "
                                               "completed when it began",
                                               name_of(operation),
                                               place_of(operation),
                                               place_of(*first_done),
                                               name_of(*first_done)));
                }
            }
            for (std::size_t i = begin; i < end; ++i) {
                const Operation& operation = *claims_[i].operation;
                if (first_done == nullptr || operation.completed < first_done->completed) {
                    first_done = &operation;
                }
            }
            end = begin;
        }
        return true;
    }

    void replay() {
        std::size_t replayed = 0;
        for (const Claim& claim : claims_) {
            const Operation& operation = *claim.operation;
            Object& object = objects_[operation.key];
            if (operation.completed > object.known_until) {
                object.known_until = 0;  // What follows may rest on it, too.
                continue;
            }
            if (!object.state) {
                object.state = model_.initial();
            }
            const auto after = model_.apply(*object.state, operation);
            if (!after) {
                const Operation& last = object.last != nullptr ? *object.last : operation;
                invalid(last,
                        operation,
                        fmt::format("{} claims {}, where key {} is {}",
                                    name_of(operation),
                                    place_of(operation),
                                    operation.key,
                                    to_text(*object.state)));
                return;
            }
            object.state = *after;
            object.last = claim.reads ? object.last : &operation;
            ++replayed;
        }
        check_.details.push_back(fmt::format(
            "{} operations claim a place; {} of them were replayed", claims_.size(), replayed));
    }

    const Model& model_;
    std::vector<Claim> claims_;  ///< In the claimed order.
    std::unordered_map<std::string_view, Object> objects_;
    Check check_;
};

}  // namespace

std::optional<Check> claimed_order_check(std::span<const Operation> operations,
                                         const Model& model) {
    const bool fits =
        std::none_of(operations.begin(), operations.end(), [&](const Operation& operation) {
            return model.reject(operation).has_value();
        });
    if (!fits) {
        return std::nullopt;
    }
    ClaimedOrder order(operations, model);
    return order.empty() ? std::nullopt : std::optional(order.run());
}

}  // namespace squall::checker
