#include "checker/dispatch.hpp"

#include <algorithm>
#include <atomic>
#include <thread>
#include <tuple>
#include <unordered_set>

#include <fmt/format.h>

#include "checker/counterexample.hpp"
#include "checker/explain.hpp"

namespace squall::checker {

namespace {

using history::CompactHistory;
using history::KeyPart;
using history::Operation;
using history::OperationId;

/// What a model with a known shape can object to, in a word.
std::uint64_t looks_of(const CompactHistory& history, const history::CompactOperation& operation) {
    const auto kind = [&](history::ValueId value) {
        return static_cast<std::uint64_t>(history.values.kind(value));
    };
    std::uint64_t looks = operation.function;
    looks = looks * 4 + static_cast<std::uint64_t>(operation.outcome);
    looks = looks * 4 + static_cast<std::uint64_t>(operation.applied);
    looks = looks * 4 + kind(operation.argument);
    looks = looks * 4 + kind(operation.second);
    looks = looks * 4 + kind(operation.result);
    return (looks * 2 + (operation.pair ? 1 : 0)) * 2 + (operation.any_result ? 1 : 0);
}

std::optional<std::string> rejected(const CompactHistory& history, const Model& model) {
    std::unordered_set<std::uint64_t> accepted;
    const bool by_looks = model.traits().shape != ObjectShape::other;
    for (OperationId id = 0; id < history.operations.size(); ++id) {
        if (by_looks && !accepted.insert(looks_of(history, history.operations[id])).second) {
            continue;
        }
        const Operation operation = history.expand(id);
        if (const auto problem = model.reject(operation)) {
            return fmt::format(
                "{} does not fit model {}: {}", name_of(operation), model.name(), *problem);
        }
    }
    return std::nullopt;
}

/// Of the many judgements that explain what a quick engine found, a search makes those of so many
/// operations. What the quick ones alone cannot decide stays part of the counterexample.
constexpr std::size_t searched_to_explain = 2000;

/// Searches that run at once share the bytes; how many do must not change what each may use.
constexpr unsigned threads_max = 4;

class Dispatcher {
  public:
    Dispatcher(const CompactHistory& history, const Model& model, const CheckOptions& options)
        : history_(history),
          model_(model),
          options_(options),
          initial_(history.initial.value_or(model.initial())),
          parts_(history.by_key()),
          steps_left_(options.budget.steps) {
        for (const KeyPart& part : parts_.parts()) {
            if (!part.operations.empty()) {
                keys_.push_back({part, {}, {}, false});
            }
        }
        // The cheapest may settle it.
        std::sort(keys_.begin(), keys_.end(), [&](const Key& a, const Key& b) {
            return std::forward_as_tuple(a.part.operations.size(), name(a)) <
                   std::forward_as_tuple(b.part.operations.size(), name(b));
        });
    }

    LinearizabilityResult run() {
        LinearizabilityResult result;
        result.operations = history_.operations.size();
        result.keys = keys_.size();
        if (auto problem = rejected(history_, model_)) {
            worsen(result, *problem);
            return result;
        }
        for (const EngineEntry& entry : engines()) {
            if (!asked(entry)) {
                continue;
            }
            const bool bad = entry.quick ? ask(undecided(), entry, options_.budget, true)
                                         : ask_with_shares(entry);
            if (bad) {
                break;
            }
        }
        finish(result);
        return result;
    }

  private:
    struct Key {
        KeyPart part;
        EngineResult result;
        KeyJudgement judgement;
        bool decided = false;
    };

    using Keys = std::vector<Key*>;

    [[nodiscard]] const std::string& name(const Key& key) const {
        return history_.keys.at(key.part.key);
    }

    [[nodiscard]] bool asked(const EngineEntry& entry) const {
        return options_.engine == EngineChoice::automatic || options_.engine == entry.engine;
    }

    Keys undecided() {
        Keys keys;
        for (Key& key : keys_) {
            if (!key.decided) {
                keys.push_back(&key);
            }
        }
        return keys;
    }

    [[nodiscard]] KeyProblem problem_of(const Key& key) const {
        return {history_, key.part, model_, initial_};
    }

    void judge(Key& key, const EngineEntry& entry, const Budget& share) const {
        key.result = entry.judge(problem_of(key), share);
        Spent& spent = key.judgement.spent;
        spent.steps += key.result.spent.steps;
        spent.bytes = std::max(spent.bytes, key.result.spent.bytes);
        key.judgement.reason = fmt::format("key {} with {} operations: {}",
                                           name(key),
                                           key.part.operations.size(),
                                           key.result.reason);
        if (!key.result.verdict) {
            return;
        }
        key.judgement.engine = entry.name;
        key.judgement.verdict = *key.result.verdict;
        key.decided = key.judgement.verdict != Verdict::unknown;
        if (key.decided) {
            key.judgement.reason.clear();
        }
    }

