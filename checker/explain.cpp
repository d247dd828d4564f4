#include "checker/explain.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "checker/explain_collection.hpp"

namespace squall::checker {

namespace {

using history::never;
using history::Operation;
using history::Outcome;
using history::Value;

/// Recognises the ways in which a register goes wrong. All patterns speak of `value_`, which the
/// bad operation observed; each is tried in turn, the most telling first.
class Explainer {
  public:
    Explainer(std::span<const Operation* const> core,
              const Operation& bad,
              std::span<const Operation* const> all,
              const Model& model,
              const Value& initial)
        : core_(core), bad_(bad), all_(all), model_(model) {
        if (const auto effect = model.effect(bad); effect && effect->observes) {
            value_ = effect->observes;
            initial_ = *value_ == initial;
        }
    }

    Explanation run() {
        Explanation explanation;
        if (value_) {
            explanation = unwritten(*value_);
            if (explanation.sentence.empty()) {
                explanation.sentence = contradicted();
            }
        }
        if (explanation.sentence.empty()) {
            explanation.sentence = explain_collection(core_, bad_, all_, model_.traits().shape);
        }
        if (explanation.sentence.empty()) {
            explanation.sentence = fmt::format(
                "no order of {} operations explains that {}", core_.size(), observation(bad_));
        }
        if (!bad_.key.empty()) {
            explanation.sentence = fmt::format("key {}: {}", bad_.key, explanation.sentence);
        }
        return explanation;
    }

  private:
    // ---- what is said of one operation

    /// "read op #40 by c4 returned 7".
    [[nodiscard]] std::string observation(const Operation& operation) const {
        const auto effect = model_.effect(operation);
        const std::string value =
            to_text(effect && effect->observes ? *effect->observes : operation.result);
        if (writes(operation)) {
            return fmt::format("{} found and replaced {}", name_of(operation), value);
        }
        return fmt::format("{} {}returned {}",
                           name_of(operation),
                           operation.function == "read" ? "" : "did not apply and ",
                           value);
    }

    /// "write op #10 of 7 by c1".
    [[nodiscard]] static std::string mutation(const Operation& operation, const Value& written) {
        return fmt::format("{} op #{} of {} by c{}",
                           operation.function,
                           operation.invoked,
                           to_text(written),
                           operation.client);
    }

    [[nodiscard]] std::optional<Value> observed(const Operation& operation) const {
        const auto effect = model_.effect(operation);
        return effect ? effect->observes : std::nullopt;
    }

    [[nodiscard]] std::optional<Value> writes(const Operation& operation) const {
        const auto effect = model_.effect(operation);
        return effect ? effect->writes : std::nullopt;
    }

    /// What it writes if it takes effect, whether or not it did.
    [[nodiscard]] std::optional<Value> would_write(const Operation& operation) const {
        Operation open = operation;
        open.outcome = Outcome::info;
        open.applied.reset();
        return writes(open);
    }

    // ---- patterns

    /// Nobody can have written the value by then.
    [[nodiscard]] Explanation unwritten(const Value& value) const {
        if (!model_.apply(value, bad_)) {
            return {fmt::format("{}, which is what it expected", observation(bad_)), nullptr};
        }
        if (initial_) {
            return {};
        }
        const Operation* failed = nullptr;
        const Operation* later = nullptr;
        for (const Operation* writer : all_) {
            if (writer->invoked == bad_.invoked || would_write(*writer) != value) {
                continue;
            }
            if (writer->outcome == Outcome::fail || !writes(*writer)) {
                failed = failed == nullptr ? writer : failed;
            } else if (writer->invoked > bad_.completed) {
                later = later == nullptr ? writer : later;
            } else {
                return {};
            }
        }
        if (failed != nullptr) {
            return {fmt::format("{}, the value of {}, but that one {}: it must never take effect",
                                observation(bad_),
                                name_of(*failed),
                                failed->outcome == Outcome::fail ? "had failed" : "did not apply"),
                    failed->outcome == Outcome::fail ? failed : nullptr};
        }
        if (later != nullptr) {
            return {fmt::format("{}, the value of {}, which began only later",
                                observation(bad_),
                                name_of(*later)),
                    nullptr};
        }
        return {fmt::format("{}, which no operation wrote", observation(bad_)), nullptr};
    }

    /// The value had a single origin and something shows that it was gone.
    [[nodiscard]] std::string contradicted() const {
        const Operation* origin = nullptr;
        for (const Operation* operation : core_) {
            if (operation != &bad_ && writes(*operation) == value_) {
                if (origin != nullptr || initial_) {
                    return {};
                }
                origin = operation;
            }
        }
        const std::string claim =
            fmt::format("{}, {}",
                        observation(bad_),
                        origin == nullptr ? "the initial value"
                                          : fmt::format("the value of {}", name_of(*origin)));
        for (const auto pattern :
             {&Explainer::replaced_twice, &Explainer::overwritten, &Explainer::newer_was_read}) {
            if (std::string objection = (this->*pattern)(origin); !objection.empty()) {
                return fmt::format("{}, but {}", claim, objection);
            }
        }
        return {};
    }

