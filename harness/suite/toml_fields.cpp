#include "harness/suite/toml_fields.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "harness/failure.hpp"
#include "history/text_input.hpp"

namespace squall::harness::suite {
namespace {

using history::printable;
using Kind = TomlNode::Kind;

}  // namespace

TomlFields::TomlFields(const TomlNode& table, std::string file, std::string path)
    : table_(&table), file_(std::move(file)), path_(std::move(path)) {}

std::string TomlFields::full(const std::string& field) const {
    return path_.empty() ? field : (field.empty() ? path_ : path_ + "." + field);
}

void TomlFields::fail_at(TomlPosition position,
                         const std::string& field,
                         const std::string& problem) const {
    throw UsageError(
        position.line == 0
            ? fmt::format("{}: {}: {}", file_, field, problem)
            : fmt::format(
                  "{}:{}:{}: {}: {}", file_, position.line, position.column, field, problem));
}

void TomlFields::fail(const std::string& field, const std::string& problem) const {
    TomlPosition position = table_->position;
    for (const TomlMember& member : table_->members) {
        if (member.key == field) {
            position = member.value.position;
        }
    }
    fail_at(position, full(field), problem);
}

void TomlFields::fail(const Placed& value, const std::string& problem) const {
    fail_at(value.position, value.field, problem);
}

const TomlNode* TomlFields::find(const std::string& field) {
    known_.insert(field);
    for (const TomlMember& member : table_->members) {
        if (member.key == field) {
            return &member.value;
        }
    }
    return nullptr;
}

const TomlNode* TomlFields::expect(const std::string& field, Kind kind) {
    const TomlNode* node = find(field);
    if (node != nullptr && node->kind != kind) {
        fail(field, fmt::format("must be {}, and is {}", to_string(kind), to_string(node->kind)));
    }
    return node;
}

void TomlFields::read(const std::string& field, std::string& target) {
    if (const TomlNode* node = expect(field, Kind::text)) {
        target = node->text;
    }
}

void TomlFields::read(const std::string& field, bool& target) {
    if (const TomlNode* node = expect(field, Kind::boolean)) {
        target = node->boolean;
    }
}

void TomlFields::read_whole(const std::string& field,
                            std::uint64_t& target,
                            std::uint64_t least,
                            std::uint64_t most) {
    if (const TomlNode* node = expect(field, Kind::integer)) {
        if (node->integer < 0 || static_cast<std::uint64_t>(node->integer) < least ||
            static_cast<std::uint64_t>(node->integer) > most) {
            fail(field, fmt::format("{} is not from {} to {}", node->integer, least, most));
        }
        target = static_cast<std::uint64_t>(node->integer);
    }
}

void TomlFields::read_whole(const std::string& field,
                            std::uint32_t& target,
                            std::uint32_t least,
                            std::uint32_t most) {
    std::uint64_t value = target;
    read_whole(field, value, std::uint64_t{least}, std::uint64_t{most});
    target = static_cast<std::uint32_t>(value);
}

void TomlFields::read_number(const std::string& field, double& target, double least, double most) {
    const TomlNode* node = find(field);
    if (node == nullptr) {
        return;
    }
    if (node->kind != Kind::integer && node->kind != Kind::real) {
        fail(field, fmt::format("must be a number, and is {}", to_string(node->kind)));
    }
    const double value = node->kind == Kind::real ? node->real : static_cast<double>(node->integer);
    if (!(value >= least && value <= most)) {
        fail(field, fmt::format("{} is not from {} to {}", value, least, most));
    }
    target = value;
}

void TomlFields::read_time(const std::string& field, double& target, double least, double most) {
    const TomlNode* node = expect(field, Kind::text);
    if (node == nullptr) {
        return;
    }
    const std::optional<double> seconds = seconds_of(node->text);
    if (!seconds) {
        fail(field,
             fmt::format("\"{}\" is no time; write one such as \"90s\", \"5m\" or \"8h\"",
                         printable(node->text)));
    }
    if (!(*seconds >= least && *seconds <= most)) {
        fail(field, fmt::format("{} is not from {:g} s to {:g} s", node->text, least, most));
    }
    target = *seconds;
}

void TomlFields::read_list(const std::string& field,
                           std::vector<Placed>& target,
                           std::size_t most) {
    const TomlNode* node = find(field);
    if (node == nullptr) {
        return;
    }
    if (node->kind == Kind::text) {
        target = {{node->text, node->position, full(field)}};
        return;
    }
    static_cast<void>(expect(field, Kind::array));
    if (node->elements.size() > most) {
        fail(field, fmt::format("has {} entries, more than {}", node->elements.size(), most));
    }
    target.clear();
    for (const TomlNode& element : node->elements) {
        Placed value{
            element.text, element.position, fmt::format("{}[{}]", full(field), target.size())};
        if (element.kind != Kind::text) {
            fail(value, fmt::format("must be a text, and is {}", to_string(element.kind)));
        }
        target.push_back(std::move(value));
    }
}

void TomlFields::read_texts(const std::string& field,
                            std::vector<Placed>& target,
                            std::size_t most) {
    read_list(field, target, most);
    if (find(field) != nullptr && target.empty()) {
        fail(field, "is empty; name at least one, or leave the field out");
    }
    for (auto value = target.begin(); value != target.end(); ++value) {
        if (std::find_if(target.begin(), value, [&](const Placed& other) {
                return other.text == value->text;
            }) != value) {
            fail(*value,
                 fmt::format("\"{}\" stands there twice; remove one", printable(value->text)));
        }
    }
}

void TomlFields::read_whole_list(const std::string& field,
                                 std::vector<std::uint32_t>& target,
                                 std::uint32_t least,
                                 std::uint32_t most,
                                 std::size_t count_max) {
    const TomlNode* node = find(field);
    if (node == nullptr) {
        return;
    }
    const std::vector<TomlNode> one = {*node};
    const std::vector<TomlNode>& elements = node->kind == Kind::array ? node->elements : one;
    if (elements.empty() || elements.size() > count_max) {
        fail(field, fmt::format("must have from 1 to {} numbers", count_max));
    }
    target.clear();
    for (const TomlNode& element : elements) {
        const Placed place{"", element.position, fmt::format("{}[{}]", full(field), target.size())};
        if (element.kind != Kind::integer || element.integer < least || element.integer > most) {
            fail(place, fmt::format("must be a whole number from {} to {}", least, most));
        }
        const auto value = static_cast<std::uint32_t>(element.integer);
        if (std::ranges::find(target, value) != target.end()) {
            fail(place, fmt::format("{} stands there twice; remove one", value));
        }
        target.push_back(value);
    }
}

TomlFields TomlFields::table(const std::string& field) {
    return {*expect(field, Kind::table), file_, full(field)};
}

std::vector<TomlFields> TomlFields::tables(const std::string& field, std::size_t most) {
    const TomlNode* node = find(field);
    std::vector<TomlFields> found;
    if (node == nullptr) {
        return found;
    }
    if (node->kind != Kind::array || std::ranges::any_of(node->elements, [](const TomlNode& e) {
            return e.kind != Kind::table;
        })) {
        fail(field, fmt::format("must be tables; begin each with [[{}]]", full(field)));
    }
    if (node->elements.size() > most) {
        fail(field, fmt::format("there are {}, more than {}", node->elements.size(), most));
    }
    for (const TomlNode& element : node->elements) {
        found.emplace_back(element, file_, fmt::format("{}[{}]", full(field), found.size()));
    }
    return found;
}

std::vector<std::pair<std::string, TomlFields>> TomlFields::named_tables(const std::string& field,
                                                                         std::size_t most) {
    std::vector<std::pair<std::string, TomlFields>> found;
    const TomlNode* node = expect(field, Kind::table);
    if (node == nullptr) {
        return found;
    }
    if (node->members.size() > most) {
        fail(field, fmt::format("there are {}, more than {}", node->members.size(), most));
    }
    for (const TomlMember& member : node->members) {
        if (member.value.kind != Kind::table) {
            fail_at(
                member.position,
                full(field) + "." + printable(member.key),
                fmt::format(
                    "must be a table; begin it with [{}.{}]", full(field), printable(member.key)));
        }
        found.emplace_back(
            member.key, TomlFields(member.value, file_, full(field) + "." + printable(member.key)));
    }
    return found;
}

void TomlFields::finish() const {
    for (const TomlMember& member : table_->members) {
        if (!known_.contains(member.key)) {
            fail_at(
                member.position,
                full(printable(member.key)),
                "there is no such field" + suggestion(member.key, {known_.begin(), known_.end()}));
        }
    }
}

}  // namespace squall::harness::suite