    /// True if one of them is invalid. Those after the first invalid one are left as if nobody had
    /// looked, since whether somebody did depends on the threads.
    bool ask(const Keys& keys, const EngineEntry& entry, const Budget& share, bool parallel) {
        std::atomic<std::size_t> next{0};
        std::atomic<std::size_t> first_bad{keys.size()};
        const auto work = [&] {
            for (std::size_t i = next++; i < first_bad; i = next++) {
                judge(*keys[i], entry, share);
                if (keys[i]->judgement.verdict != Verdict::invalid) {
                    continue;
                }
                std::size_t bad = first_bad;
                while (i < bad && !first_bad.compare_exchange_weak(bad, i)) {
                }
            }
        };
        const unsigned threads = parallel ? std::min(options_.threads, threads_max) : 1;
        {
            std::vector<std::jthread> helpers;
            for (unsigned helper = 1; helper < threads && helper < keys.size(); ++helper) {
                helpers.emplace_back(work);
            }
            work();
        }
        if (first_bad == keys.size()) {
            return false;
        }
        bad_ = keys[first_bad];
        for (std::size_t i = first_bad + 1; i < keys.size(); ++i) {
            keys[i]->decided = false;
            keys[i]->judgement = {};
        }
        return true;
    }

    void charge(const Keys& keys, std::vector<std::uint64_t>& before) {
        for (std::size_t i = 0; i < keys.size(); ++i) {
            const std::uint64_t spent = keys[i]->judgement.spent.steps - before[i];
            steps_left_ -= std::min(steps_left_, spent);
        }
    }

    /// An engine that may spend all it is given: a fair share for every key at first, so that one
    /// hard key does not leave the others unjudged; then half of what is left for each in turn.
    bool ask_with_shares(const EngineEntry& entry) {
        const Keys keys = undecided();
        std::uint64_t share = 0;
        if (keys.size() > 1) {
            share = steps_left_ / (keys.size() + 1);
            std::vector<std::uint64_t> before;
            for (const Key* key : keys) {
                before.push_back(key->judgement.spent.steps);
            }
            if (ask(keys, entry, {share, options_.budget.bytes / threads_max}, true)) {
                return true;
            }
            charge(keys, before);
        }
        for (Key* key : undecided()) {
            if (steps_left_ / 2 <= share) {
                break;
            }
            std::vector<std::uint64_t> before{key->judgement.spent.steps};
            if (ask({key}, entry, {steps_left_ / 2, options_.budget.bytes}, false)) {
                return true;
            }
            charge({key}, before);
        }
        return false;
    }

    void finish(LinearizabilityResult& result) {
        for (Key& key : keys_) {
            const bool looked_at = key.decided || !key.judgement.reason.empty();
            if (!looked_at) {
                continue;
            }
            key.judgement.key = key.part.key;
            key.judgement.operations = key.part.operations.size();
            result.spent.steps += key.judgement.spent.steps;
            result.spent.bytes = std::max(result.spent.bytes, key.judgement.spent.bytes);
            if (&key != bad_ && key.judgement.verdict == Verdict::unknown) {
                worsen(result, key.judgement.reason);
            }
        }
        if (bad_ != nullptr) {
            explain_bad(result);
        }
        for (Key& key : keys_) {
            if (key.judgement.operations != 0) {
                if (!key.judgement.engine.empty()) {
                    ++result.keys_by_engine[std::string(key.judgement.engine)];
                }
                result.judgements.push_back(std::move(key.judgement));
            }
        }
    }

    static void worsen(LinearizabilityResult& result, const std::string& reason) {
        if (result.verdict == Verdict::valid) {
            result.verdict = Verdict::unknown;
            result.reason = reason;
        }
    }

    /// As `run` would judge the key, but one judgement after the other within one budget.
    EngineResult judge_again(const KeyProblem& problem, Budget& left) const {
        EngineResult result;
        for (const EngineEntry& entry : engines()) {
            if (!asked(entry) || (!entry.quick && too_many_to_search(problem))) {
                continue;
            }
            result = entry.judge(problem, left);
            left.steps -= std::min(left.steps, result.spent.steps);
            if (result.verdict && result.verdict != Verdict::unknown) {
                break;
            }
        }
        return result;
    }

    [[nodiscard]] bool too_many_to_search(const KeyProblem& problem) const {
        return convicted_quickly_ && problem.part.operations.size() > searched_to_explain;
    }

    void explain_bad(LinearizabilityResult& result) {
        Budget left = options_.budget;
        convicted_quickly_ = std::ranges::any_of(engines(), [&](const EngineEntry& entry) {
            return entry.quick && entry.name == bad_->judgement.engine;
        });
        const auto judge = [&](const KeyProblem& smaller) { return judge_again(smaller, left); };
        result.counterexample = find_counterexample(problem_of(*bad_), bad_->result, judge);
        if (result.counterexample) {
            result.verdict = Verdict::invalid;
            result.reason = result.counterexample->sentence;
            return;
        }
        bad_->judgement.verdict = Verdict::unknown;
        bad_->judgement.reason = fmt::format(
            "key {}: engine {} and brute force contradict each other; this is a bug of "
            "the checker",
            name(*bad_),
            bad_->judgement.engine);
        worsen(result, bad_->judgement.reason);
    }

    const CompactHistory& history_;
    const Model& model_;
    const CheckOptions& options_;
    Model::State initial_;
    history::KeyParts parts_;
    std::vector<Key> keys_;
    std::uint64_t steps_left_;
    Key* bad_ = nullptr;
    bool convicted_quickly_ = false;  ///< It was not a search that found the bad key.
};

}  // namespace

LinearizabilityResult dispatch(const CompactHistory& history,
                               const Model& model,
                               const CheckOptions& options) {
    return Dispatcher(history, model, options).run();
}

}  // namespace squall::checker
