#include "checker/set_engine.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <unordered_map>

#include "checker/growing.hpp"

namespace squall::checker {

namespace {

using history::CompactOperation;
using history::OperationId;
using history::ValueId;
using history::ValueTable;

/// Blocks are numbered in order: the reads of the g-th result have 2g, the adds that are new in it
/// 2g - 1. Result 0 is the initial set.
using Block = std::uint32_t;

/// Of an element that no read holds.
constexpr Block unobserved = std::numeric_limits<Block>::max();

/// All reads that returned the same.
struct Result {
    std::vector<ValueId> elements;
    std::vector<Standing> reads;
    Block block = 0;
};

struct Placed {
    Standing operation;
    Block block = 0;
};

class SetEngine {
  public:
    explicit SetEngine(const KeyProblem& problem)
        : problem_(problem), values_(problem.history.values) {}

    EngineResult run() {
        if (problem_.model.traits().shape != ObjectShape::set) {
            return not_applicable("the model is not a set");
        }
        if (!take_initial()) {
            return not_applicable("what the set begins with is not a sorted list");
        }
        if (take_operations() && order_results()) {
            judge_blocks();
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
        const auto* list = problem_.initial.as_list();
        if (list == nullptr ||
            std::adjacent_find(list->begin(), list->end(), std::greater_equal<>()) != list->end()) {
            return false;
        }
        known_ = list->size();
        for (const history::Value& value : *list) {
            if (const auto id = values_.find(value)) {
                block_of_[*id] = 0;
            }
        }
        return true;
    }

    /// False: it is settled.
    bool take_operations() {
        const auto adds = problem_.history.functions.find("add");
        for (const OperationId id : problem_.part.operations) {
            const auto standing = standing_at(problem_.history, id, problem_.cut);
            if (!standing) {
                continue;
            }
            const CompactOperation& operation = problem_.history.operations[id];
            ++result_.spent.steps;
            if (operation.function == adds) {
                if (!block_of_.try_emplace(operation.argument, unobserved).second) {
                    result_ = not_applicable("an element is added twice");
                    return false;
                }
                adds_.push_back(*standing);
            } else if (standing->certain() && operation.any_result) {
                anywhere_.push_back(*standing);
            } else if (standing->certain()) {
                reads_.push_back(*standing);
            }
        }
        return true;
    }

    /// The elements if the value is a set as a read returns it: a list in ascending order.
    [[nodiscard]] std::optional<std::vector<ValueId>> set_of(ValueId value) const {
        if (values_.kind(value) != ValueTable::Kind::list) {
            return std::nullopt;
        }
        std::vector<ValueId> elements = values_.elements(value);
        for (std::size_t i = 1; i < elements.size(); ++i) {
            if (!ascending(elements[i - 1], elements[i])) {
                return std::nullopt;
            }
        }
        return elements;
    }

    [[nodiscard]] bool ascending(ValueId a, ValueId b) const {
        const bool numbers = values_.kind(a) == ValueTable::Kind::number &&
                             values_.kind(b) == ValueTable::Kind::number;
        return numbers ? values_.number(a) < values_.number(b)
                       : values_.value(a) < values_.value(b);
    }

    // ---- which block an operation belongs to

    bool take_results() {
        std::unordered_map<ValueId, std::size_t> result_of;
        for (const Standing& read : reads_) {
            const ValueId value = problem_.history.operations[read.id].result;
            const ValueId list = value == history::null_value ? history::empty_list : value;
            const auto [found, is_new] = result_of.try_emplace(list, results_.size());
            if (is_new) {
                auto elements = set_of(list);
                if (!elements) {
                    return invalid({read.id});
                }
                result_.spent.steps += elements->size();
                results_.push_back({std::move(*elements), {}, 0});
            }
            results_[found->second].reads.push_back(read);
        }
        std::sort(results_.begin(), results_.end(), [](const Result& a, const Result& b) {
            return a.elements.size() < b.elements.size();
        });
        return true;
    }

    /// Each result must hold all of the one before.
    bool order_results() {
        if (!take_results()) {
            return false;
        }
        Block block = 0;
        const Result* before = nullptr;
        for (Result& result : results_) {
            block += result.elements.size() > known_ ? 2U : 0U;
            result.block = block;
            std::size_t old = 0;
            for (const ValueId element : result.elements) {
                const auto found = block_of_.find(element);
                if (found == block_of_.end()) {
                    return invalid({result.reads.front().id});
                }
                if (found->second == unobserved) {
                    found->second = block - 1;
                } else {
                    ++old;
                }
            }
            if (old != known_) {
                return invalid(before == nullptr ? std::vector{result.reads.front().id}
                                                 : std::vector{before->reads.front().id,
                                                               result.reads.front().id});
            }
            known_ = result.elements.size();
            before = &result;
        }
        return true;
    }

    // ---- whether real time allows the blocks

    void judge_blocks() {
        std::vector<Placed> placed;
        placed.reserve(adds_.size() + reads_.size());
        for (const Standing& add : adds_) {
            const ValueId element = problem_.history.operations[add.id].argument;
            const Block block = block_of_.find(element)->second;
            if (block != unobserved || add.certain()) {
                placed.push_back({add, block});
            }
        }
        for (const Result& result : results_) {
            for (const Standing& read : result.reads) {
                placed.push_back({read, result.block});
            }
        }
        std::sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) {
            return a.block != b.block ? a.block < b.block
                                      : a.operation.invoked < b.operation.invoked;
        });
        if (!respects_real_time(placed)) {
            return;
        }
        std::vector<Standing> order;
        order.reserve(placed.size());
        for (const Placed& each : placed) {
            order.push_back(each.operation);
        }
        result_.witness = with_free_ones(order, std::move(anywhere_));
        result_.verdict = Verdict::valid;
    }

    /// Inside a block the order is that of invocations, which never contradicts.
    bool respects_real_time(const std::vector<Placed>& placed) {
        const auto pair = against_real_time(placed);
        return !pair || invalid(conflict_of(placed[pair->first], placed[pair->second]));
    }

    /// The two and, where both are adds, a read that tells them apart.
    [[nodiscard]] std::vector<OperationId> conflict_of(const Placed& first,
                                                       const Placed& second) const {
        std::vector<OperationId> conflict{first.operation.id, second.operation.id};
        const auto between =
            std::find_if(results_.begin(), results_.end(), [&](const Result& result) {
                return result.block > first.block && result.block < second.block;
            });
        if (between != results_.end()) {
            conflict.push_back(between->reads.front().id);
        }
        return conflict;
    }

    const KeyProblem& problem_;
    const ValueTable& values_;
    EngineResult result_;
    std::unordered_map<ValueId, Block> block_of_;  ///< Of each element that is there or was added.
    std::size_t known_ = 0;                        ///< How many elements must be there.
    std::vector<Standing> adds_;
    std::vector<Standing> reads_;
    std::vector<Standing> anywhere_;  ///< Reads whose result was not recorded.
    std::vector<Result> results_;     ///< In the end by size.
};

}  // namespace

EngineResult judge_set(const KeyProblem& problem) {
    return SetEngine(problem).run();
}

}  // namespace squall::checker
