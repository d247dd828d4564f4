#include "checker/counter_engine.hpp"

#include <algorithm>
#include <limits>
#include <queue>

#include "checker/growing.hpp"

namespace squall::checker {

namespace {

using history::CompactOperation;
using history::EventIndex;
using history::OperationId;
using history::ValueId;
using history::ValueTable;

/// Beyond this, sums might overflow.
constexpr std::int64_t initial_max = std::int64_t{1} << 61;

struct Read {
    Standing operation;
    std::uint64_t level = 0;  ///< How many increments it saw.
};

/// Reads that saw the same.
struct Level {
    std::uint64_t count = 0;
    std::size_t begin = 0;  ///< In `reads_`.
    std::size_t end = 0;
};

struct Add {
    Standing operation;
    std::size_t low = 0;   ///< The first gap that it may be in.
    std::size_t high = 0;  ///< The last one.
};

/// On top of a queue: the one that completed first. Those of unknown outcome come last.
struct Later {
    bool operator()(const Add& a, const Add& b) const {
        return a.operation.completed != b.operation.completed
                   ? a.operation.completed > b.operation.completed
                   : a.operation.invoked > b.operation.invoked;
    }
};

class CounterEngine {
  public:
    explicit CounterEngine(const KeyProblem& problem)
        : problem_(problem), values_(problem.history.values) {}

    EngineResult run() {
        if (problem_.model.traits().shape != ObjectShape::counter) {
            return not_applicable("the model is not a counter");
        }
        if (!take_initial()) {
            return not_applicable("what the counter begins with is no number to count from");
        }
        if (!take_operations()) {
            return not_applicable("increments differ");
        }
        if (count_reads() && order_levels() && find_gaps()) {
            fill_gaps();
        }
        return std::move(result_);
    }

  private:
    /// False, for `return`.
    bool invalid(std::vector<OperationId> conflict) {
        result_.verdict = Verdict::invalid;
        result_.conflict = std::move(conflict);
        return false;
    }

    // ---- what there is

    bool take_initial() {
        if (problem_.initial.is_null()) {
            return true;
        }
        const std::int64_t* number = problem_.initial.as_int();
        initial_ = number != nullptr ? *number : initial_;
        return number != nullptr && initial_ >= -initial_max && initial_ <= initial_max;
    }

    bool take_operations() {
        const auto adds = problem_.history.functions.find("add");
        for (const OperationId id : problem_.part.operations) {
            const auto standing = standing_at(problem_.history, id, problem_.cut);
            if (!standing) {
                continue;
            }
            const CompactOperation& operation = problem_.history.operations[id];
            ++result_.spent.steps;
            if (operation.function != adds) {
                if (standing->certain()) {
                    (operation.any_result ? anywhere_ : certain_reads_).push_back(*standing);
                }
                continue;
            }
            const std::int64_t increment = values_.number(operation.argument);
            if (increment == 0) {
                if (standing->certain()) {
                    anywhere_.push_back(*standing);
                }
                continue;
            }
            if (!adds_.empty() && increment != increment_) {
                return false;
            }
            increment_ = increment;
            adds_.push_back({*standing, 0, 0});
        }
        return true;
    }

    /// How many increments the value is away from the initial one.
    [[nodiscard]] std::optional<std::uint64_t> count_of(ValueId value) const {
        if (value != history::null_value && values_.kind(value) != ValueTable::Kind::number) {
            return std::nullopt;
        }
        const std::int64_t number = value == history::null_value ? 0 : values_.number(value);
        std::int64_t difference = 0;
        if (__builtin_sub_overflow(number, initial_, &difference) ||
            difference == std::numeric_limits<std::int64_t>::min() ||
            difference % increment_ != 0 || difference / increment_ < 0) {
            return std::nullopt;
        }
        return static_cast<std::uint64_t>(difference / increment_);
    }

    bool count_reads() {
        for (const Standing& read : certain_reads_) {
            const auto level = count_of(problem_.history.operations[read.id].result);
            if (!level) {
                return invalid({read.id});
            }
            reads_.push_back({read, *level});
        }
        std::sort(reads_.begin(), reads_.end(), [](const Read& a, const Read& b) {
            return a.level != b.level ? a.level < b.level
                                      : a.operation.invoked < b.operation.invoked;
        });
        for (std::size_t i = 0; i < reads_.size(); ++i) {
            if (levels_.empty() || levels_.back().count != reads_[i].level) {
                levels_.push_back({reads_[i].level, i, i});
            }
            levels_.back().end = i + 1;
        }
        return true;
    }

