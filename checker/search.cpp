#include "checker/search.hpp"

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "checker/configuration_set.hpp"
#include "checker/search_input.hpp"

namespace squall::checker {

namespace {

using Word = ConfigurationSet::Word;

/// A configuration is a row of words: a bit for each open operation that is linearized, the state,
/// and how many crashed operations of each lane's kind were used.
///
/// Each pruning keeps at least one way to every outcome that could still be reached:
///  - A read that fits is linearized at once: having it done never hurts.
///  - Of equal open operations the one that completes first goes first, and any of them before a
///    crashed one: exchanging them changes nothing else.
/// and, where operations only test and replace the whole state:
///  - All states that nobody will observe any more are one.
///  - An open write of such a state is done at once in such a state, and otherwise directly before
///    another write, which overwrites it.
///  - A value written once must not be left before all its observers have seen it.
///  - A crashed operation is used only directly before one that observes its value.
class Search {
  public:
    Search(SearchInput& input, const Budget& budget)
        : input_(input),
          budget_(budget),
          mask_words_((input.slots + 31) / 32),
          row_words_(mask_words_ + 1 + input.lanes),
          layer_(mask_words_ + 1, row_words_),
          next_(mask_words_ + 1, row_words_),
          pending_(mask_words_ + 1, row_words_),
          from_(row_words_),
          to_(row_words_) {}

    SearchResult run() {
        to_.assign(row_words_, 0);
        to_[mask_words_] = settled(input_.initial, 1);
        layer_.insert(to_.data());
        for (const SearchEvent& event : input_.events) {
            const SearchOperation& operation = input_.operations[event.operation];
            if (event.completes) {
                complete(operation);
            } else if (operation.crashed) {
                crash(operation);
            } else {
                open(operation);
            }
            if (out_of_budget()) {
                return {Verdict::unknown, spent_};
            }
            if (layer_.empty()) {
                return {Verdict::invalid, spent_};
            }
        }
        return {Verdict::valid, spent_};
    }

  private:
    /// Crashed operations of one kind that may be used now.
    struct Crashed {
        std::uint32_t kind = 0;
        std::uint32_t lane = 0;
        Word available = 0;
    };

    // ---- events

    void open(const SearchOperation& operation) {
        const auto later = std::find_if(open_.begin(), open_.end(), [&](const auto* other) {
            return other->completed > operation.completed;
        });
        open_.insert(later, &operation);
        for (std::size_t i = 0; i < layer_.rows(); ++i) {
            if (layer_.alive(i)) {
                do_if_free(operation, layer_.row(i), operation.invoked);
            }
        }
        spent_.steps += layer_.rows();
    }

    void crash(const SearchOperation& operation) {
        const auto found =
            std::find_if(crashed_.begin(), crashed_.end(), [&](const Crashed& crashed) {
                return crashed.kind == operation.kind;
            });
        if (found != crashed_.end()) {
            ++found->available;
        } else {
            crashed_.push_back({operation.kind, operation.slot, 1});
        }
    }

    void complete(const SearchOperation& operation) {
        completing_ = &operation;
        now_ = operation.completed;
        expiring_.clear();
        for (const Crashed& crashed : crashed_) {
            if (useless_after(input_.kinds[crashed.kind].writes, now_ + 1)) {
                expiring_.push_back(crashed.lane);
            }
        }
        next_.clear();
        pending_.clear();
        for (std::size_t i = 0; i < layer_.rows(); ++i) {
            if (layer_.alive(i)) {
                std::copy_n(layer_.row(i), row_words_, to_.begin());
                keep();
            }
        }
        // `pending_` grows while it is worked through.
        for (std::size_t i = 0; i < pending_.rows() && !out_of_budget(); ++i) {
            if (pending_.alive(i)) {
                std::copy_n(pending_.row(i), row_words_, from_.begin());
                expand();
            }
        }
        std::swap(layer_, next_);
        std::erase(open_, &operation);
        std::erase_if(crashed_, [&](const Crashed& crashed) {
            return useless_after(input_.kinds[crashed.kind].writes, now_ + 1);
        });
    }

