#include "raft/server/kv.hpp"

#include <charconv>
#include <cstdint>
#include <utility>

#include "raft/assert.hpp"

namespace squall::raft::server {

namespace {

std::optional<std::int64_t> integer_of(std::string_view bytes) {
    std::int64_t number = 0;
    const char* end = bytes.data() + bytes.size();
    const auto parsed = std::from_chars(bytes.data(), end, number);
    return parsed.ec == std::errc() && parsed.ptr == end ? std::optional(number) : std::nullopt;
}

std::optional<std::int64_t> sum_of(std::string_view a, std::string_view b) {
    const auto left = integer_of(a);
    const auto right = integer_of(b);
    std::int64_t sum = 0;
    return left && right && !__builtin_add_overflow(*left, *right, &sum) ? std::optional(sum)
                                                                         : std::nullopt;
}

}  // namespace

std::optional<std::string> KeyValueStore::get(std::string_view key) const {
    const auto found = values_.find(key);
    if (found == values_.end()) {
        return std::nullopt;
    }
    return found->second;
}

KeyValueStore::Outcome KeyValueStore::apply(const Request& mutation) {
    ASSERT(mutation.operation != Operation::get);
    const auto found = values_.find(mutation.key);
    const bool exists = found != values_.end();
    switch (mutation.operation) {
        case Operation::put:
            values_.insert_or_assign(mutation.key, mutation.value);
            return {};
        case Operation::cas:
            if (exists != mutation.expected.has_value()) {
                return {false, exists ? std::optional(found->second) : std::nullopt};
            }
            [[fallthrough]];
        case Operation::cas_or_create:
            if (exists && found->second != *mutation.expected) {
                return {false, found->second};
            }
            values_.insert_or_assign(mutation.key, mutation.value);
            return {};
        case Operation::erase:
            if (exists) {
                values_.erase(found);
            }
            return {};
        case Operation::append:
            if (!exists) {
                values_.emplace(mutation.key, mutation.value);
                return {};
            }
            if (mutation.value.size() > max_value_bytes - found->second.size()) {
                return {false, found->second};
            }
            found->second += mutation.value;
            return {};
        case Operation::add: {
            const auto sum = sum_of(exists ? std::string_view(found->second) : "0", mutation.value);
            if (!sum) {
                return {false, exists ? std::optional(found->second) : std::nullopt};
            }
            values_.insert_or_assign(mutation.key, std::to_string(*sum));
            return {};
        }
        case Operation::get:
            break;
    }
    return {};
}

void KeyValueStore::encode(std::string& out) const {
    put(out, std::uint64_t{values_.size()});
    for (const auto& [key, value] : values_) {
        put_bytes(out, key);
        put_bytes(out, value);
    }
}

void KeyValueStore::decode(ByteReader& reader) {
    values_.clear();
    const auto count = reader.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < count && !reader.failed(); ++i) {
        const std::string_view key = reader.get_bytes();
        const std::string_view value = reader.get_bytes();
        if (value.size() > max_value_bytes ||
            (!values_.empty() && key <= values_.rbegin()->first)) {
            reader.fail();
        } else {
            values_.emplace_hint(values_.end(), key, value);
        }
    }
}

}  // namespace squall::raft::server