    // ---- what real time wants

    /// Among reads. Those of one level are in order of invocation, which never contradicts.
    bool order_levels() {
        const auto pair = against_real_time(reads_);
        return !pair ||
               invalid({reads_[pair->first].operation.id, reads_[pair->second].operation.id});
    }

    /// Among reads and adds. Gap g lies below level g.
    bool find_gaps() {
        const std::size_t gaps = levels_.size();
        std::vector<EventIndex> last_invoked(gaps);  // Of the levels up to this one.
        std::vector<EventIndex> first_completed(gaps,
                                                history::never_completed);  // From this one on.
        for (std::size_t g = 0; g < gaps; ++g) {
            last_invoked[g] = g > 0 ? last_invoked[g - 1] : 0;
            for (std::size_t i = levels_[g].begin; i < levels_[g].end; ++i) {
                last_invoked[g] = std::max(last_invoked[g], reads_[i].operation.invoked);
            }
        }
        for (std::size_t g = gaps; g-- > 0;) {
            first_completed[g] = g + 1 < gaps ? first_completed[g + 1] : history::never_completed;
            for (std::size_t i = levels_[g].begin; i < levels_[g].end; ++i) {
                first_completed[g] = std::min(first_completed[g], reads_[i].operation.completed);
            }
        }
        const auto place = [](const std::vector<EventIndex>& times, EventIndex time) {
            return static_cast<std::size_t>(std::lower_bound(times.begin(), times.end(), time) -
                                            times.begin());
        };
        for (Add& add : adds_) {
            add.low = place(first_completed, add.operation.invoked);
            add.high = place(last_invoked, add.operation.completed);
            if (add.low > add.high) {  // Between two reads that saw the same.
                return invalid({add.operation.id, reads_[levels_[add.high].begin].operation.id});
            }
        }
        std::stable_sort(
            adds_.begin(), adds_.end(), [](const Add& a, const Add& b) { return a.low < b.low; });
        return true;
    }

    // ---- which add goes where

    void fill_gaps() {
        std::priority_queue<Add, std::vector<Add>, Later> ready;
        std::vector<Standing> order;
        order.reserve(reads_.size() + adds_.size());
        std::size_t next = 0;
        std::uint64_t count = 0;
        for (std::size_t g = 0; g < levels_.size(); ++g) {
            for (; next < adds_.size() && adds_[next].low <= g; ++next) {
                ready.push(adds_[next]);
            }
            const Level& level = levels_[g];
            if (level.count - count > ready.size()) {
                invalid({reads_[level.begin].operation.id});
                return;
            }
            const auto gap_begin = static_cast<std::ptrdiff_t>(order.size());
            for (; count < level.count; ++count) {
                order.push_back(ready.top().operation);
                ready.pop();
            }
            by_invocation(order, gap_begin);
            if (!ready.empty() && ready.top().high <= g) {
                invalid({ready.top().operation.id, reads_[level.begin].operation.id});
                return;
            }
            for (std::size_t i = level.begin; i < level.end; ++i) {
                order.push_back(reads_[i].operation);
            }
        }
        for (; next < adds_.size(); ++next) {
            ready.push(adds_[next]);
        }
        const auto gap_begin = static_cast<std::ptrdiff_t>(order.size());
        for (; !ready.empty() && ready.top().operation.certain(); ready.pop()) {
            order.push_back(ready.top().operation);
        }
        by_invocation(order, gap_begin);
        result_.witness = with_free_ones(order, std::move(anywhere_));
        result_.verdict = Verdict::valid;
    }

    static void by_invocation(std::vector<Standing>& order, std::ptrdiff_t begin) {
        std::sort(order.begin() + begin, order.end(), [](const Standing& a, const Standing& b) {
            return a.invoked < b.invoked;
        });
    }

    const KeyProblem& problem_;
    const ValueTable& values_;
    EngineResult result_;
    std::int64_t initial_ = 0;
    std::int64_t increment_ = 1;
    std::vector<Standing> certain_reads_;
    std::vector<Standing> anywhere_;  ///< Increments of zero; reads whose result was not recorded.
    std::vector<Read> reads_;         ///< By level, then by invocation.
    std::vector<Level> levels_;
    std::vector<Add> adds_;  ///< In the end by `low`.
};

}  // namespace

EngineResult judge_counter(const KeyProblem& problem) {
    return CounterEngine(problem).run();
}

}  // namespace squall::checker