    // ---- one configuration

    /// Files `to_`: done with the completing operation, or still to be expanded.
    void keep() {
        if (!done(*completing_, to_.data())) {
            pending_.insert(to_.data());
            return;
        }
        to_[completing_->slot / 32] &= ~bit(*completing_);
        to_[mask_words_] = settled(to_[mask_words_], now_ + 1);
        for (const std::uint32_t lane : expiring_) {
            to_[mask_words_ + 1 + lane] = 0;
        }
        next_.insert(to_.data());
    }

    /// All ways to go on from `from_`.
    void expand() {
        const StateId state = from_[mask_words_];
        const SearchOperation* only = nullptr;
        if (must_be_seen(state) && !may_leave(state, only)) {
            return;
        }
        for (std::size_t i = 0; i < open_.size(); ++i) {
            const SearchOperation& operation = *open_[i];
            if (!done(operation, from_.data()) && (only == nullptr || only == &operation) &&
                !equal_before(operation.kind, i)) {
                go(operation.kind, &operation, nullptr);
            }
        }
        for (const Crashed& crashed : crashed_) {
            if (only == nullptr && from_[mask_words_ + 1 + crashed.lane] < crashed.available &&
                !equal_before(crashed.kind, open_.size()) && wanted(crashed.kind)) {
                go(crashed.kind, nullptr, &crashed);
            }
        }
    }

    /// Linearizes an operation of the kind: an open one or a crashed one.
    void go(std::uint32_t kind, const SearchOperation* operation, const Crashed* crashed) {
        ++spent_.steps;
        const StateId before = from_[mask_words_];
        const StateId after = transition(kind, before);
        if (after == no_state || (crashed != nullptr && after == before)) {
            return;
        }
        to_ = from_;
        if (operation != nullptr) {
            to_[operation->slot / 32] |= bit(*operation);
        } else {
            ++to_[mask_words_ + 1 + crashed->lane];
        }
        to_[mask_words_] = settled(after, now_);
        const bool overwrites = input_.effects && input_.kinds[kind].observes == no_state;
        for (const SearchOperation* other : open_) {
            if (done(*other, to_.data())) {
                continue;
            }
            if (overwrites && is_useless_write(*other, now_)) {
                to_[other->slot / 32] |= bit(*other);
            } else {
                do_if_free(*other, to_.data(), now_);
            }
        }
        keep();
    }

    /// Linearizes an operation at once if that can never hurt.
    void do_if_free(const SearchOperation& operation, Word* row, std::uint64_t now) {
        const StateId state = row[mask_words_];
        const bool free = input_.kinds[operation.kind].read
                              ? transition(operation.kind, state) == state
                              : state == unobservable && is_useless_write(operation, now);
        if (free) {
            row[operation.slot / 32] |= bit(operation);
        }
    }

    // ---- what may be pruned

    /// Is nobody left at `time` who will observe the value?
    [[nodiscard]] bool useless_after(StateId value, std::uint64_t time) const {
        return input_.effects && input_.facts[value].useful_until < time;
    }

    [[nodiscard]] StateId settled(StateId state, std::uint64_t now) const {
        return useless_after(state, now) ? unobservable : state;
    }

    [[nodiscard]] bool is_useless_write(const SearchOperation& operation, std::uint64_t now) const {
        const Kind& kind = input_.kinds[operation.kind];
        return input_.effects && kind.observes == no_state && !kind.read &&
               useless_after(kind.writes, now);
    }

    /// Is there an equal operation, not linearized, among the first `count` open ones?
    [[nodiscard]] bool equal_before(std::uint32_t kind, std::size_t count) const {
        return std::any_of(open_.begin(),
                           open_.begin() + static_cast<std::ptrdiff_t>(count),
                           [&](const SearchOperation* other) {
                               return other->kind == kind && !done(*other, from_.data());
                           });
    }

