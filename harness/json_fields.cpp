#include "harness/json_fields.hpp"

#include <cmath>
#include <utility>

#include <nlohmann/json.hpp>

#include "harness/failure.hpp"
#include "history/text_input.hpp"

namespace squall::harness {

JsonFields::JsonFields(const Json& json, std::string file, std::string path)
    : json_(json), file_(std::move(file)), path_(std::move(path)) {
    if (!json.is_object()) {
        throw Failure(file_ + ": " + (path_.empty() ? "document" : path_) + ": must be an object");
    }
}

void JsonFields::fail(const std::string& field, const std::string& problem) const {
    const std::string place = path_.empty() ? "" : path_ + ".";
    throw Failure(file_ + ": " + place + history::printable(field) + ": " + problem);
}

const JsonFields::Json& JsonFields::array(const std::string& field, const Json& value) const {
    if (!value.is_array()) {
        fail(field, "must be an array");
    }
    return value;
}

std::string JsonFields::element(const std::string& field, std::size_t index) {
    return field + "[" + std::to_string(index) + "]";
}

const JsonFields::Json* JsonFields::find(const std::string& field) {
    known_.insert(field);
    const auto found = json_.find(field);
    return found == json_.end() ? nullptr : &*found;
}

void JsonFields::read(const std::string& field, std::string& target) {
    if (const Json* value = find(field)) {
        if (!value->is_string()) {
            fail(field, "must be a string");
        }
        target = value->get<std::string>();
    }
}

void JsonFields::read(const std::string& field, bool& target) {
    if (const Json* value = find(field)) {
        if (!value->is_boolean()) {
            fail(field, "must be true or false");
        }
        target = value->get<bool>();
    }
}

void JsonFields::read_unsigned(const std::string& field,
                               std::uint64_t& target,
                               std::uint64_t least,
                               std::uint64_t most) {
    if (const Json* value = find(field)) {
        if (!value->is_number_unsigned() || value->get<std::uint64_t>() < least ||
            value->get<std::uint64_t>() > most) {
            fail(
                field,
                "must be an integer from " + std::to_string(least) + " to " + std::to_string(most));
        }
        target = value->get<std::uint64_t>();
    }
}

void JsonFields::read_unsigned(const std::string& field,
                               std::uint32_t& target,
                               std::uint32_t least,
                               std::uint32_t most) {
    std::uint64_t wide = target;
    read_unsigned(field, wide, least, most);
    target = static_cast<std::uint32_t>(wide);
}

void JsonFields::read_number(const std::string& field, double& target, double least, double most) {
    if (const Json* value = find(field)) {
        if (!value->is_number() || value->get<double>() < least || value->get<double>() > most) {
            fail(field, "must be a number from " + Json(least).dump() + " to " + Json(most).dump());
        }
        target = value->get<double>();
    }
}

void JsonFields::read_ms(const std::string& field,
                         history::Duration& target,
                         history::Duration least,
                         history::Duration most) {
    double ms = to_ms(target);
    read_number(field, ms, to_ms(least), to_ms(most));
    target = history::Duration(std::llround(ms * 1e6));
}

void JsonFields::finish() const {
    for (const auto& [field, value] : json_.items()) {
        if (!known_.contains(field)) {
            fail(field, "unknown field");
        }
    }
}

}  // namespace squall::harness