    [[nodiscard]] std::string replaced_twice(const Operation* /*origin*/) const {
        for (const Operation* other : core_) {
            if (other != &bad_ && other->outcome == Outcome::ok && writes(*other) &&
                observed(*other) == value_ && writes(bad_)) {
                return fmt::format("{} replaced the same value, which was written only once",
                                   name_of(*other));
            }
        }
        return {};
    }

    [[nodiscard]] std::string overwritten(const Operation* origin) const {
        for (const Operation* other : core_) {
            const auto written = writes(*other);
            if (!written || written == value_ || !precedes(*other, bad_)) {
                continue;
            }
            std::string over = fmt::format(
                "{} had completed before the {} began", mutation(*other, *written), bad_.function);
            if (origin == nullptr || observed(*other) == value_) {
                return over;
            }
            if (precedes(*origin, *other)) {
                return fmt::format(
                    "{} (and began after that {} had completed)", over, origin->function);
            }
            if (const Operation* seen = observer_before(*other)) {
                return fmt::format("{} (and began after {})", over, observation(*seen));
            }
        }
        return {};
    }

    [[nodiscard]] std::string newer_was_read(const Operation* origin) const {
        for (const Operation* other : core_) {
            const auto newer = observed(*other);
            if (!newer || newer == value_ || other->outcome != Outcome::ok ||
                !precedes(*other, bad_)) {
                continue;
            }
            std::string seen =
                fmt::format("{} before the {} began", observation(*other), bad_.function);
            if (origin == nullptr) {
                return seen;
            }
            if (precedes(*origin, *other)) {
                return fmt::format("{} (and after that {} had completed)", seen, origin->function);
            }
            if (const Operation* first = observer_before(*other)) {
                return fmt::format("{}, and {} before that", seen, observation(*first));
            }
            const Operation* writer = writer_of(*newer);
            if (writer != nullptr && precedes(*origin, *writer)) {
                return fmt::format("{}, the newer value of {}", seen, name_of(*writer));
            }
        }
        return {};
    }

    /// An operation that observed the value and completed before the other began.
    [[nodiscard]] const Operation* observer_before(const Operation& other) const {
        const auto found =
            std::find_if(core_.begin(), core_.end(), [&](const Operation* candidate) {
                return candidate != &bad_ && candidate->outcome == Outcome::ok &&
                       observed(*candidate) == value_ && precedes(*candidate, other);
            });
        return found == core_.end() ? nullptr : *found;
    }

    [[nodiscard]] const Operation* writer_of(const Value& value) const {
        const auto found =
            std::find_if(core_.begin(), core_.end(), [&](const Operation* candidate) {
                return writes(*candidate) == value;
            });
        return found == core_.end() ? nullptr : *found;
    }

    std::span<const Operation* const> core_;
    const Operation& bad_;
    std::span<const Operation* const> all_;
    const Model& model_;
    std::optional<Value> value_;
    bool initial_ = false;
};

}  // namespace

Explanation explain(std::span<const Operation* const> core,
                    const Operation& bad,
                    std::span<const Operation* const> all,
                    const Model& model,
                    const Value& initial) {
    return Explainer(core, bad, all, model, initial).run();
}

std::string name_of(const Operation& operation) {
    return fmt::format("{} op #{} by c{}", operation.function, operation.invoked, operation.client);
}

std::string line_of(const Operation& operation) {
    std::string line = fmt::format("op #{}", operation.invoked);
    line += operation.completed == never ? ".. " : fmt::format("..#{} ", operation.completed);
    line += fmt::format("c{} on n{}: {}", operation.client, operation.node, operation.function);
    if (!operation.argument.is_null()) {
        line += fmt::format(" {}", to_text(operation.argument));
    }
    if (operation.outcome != Outcome::ok) {
        return line + (operation.outcome == Outcome::fail ? " failed" : " (outcome unknown)");
    }
    if (operation.applied) {
        line += *operation.applied ? " applied" : " did not apply";
    }
    if (operation.function == "read" || !operation.result.is_null() ||
        !operation.applied.value_or(true)) {
        line += fmt::format(" -> {}", to_text(operation.result));
    }
    if (operation.position) {
        line += fmt::format(
            " (term {}, index {})", operation.position->term, operation.position->index);
    }
    return line;
}

}  // namespace squall::checker