    [[nodiscard]] bool must_be_seen(StateId state) const {
        return input_.effects && state != unobservable && input_.facts[state].writers == 1;
    }

    /// A value that was written once is lost when it is overwritten. So all its observers must be
    /// linearized by then, at the latest by overwriting it themselves: then `only` that one may.
    bool may_leave(StateId state, const SearchOperation*& only) const {
        if (input_.facts[state].last_observer_invoked > now_) {
            return false;
        }
        for (const SearchOperation* operation : open_) {
            if (input_.kinds[operation->kind].observes == state &&
                !done(*operation, from_.data())) {
                if (only != nullptr) {
                    return false;
                }
                only = operation;
            }
        }
        return true;
    }

    /// Does something that could go next observe what the kind writes? Otherwise using a crashed
    /// operation now is the same as not using it.
    [[nodiscard]] bool wanted(std::uint32_t kind) const {
        if (!input_.effects) {
            return true;
        }
        const StateId value = input_.kinds[kind].writes;
        const auto observes = [&](std::uint32_t other) {
            return input_.kinds[other].observes == value;
        };
        return std::any_of(open_.begin(),
                           open_.end(),
                           [&](const SearchOperation* operation) {
                               return observes(operation->kind) && !done(*operation, from_.data());
                           }) ||
               std::any_of(crashed_.begin(), crashed_.end(), [&](const Crashed& crashed) {
                   return observes(crashed.kind) &&
                          from_[mask_words_ + 1 + crashed.lane] < crashed.available;
               });
    }

    // ---- basics

    [[nodiscard]] static Word bit(const SearchOperation& operation) {
        return Word{1} << (operation.slot % 32);
    }

    [[nodiscard]] static bool done(const SearchOperation& operation, const Word* row) {
        return (row[operation.slot / 32] & bit(operation)) != 0;
    }

    /// The state after an operation of the kind, or `no_state` if it does not apply.
    StateId transition(std::uint32_t kind_id, StateId state) {
        const Kind& kind = input_.kinds[kind_id];
        if (input_.effects) {
            if (kind.impossible || (kind.observes != no_state && kind.observes != state)) {
                return no_state;
            }
            return kind.writes == no_state ? state : kind.writes;
        }
        const auto [found, inserted] =
            transitions_.try_emplace((std::uint64_t{kind_id} << 32U) | state, no_state);
        if (inserted) {
            if (const auto after = input_.model.apply(input_.states.at(state), *kind.example)) {
                found->second = input_.states.intern(*after);
            }
        }
        return found->second;
    }

    bool out_of_budget() {
        const std::uint64_t bytes = layer_.bytes() + next_.bytes() + pending_.bytes();
        spent_.bytes = std::max(spent_.bytes, bytes);
        return spent_.steps > budget_.steps || bytes > budget_.bytes;
    }

    SearchInput& input_;
    const Budget& budget_;
    std::size_t mask_words_;
    std::size_t row_words_;
    ConfigurationSet layer_;    ///< What the history so far allows.
    ConfigurationSet next_;     ///< The next layer while it is made.
    ConfigurationSet pending_;  ///< Not yet past the completing operation.
    std::vector<Word> from_;
    std::vector<Word> to_;
    std::vector<const SearchOperation*> open_;  ///< By completion, soonest first.
    std::vector<Crashed> crashed_;
    std::vector<std::uint32_t> expiring_;  ///< Lanes that stop to matter with this completion.
    const SearchOperation* completing_ = nullptr;
    std::uint64_t now_ = 0;
    std::unordered_map<std::uint64_t, StateId> transitions_;
    Spent spent_;
};

}  // namespace

SearchResult search(std::span<const history::Operation* const> operations,
                    const Model& model,
                    const Budget& budget,
                    std::uint64_t cut) {
    SearchInput input(operations, model, cut);
    return Search(input, budget).run();
}

}  // namespace squall::checker
