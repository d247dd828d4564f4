// Values of the Raft as short, canonical bytes: equal values, equal bytes. For those who compare,
// hash and store states by the million within one process (Core::image, harness/explore). Not a
// format: the bytes never leave the process that wrote them, and the reader trusts them.
//
// A writer can call the servers by other names; sets of servers are written in ascending order of
// those. What comes back is then what a cluster would hold in which they were called so.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "raft/assert.hpp"
#include "raft/image_members.hpp"
#include "raft/types.hpp"

namespace squall::raft {

namespace image {

/// Appends to a string.
class Writer {
  public:
    static constexpr bool writes = true;

    /// `names[id]` is what server `id` is called; empty: each keeps its name.
    explicit Writer(std::string& out, std::span<const NodeId> names = {})
        : out_(out), names_(names) {}

    [[nodiscard]] NodeId name(NodeId id) const { return id < names_.size() ? names_[id] : id; }

    [[nodiscard]] std::span<const NodeId> names() const { return names_; }

    void number(std::uint64_t value) {
        for (; value >= 0x80U; value >>= 7U) {
            out_.push_back(static_cast<char>(value | 0x80U));
        }
        out_.push_back(static_cast<char>(value));
    }

    /// Only NodeId is this type.
    void operator()(const NodeId& id) { number(name(id)); }

    template <class T>
        requires(std::is_integral_v<T> || std::is_enum_v<T>)
    void operator()(const T& value) {
        number(static_cast<std::uint64_t>(value));
    }

    void operator()(const std::string& bytes) {
        number(bytes.size());
        out_.append(bytes);
    }

    void operator()(const std::shared_ptr<const std::string>& bytes) {
        number(bytes ? 1 : 0);
        if (bytes) {
            (*this)(*bytes);
        }
    }

    /// A set of servers.
    void operator()(const std::vector<NodeId>& set) {
        std::vector<NodeId> named(set.size());
        std::transform(
            set.begin(), set.end(), named.begin(), [this](NodeId id) { return name(id); });
        std::sort(named.begin(), named.end());
        number(named.size());
        for (const NodeId id : named) {
            number(id);
        }
    }

    template <class T>
    void operator()(const std::optional<T>& value) {
        number(value ? 1 : 0);
        if (value) {
            (*this)(*value);
        }
    }

    template <class... T>
    void operator()(const std::variant<T...>& value) {
        number(value.index());
        std::visit(*this, value);
    }

    template <class T>
    void operator()(const std::vector<T>& values) {
        each(values, *this);
    }

    template <class T>
    void operator()(const std::deque<T>& values) {
        each(values, *this);
    }

    template <class T>
        requires requires(const T& value) { image_members(value); }
    void operator()(const T& value) {
        std::apply([this](const auto&... member) { ((*this)(member), ...); }, image_members(value));
    }

    template <class Sequence, class Function>
    void each(const Sequence& values, Function&& function) {
        number(values.size());
        for (const auto& value : values) {
            function(value);
        }
    }

    template <class T, class Function>
    void maybe(const std::optional<T>& value, Function&& function) {
        number(value ? 1 : 0);
        if (value) {
            function(*value);
        }
    }

    /// A number that counts on from `base`; what is behind it is no longer told apart.
    void relative(const std::uint64_t& value, std::uint64_t base) {
        number(value > base ? value - base : 0);
    }

  private:
    std::string& out_;
    std::span<const NodeId> names_;
};

/// Reads what a Writer wrote.
class Reader {
  public:
    static constexpr bool writes = false;

    explicit Reader(std::string_view in) : in_(in) {}

    [[nodiscard]] std::uint64_t number() {
        std::uint64_t value = 0;
        for (unsigned shift = 0;; shift += 7) {
            ASSERT(at_ < in_.size());
            const auto byte = static_cast<unsigned char>(in_[at_++]);
            value |= std::uint64_t{byte & 0x7fU} << shift;
            if (byte < 0x80U) {
                return value;
            }
        }
    }

    template <class T>
        requires(std::is_integral_v<T> || std::is_enum_v<T>)
    void operator()(T& value) {
        value = static_cast<T>(number());
    }

    void operator()(std::string& bytes) {
        const std::uint64_t size = number();
        ASSERT(size <= in_.size() - at_);
        bytes = in_.substr(at_, size);
        at_ += size;
    }

    void operator()(std::shared_ptr<const std::string>& bytes) {
        bytes.reset();
        if (number() != 0) {
            std::string read;
            (*this)(read);
            bytes = std::make_shared<const std::string>(std::move(read));
        }
    }

    template <class T>
    void operator()(std::optional<T>& value) {
        value.reset();
        if (number() != 0) {
            (*this)(value.emplace());
        }
    }

    template <class... T>
    void operator()(std::variant<T...>& value) {
        alternative(value, number(), std::index_sequence_for<T...>());
    }

    template <class T>
    void operator()(std::vector<T>& values) {
        each(values, *this);
    }

    template <class T>
    void operator()(std::deque<T>& values) {
        each(values, *this);
    }

    template <class T>
        requires requires(T& value) { image_members(value); }
    void operator()(T& value) {
        std::apply([this](auto&... member) { ((*this)(member), ...); }, image_members(value));
    }

    template <class Sequence, class Function>
    void each(Sequence& values, Function&& function) {
        values.clear();
        values.resize(number());
        for (auto& value : values) {
            function(value);
        }
    }

    template <class T, class Function>
    void maybe(std::optional<T>& value, Function&& function) {
        value.reset();
        if (number() != 0) {
            function(value.emplace(T{}));
        }
    }

    /// Counts from 0 from now on.
    void relative(std::uint64_t& value, std::uint64_t /*base*/) { value = number(); }

  private:
    template <class Variant, std::size_t... I>
    void alternative(Variant& value, std::size_t index, std::index_sequence<I...> /*all*/) {
        ((I == index ? (*this)(value.template emplace<I>()) : void()), ...);
    }

    std::string_view in_;
    std::size_t at_ = 0;
};

}  // namespace image

}  // namespace squall::raft
