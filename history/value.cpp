#include "history/value.hpp"

#include <functional>

#include <fmt/format.h>

#include "history/random.hpp"

namespace squall::history {

std::strong_ordering operator<=>(const Value& a, const Value& b) {
    if (const auto kinds = a.data_.index() <=> b.data_.index(); kinds != 0) {
        return kinds;
    }
    if (const auto* number = a.as_int()) {
        return *number <=> *b.as_int();
    }
    if (const auto* text = a.as_string()) {
        return text->compare(*b.as_string()) <=> 0;
    }
    if (const auto* list = a.as_list()) {
        const auto& other = *b.as_list();
        for (std::size_t i = 0; i < list->size() && i < other.size(); ++i) {
            if (const auto order = (*list)[i] <=> other[i]; order != 0) {
                return order;
            }
        }
        return list->size() <=> other.size();
    }
    return std::strong_ordering::equal;
}

std::size_t Value::hash() const {
    if (const auto* number = as_int()) {
        return mix(static_cast<std::uint64_t>(*number));
    }
    if (const auto* text = as_string()) {
        return mix(std::hash<std::string>{}(*text));
    }
    std::uint64_t h = data_.index();
    if (const auto* list = as_list()) {
        for (const Value& element : *list) {
            h = mix(h ^ element.hash());
        }
    }
    return h;
}

std::string to_text(const Value& value) {
    if (const auto* number = value.as_int()) {
        return fmt::format("{}", *number);
    }
    if (const auto* text = value.as_string()) {
        return fmt::format("\"{}\"", *text);
    }
    if (const auto* list = value.as_list()) {
        std::string out = "[";
        for (const Value& element : *list) {
            if (out.size() > 1) {
                out += ", ";
            }
            out += to_text(element);
        }
        return out + "]";
    }
    return "nil";
}

}  // namespace squall::history
