// A workload: what clients do, and by which model their history is judged. Generators are
// deterministic values: operation n of client slot c is a function of the seed and of what the run
// has observed, never of chance or time. To add one: a file with the class, a line in registry.cpp.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "history/event.hpp"

namespace squall::workloads {

/// What a key holds, where the way to ask for it or to understand the answer depends on that.
enum class Object : std::uint8_t {
    value,   ///< One integer or string.
    list,    ///< Integers, in the order in which they were appended.
    set,     ///< Integers; clients see them in ascending order.
    counter  ///< An integer.
};

/// What a client asks of a node.
struct Request {
    std::string function;  ///< read, write, cas...
    std::string key;
    history::Value value;
    Object object = Object::value;
    friend bool operator==(const Request&, const Request&) = default;
};

struct GeneratorConfig {
    std::uint64_t seed = 0;
    std::uint32_t slots = 10;                ///< Concurrent clients.
    std::uint32_t keys = 10;                 ///< Independent objects in use at any moment.
    std::uint32_t operations_per_key = 200;  ///< Then the slot moves on to fresh keys.
};

class Generator {
  public:
    virtual ~Generator() = default;

    /// Operation `ordinal` (from 0) of a slot; called once, when the operation is invoked.
    /// Arguments that depend on the state of the object (a cas's expected value) are taken from
    /// what `observe` has seen.
    [[nodiscard]] virtual Request operation(std::uint32_t slot, std::uint64_t ordinal) = 0;

    /// Every completion of the run, in order, with what was asked.
    virtual void observe(const Request& request, const history::Event& completion) = 0;

    /// What the final phase asks of every node: a read of each key that was touched.
    [[nodiscard]] virtual std::vector<Request> final_requests() const = 0;
};

class Workload {
  public:
    virtual ~Workload() = default;

    [[nodiscard]] virtual std::string_view name() const = 0;
    [[nodiscard]] virtual std::string_view description() const = 0;

    /// Name of the checker model; empty: its history is judged by another detector alone.
    [[nodiscard]] virtual std::string_view model() const = 0;

    /// What its keys hold.
    [[nodiscard]] virtual Object object() const { return Object::value; }

    /// Beyond this an object might outgrow what a node keeps under one key.
    [[nodiscard]] virtual std::uint32_t operations_per_key_max() const {
        return std::numeric_limits<std::uint32_t>::max();
    }

    [[nodiscard]] virtual std::unique_ptr<Generator> generator(
        const GeneratorConfig& config) const = 0;
};

[[nodiscard]] std::span<const Workload* const> workloads();

[[nodiscard]] const Workload* find_workload(std::string_view name);

/// Does this function change state? (A read that timed out may be *fail*; a mutation may not.)
[[nodiscard]] bool is_mutation(std::string_view function);

/// Does it change state only if a condition holds, and say whether it did?
[[nodiscard]] bool is_conditional(std::string_view function);

}  // namespace squall::workloads
