#include "history/compact_history.hpp"

#include <stdexcept>

namespace squall::history {

namespace {

EventIndex narrow(std::uint64_t index) {
    if (index == never) {
        return never_completed;
    }
    if (index >= never_completed) {
        throw std::length_error("a history of 2^32 events or more");
    }
    return static_cast<EventIndex>(index);
}

std::uint64_t widen(EventIndex index) {
    return index == never_completed ? never : index;
}

Applied applied_of(const Operation& operation) {
    if (!operation.applied) {
        return Applied::unsaid;
    }
    return *operation.applied ? Applied::yes : Applied::no;
}

}  // namespace

KeyParts::KeyParts(std::span<const CompactOperation> operations, std::size_t keys)
    : operations_(operations.size()), parts_(keys) {
    std::vector<std::size_t> begins(keys + 1);
    for (const CompactOperation& operation : operations) {
        ++begins[operation.key + 1];
    }
    for (std::size_t key = 0; key < keys; ++key) {
        begins[key + 1] += begins[key];
        parts_[key] = {static_cast<KeyId>(key),
                       std::span(operations_).subspan(begins[key], begins[key + 1] - begins[key])};
    }
    for (std::size_t i = 0; i < operations.size(); ++i) {
        operations_[begins[operations[i].key]++] = static_cast<OperationId>(i);
    }
}

std::uint32_t NameTable::intern(std::string_view name) {
    if (const auto found = ids_.find(name); found != ids_.end()) {
        return found->second;
    }
    const auto id = static_cast<std::uint32_t>(names_.size());
    ids_.emplace(name, id);
    names_.emplace_back(name);
    return id;
}

std::optional<std::uint32_t> NameTable::find(std::string_view name) const {
    const auto found = ids_.find(name);
    return found == ids_.end() ? std::nullopt : std::optional{found->second};
}

OperationId CompactHistory::add(const Operation& operation) {
    CompactOperation added;
    added.invoked = narrow(operation.invoked);
    added.completed = narrow(operation.completed);
    added.key = keys.intern(operation.key);
    const std::uint32_t function = functions.intern(operation.function);
    if (function > std::numeric_limits<FunctionId>::max()) {
        throw std::length_error("a history with more than 256 functions");
    }
    added.function = static_cast<FunctionId>(function);
    const auto* arguments = operation.argument.as_list();
    if (arguments != nullptr && arguments->size() == 2 && is_cas(operation.function)) {
        added.pair = true;
        added.argument = values.intern((*arguments)[0]);
        added.second = values.intern((*arguments)[1]);
    } else {
        added.argument = values.intern(operation.argument);
    }
    added.result = values.intern(operation.result);
    added.outcome = operation.outcome;
    added.applied = applied_of(operation);
    added.any_result = operation.any_result;
    added.final_read = operation.final_read;
    operations.push_back(added);
    clients.push_back(operation.client);
    nodes.push_back(operation.node);
    if (operation.position || !positions.empty()) {
        positions.resize(operations.size());
        positions.back() = operation.position.value_or(LogPosition{});
    }
    return static_cast<OperationId>(operations.size() - 1);
}

Operation CompactHistory::expand(OperationId id) const {
    const CompactOperation& from = operations[id];
    Operation operation;
    operation.invoked = widen(from.invoked);
    operation.completed = widen(from.completed);
    operation.client = clients[id];
    operation.node = nodes[id];
    operation.function = functions.at(from.function);
    operation.key = keys.at(from.key);
    operation.argument =
        from.pair ? Value(Value::List{values.value(from.argument), values.value(from.second)})
                  : values.value(from.argument);
    operation.result = values.value(from.result);
    if (from.applied != Applied::unsaid) {
        operation.applied = from.applied == Applied::yes;
    }
    operation.any_result = from.any_result;
    operation.outcome = from.outcome;
    if (id < positions.size() && positions[id] != LogPosition{}) {
        operation.position = positions[id];
    }
    operation.final_read = from.final_read;
    return operation;
}

std::size_t CompactHistory::bytes() const {
    return values.bytes() + operations.capacity() * sizeof(CompactOperation) +
           clients.capacity() * sizeof(ClientId) + nodes.capacity() * sizeof(NodeId) +
           positions.capacity() * sizeof(LogPosition);
}

CompactHistory compact(std::span<const Operation> operations) {
    CompactHistory history;
    history.operations.reserve(operations.size());
    for (const Operation& operation : operations) {
        history.add(operation);
    }
    return history;
}

}  // namespace squall::history
