// A value that a client wrote or read: null, an integer, a string, or a list of values. Small,
// ordered and hashable, so that models can intern it. It holds no floats and no maps: no workload
// needs them and they compare badly. Its JSON form is the obvious one.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace squall::history {

class Value {
  public:
    using List = std::vector<Value>;

    Value() = default;

    Value(std::int64_t number) : data_(number) {}  // NOLINT(google-explicit-constructor)

    Value(std::string text) : data_(std::move(text)) {}  // NOLINT(google-explicit-constructor)

    Value(List list) : data_(std::move(list)) {}  // NOLINT(google-explicit-constructor)

    [[nodiscard]] bool is_null() const { return std::holds_alternative<std::monostate>(data_); }

    /// The integer, or null when the value is of another kind. Valid as long as the value lives
    /// unchanged.
    [[nodiscard]] const std::int64_t* as_int() const { return std::get_if<std::int64_t>(&data_); }

    [[nodiscard]] const std::string* as_string() const { return std::get_if<std::string>(&data_); }

    [[nodiscard]] const List* as_list() const { return std::get_if<List>(&data_); }

    friend bool operator==(const Value&, const Value&) = default;

    /// A total order: null < integers < strings < lists.
    friend std::strong_ordering operator<=>(const Value& a, const Value& b);

    /// Stable within one build; equal values hash equally.
    [[nodiscard]] std::size_t hash() const;

  private:
    std::variant<std::monostate, std::int64_t, std::string, List> data_;
};

/// `nil` for null, digits for integers, "quoted" strings, [a, b] for lists: how reports print it.
[[nodiscard]] std::string to_text(const Value& value);

}  // namespace squall::history
