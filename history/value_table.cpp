#include "history/value_table.hpp"

#include <algorithm>
#include <functional>

#include "history/random.hpp"

namespace squall::history {

namespace {

std::uint64_t hash_of_word(ValueTable::Kind kind, std::uint64_t word) {
    return mix(word ^ (static_cast<std::uint64_t>(kind) << 61U));
}

std::uint64_t hash_of_text(std::string_view text) {
    return mix(std::hash<std::string_view>{}(text));
}

std::uint64_t list_word(ValueId front, ValueId last) {
    return (std::uint64_t{front} << 32U) | last;
}

}  // namespace

ValueTable::ValueTable() : kinds_{Kind::null, Kind::list}, words_{0, 0}, table_(64, null_value) {}

ValueId ValueTable::intern(const Value& value) {
    if (const auto* number = value.as_int()) {
        return intern_number(*number);
    }
    if (const auto* text = value.as_string()) {
        return intern_text(*text);
    }
    const auto* list = value.as_list();
    if (list == nullptr) {
        return null_value;
    }
    ValueId id = empty_list;
    for (const Value& element : *list) {
        id = append(id, intern(element));
    }
    return id;
}

ValueId ValueTable::intern_number(std::int64_t number) {
    return intern_word(Kind::number, static_cast<std::uint64_t>(number));
}

ValueId ValueTable::intern_text(std::string_view text) {
    if (const ValueId found = find_text(text); found != null_value) {
        return found;
    }
    texts_ += text;
    text_begins_.push_back(texts_.size());
    return add(Kind::text, text_begins_.size() - 2);
}

ValueId ValueTable::append(ValueId list, ValueId element) {
    return intern_word(Kind::list, list_word(list, element));
}

std::size_t ValueTable::length(ValueId list) const {
    std::size_t count = 0;
    for (; list != empty_list; list = front(list)) {
        ++count;
    }
    return count;
}

std::vector<ValueId> ValueTable::elements(ValueId list) const {
    std::vector<ValueId> all;
    for (; list != empty_list; list = front(list)) {
        all.push_back(last(list));
    }
    std::reverse(all.begin(), all.end());
    return all;
}

std::optional<ValueId> ValueTable::find(const Value& value) const {
    const auto unless_missing = [](ValueId id) {
        return id == null_value ? std::nullopt : std::optional{id};
    };
    if (const auto* number = value.as_int()) {
        return unless_missing(find_word(Kind::number, static_cast<std::uint64_t>(*number)));
    }
    if (const auto* text = value.as_string()) {
        return unless_missing(find_text(*text));
    }
    const auto* list = value.as_list();
    if (list == nullptr) {
        return null_value;
    }
    std::optional<ValueId> id = empty_list;
    for (const Value& element : *list) {
        const std::optional<ValueId> last = find(element);
        if (!last) {
            return std::nullopt;
        }
        id = unless_missing(find_word(Kind::list, list_word(*id, *last)));
        if (!id) {
            return std::nullopt;
        }
    }
    return id;
}

Value ValueTable::value(ValueId id) const {
    switch (kind(id)) {
        case Kind::number:
            return number(id);
        case Kind::text:
            return std::string(text(id));
        case Kind::list: {
            Value::List list;
            for (const ValueId element : elements(id)) {
                list.push_back(value(element));
            }
            return list;
        }
        case Kind::null:
            break;
    }
    return {};
}

std::size_t ValueTable::bytes() const {
    return kinds_.capacity() + words_.capacity() * sizeof(std::uint64_t) + texts_.capacity() +
           text_begins_.capacity() * sizeof(std::size_t) + table_.capacity() * sizeof(ValueId);
}

std::uint64_t ValueTable::hash(ValueId id) const {
    return kind(id) == Kind::text ? hash_of_text(text(id)) : hash_of_word(kind(id), words_[id]);
}

ValueId ValueTable::find_word(Kind kind, std::uint64_t word) const {
    const std::size_t mask = table_.size() - 1;
    for (std::size_t at = hash_of_word(kind, word) & mask;; at = (at + 1) & mask) {
        const ValueId id = table_[at];
        if (id == null_value || (kinds_[id] == kind && words_[id] == word)) {
            return id;
        }
    }
}

ValueId ValueTable::find_text(std::string_view text) const {
    const std::size_t mask = table_.size() - 1;
    for (std::size_t at = hash_of_text(text) & mask;; at = (at + 1) & mask) {
        const ValueId id = table_[at];
        if (id == null_value || (kinds_[id] == Kind::text && this->text(id) == text)) {
            return id;
        }
    }
}

ValueId ValueTable::intern_word(Kind kind, std::uint64_t word) {
    const ValueId found = find_word(kind, word);
    return found == null_value ? add(kind, word) : found;
}

ValueId ValueTable::add(Kind kind, std::uint64_t word) {
    if (kinds_.size() * 2 >= table_.size()) {
        grow();
    }
    const auto id = static_cast<ValueId>(kinds_.size());
    kinds_.push_back(kind);
    words_.push_back(word);
    const std::size_t mask = table_.size() - 1;
    std::size_t at = hash(id) & mask;
    while (table_[at] != null_value) {
        at = (at + 1) & mask;
    }
    table_[at] = id;
    return id;
}

void ValueTable::grow() {
    table_.assign(table_.size() * 2, null_value);
    const std::size_t mask = table_.size() - 1;
    // Null and the empty list are known without looking.
    for (ValueId id = empty_list + 1; id < kinds_.size(); ++id) {
        std::size_t at = hash(id) & mask;
        while (table_[at] != null_value) {
            at = (at + 1) & mask;
        }
        table_[at] = id;
    }
}

}  // namespace squall::history
