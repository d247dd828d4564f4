#include "checker/explain_collection.hpp"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include "checker/explain.hpp"

namespace squall::checker {

namespace {

using history::Operation;
using history::Outcome;
using history::Value;

using Operations = std::span<const Operation* const>;

bool answered(const Operation& operation) {
    return operation.outcome == Outcome::ok && !operation.any_result;
}

const Value::List& elements(const Operation& read) {
    static const Value::List none;
    const auto* list = read.result.as_list();
    return list == nullptr ? none : *list;
}

bool holds(const Value::List& list, const Value& element) {
    return std::ranges::find(list, element) != list.end();
}

template <typename Wanted>
const Operation* first(Operations operations, Wanted wanted) {
    const auto found = std::ranges::find_if(
        operations, [&](const Operation* operation) { return wanted(*operation); });
    return found == operations.end() ? nullptr : *found;
}

/// "returned [1, 3]" where that is short.
std::string returned(const Operation& operation) {
    constexpr std::size_t longest = 80;
    std::string value = to_text(operation.result);
    if (value.size() > longest) {
        value = fmt::format("{} elements", elements(operation).size());
    }
    return fmt::format("{} returned {}", name_of(operation), value);
}

/// Why nobody can have put the element there, or nothing.
std::string without_origin(Operations all,
                           const Operation& bad,
                           const Value& element,
                           std::string_view function) {
    const Operation* failed = nullptr;
    const Operation* later = nullptr;
    for (const Operation* writer : all) {
        if (writer->function != function || writer->argument != element) {
            continue;
        }
        if (writer->outcome == Outcome::fail) {
            failed = writer;
        } else if (writer->invoked > bad.completed) {
            later = writer;
        } else {
            return {};
        }
    }
    if (failed != nullptr) {
        return fmt::format("{}, but {} of {} had failed: it must never take effect",
                           returned(bad),
                           name_of(*failed),
                           to_text(element));
    }
    if (later != nullptr) {
        return fmt::format(
            "{}, but {} of {} began only later", returned(bad), name_of(*later), to_text(element));
    }
    return fmt::format("{}, but no operation is {} of {}",
                       returned(bad),
                       function == "append" ? "an append" : fmt::format("an {}", function),
                       to_text(element));
}

// ---- lists and sets

/// Something that was certainly there is not.
std::string missing(Operations core, const Operation& bad, std::string_view function) {
    const Value::List& found = elements(bad);
    if (const Operation* lost = first(core, [&](const Operation& other) {
            return other.function == function && other.outcome == Outcome::ok &&
                   precedes(other, bad) && !holds(found, other.argument);
        })) {
        return fmt::format("{} without {}, but {} of it had completed before the read began",
                           returned(bad),
                           to_text(lost->argument),
                           name_of(*lost));
    }
    for (const Operation* other : core) {
        if (other->function != "read" || !answered(*other) || !precedes(*other, bad)) {
            continue;
        }
        for (const Value& element : elements(*other)) {
            if (!holds(found, element)) {
                return fmt::format("{} without {}, but {} had returned it before the read began",
                                   returned(bad),
                                   to_text(element),
                                   name_of(*other));
            }
        }
    }
    return {};
}

/// Two reads that no one growing list explains.
std::string other_order(Operations core, const Operation& bad, ObjectShape shape) {
    const Value::List& mine = elements(bad);
    for (const Operation* other : core) {
        if (other == &bad || other->function != "read" || !answered(*other)) {
            continue;
        }
        const Value::List& theirs = elements(*other);
        if (shape == ObjectShape::list) {
            const auto [a, b] =
                std::mismatch(mine.begin(), mine.end(), theirs.begin(), theirs.end());
            if (a != mine.end() && b != theirs.end()) {
                return fmt::format("{}, but {}: at place {} one has {}, the other {}",
                                   returned(bad),
                                   returned(*other),
                                   a - mine.begin() + 1,
                                   to_text(*a),
                                   to_text(*b));
            }
            continue;
        }
        const auto only_mine = std::ranges::find_if(
            mine, [&](const Value& element) { return !holds(theirs, element); });
        const auto only_theirs = std::ranges::find_if(
            theirs, [&](const Value& element) { return !holds(mine, element); });
        if (only_mine != mine.end() && only_theirs != theirs.end()) {
            return fmt::format("{}, but {}: one has {} and not {}, the other the reverse",
                               returned(bad),
                               returned(*other),
                               to_text(*only_mine),
                               to_text(*only_theirs));
        }
    }
    return {};
}

/// An element stands before one whose append had completed before its own began.
std::string inverted(Operations core, const Operation& bad) {
    const Value::List& list = elements(bad);
    const auto append_of = [&](const Value& element) {
        return first(core, [&](const Operation& operation) {
            return operation.function == "append" && operation.argument == element;
        });
    };
    for (std::size_t i = 0; i + 1 < list.size(); ++i) {
        const Operation* earlier = append_of(list[i]);
        const Operation* later = append_of(list[i + 1]);
        if (earlier != nullptr && later != nullptr && later->outcome == Outcome::ok &&
            precedes(*later, *earlier)) {
            return fmt::format("{}, but {} of {} had completed before {} of {} began",
                               returned(bad),
                               name_of(*later),
                               to_text(list[i + 1]),
                               name_of(*earlier),
                               to_text(list[i]));
        }
    }
    return {};
}

std::string doubled(Operations all, const Operation& bad) {
    const Value::List& list = elements(bad);
    for (const Value& element : list) {
        const auto there = std::ranges::count(list, element);
        const auto appends = std::ranges::count_if(all, [&](const Operation* operation) {
            return operation->function == "append" && operation->argument == element;
        });
        if (there > appends) {
            return fmt::format("{}, {} of them {}, which was appended {}",
                               returned(bad),
                               there,
                               to_text(element),
                               appends == 1 ? "once" : fmt::format("{} times", appends));
        }
    }
    return {};
}

std::string growing(Operations core, const Operation& bad, Operations all, ObjectShape shape) {
    const std::string_view function = shape == ObjectShape::list ? "append" : "add";
    for (const Value& element : elements(bad)) {
        if (std::string words = without_origin(all, bad, element, function); !words.empty()) {
            return words;
        }
    }
    std::string words = missing(core, bad, function);
    if (words.empty() && shape == ObjectShape::list) {
        words = doubled(all, bad);
    }
    if (words.empty() && shape == ObjectShape::list) {
        words = inverted(core, bad);
    }
    return words.empty() ? other_order(core, bad, shape) : words;
}

// ---- queues

std::string queue(Operations core, const Operation& bad, Operations all) {
    if (bad.result.is_null()) {
        const Operation* waiting = first(core, [&](const Operation& operation) {
            return operation.function == "enqueue" && operation.outcome == Outcome::ok &&
                   precedes(operation, bad) && first(core, [&](const Operation& taker) {
                                                   return taker.function == "dequeue" &&
                                                          taker.result == operation.argument &&
                                                          taker.invoked < bad.completed;
                                               }) == nullptr;
        });
        return waiting == nullptr
                   ? std::string()
                   : fmt::format(
                         "{} found nothing, but {} of {} had completed before it began, "
                         "and nobody had taken that",
                         name_of(bad),
                         name_of(*waiting),
                         to_text(waiting->argument));
    }
    if (std::string words = without_origin(all, bad, bad.result, "enqueue"); !words.empty()) {
        return words;
    }
    const auto same = [&](const Operation& other) {
        return &other != &bad && other.function == "dequeue" && answered(other) &&
               other.result == bad.result;
    };
    const auto enqueued = std::ranges::count_if(all, [&](const Operation* operation) {
        return operation->function == "enqueue" && operation->argument == bad.result;
    });
    if (const Operation* other = first(core, same); other != nullptr && enqueued == 1) {
        return fmt::format("{}, but {} had returned it too, and it was enqueued once",
                           returned(bad),
                           name_of(*other));
    }
    const auto enqueue_of = [&](const Value& element) {
        return first(core, [&](const Operation& operation) {
            return operation.function == "enqueue" && operation.argument == element;
        });
    };
    const Operation* mine = enqueue_of(bad.result);
    const Operation* overtaken =
        mine == nullptr ? nullptr : first(core, [&](const Operation& other) {
            return other.function == "enqueue" && other.outcome == Outcome::ok &&
                   precedes(other, *mine) && first(core, [&](const Operation& taker) {
                                                 return taker.function == "dequeue" &&
                                                        taker.result == other.argument &&
                                                        taker.invoked < bad.completed;
                                             }) == nullptr;
        });
    return overtaken == nullptr
               ? std::string()
               : fmt::format(
                     "{}, but {} of {} had completed before {} of it began, and nobody had "
                     "taken that",
                     returned(bad),
                     name_of(*overtaken),
                     to_text(overtaken->argument),
                     name_of(*mine));
}

// ---- counters

std::string counter(Operations core, const Operation& bad) {
    const auto* read = bad.result.as_int();
    if (read == nullptr) {
        return {};
    }
    std::int64_t least = 0;
    std::int64_t most = 0;
    for (const Operation* add : core) {
        const auto* amount = add->argument.as_int();
        if (add->function != "add" || amount == nullptr || add->invoked > bad.completed) {
            continue;
        }
        const bool certain = add->outcome == Outcome::ok && precedes(*add, bad);
        if (certain || *amount < 0) {
            least += *amount;
        }
        if (certain || *amount > 0) {
            most += *amount;
        }
    }
    if (*read > most) {
        return fmt::format(
            "{}, but all adds that had begun by then come to {} at most", returned(bad), most);
    }
    if (*read < least) {
        return fmt::format(
            "{}, but the adds that had completed before it began come to {}", returned(bad), least);
    }
    return {};
}

}  // namespace

std::string explain_collection(Operations core,
                               const Operation& bad,
                               Operations all,
                               ObjectShape shape) {
    switch (shape) {
        case ObjectShape::list:
        case ObjectShape::set:
            return bad.function == "read" ? growing(core, bad, all, shape) : std::string();
        case ObjectShape::queue:
            return bad.function == "dequeue" ? queue(core, bad, all) : std::string();
        case ObjectShape::counter:
            return counter(core, bad);
        case ObjectShape::cell:
        case ObjectShape::text:
        case ObjectShape::other:
            break;
    }
    return {};
}

}  // namespace squall::checker
