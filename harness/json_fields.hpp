// Strict reading of a JSON object, field by field: every problem is a Failure that names the file
// and the field, and a field that nobody asked for is one too. Only for .cpp files (heavy include).
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "harness/failure.hpp"
#include "history/event.hpp"

namespace squall::harness {

class JsonFields {
  public:
    using Json = nlohmann::ordered_json;

    /// `json` lives longer. `path` is how messages call it: "" or "faults[3]".
    JsonFields(const Json& json, std::string file, std::string path)
        : json_(json), file_(std::move(file)), path_(std::move(path)) {
        if (!json.is_object()) {
            throw Failure(file_ + ": " + (path_.empty() ? "document" : path_) +
                          ": must be an object");
        }
    }

    [[noreturn]] void fail(const std::string& field, const std::string& problem) const {
        throw Failure(file_ + ": " + (path_.empty() ? field : path_ + "." + field) + ": " +
                      problem);
    }

    /// The field, marked as known; null when it is absent.
    [[nodiscard]] const Json* find(const std::string& field) {
        known_.insert(field);
        const auto found = json_.find(field);
        return found == json_.end() ? nullptr : &*found;
    }

    void read(const std::string& field, std::string& target) {
        if (const Json* value = find(field)) {
            if (!value->is_string()) {
                fail(field, "must be a string");
            }
            target = value->get<std::string>();
        }
    }

    void read(const std::string& field, bool& target) {
        if (const Json* value = find(field)) {
            if (!value->is_boolean()) {
                fail(field, "must be true or false");
            }
            target = value->get<bool>();
        }
    }

    void read_unsigned(const std::string& field,
                       std::uint64_t& target,
                       std::uint64_t least = 0,
                       std::uint64_t most = std::numeric_limits<std::uint64_t>::max()) {
        if (const Json* value = find(field)) {
            if (!value->is_number_unsigned() || value->get<std::uint64_t>() < least ||
                value->get<std::uint64_t>() > most) {
                fail(field,
                     "must be an integer from " + std::to_string(least) + " to " +
                         std::to_string(most));
            }
            target = value->get<std::uint64_t>();
        }
    }

    void read_unsigned(const std::string& field,
                       std::uint32_t& target,
                       std::uint32_t least,
                       std::uint32_t most) {
        std::uint64_t wide = target;
        read_unsigned(field, wide, least, most);
        target = static_cast<std::uint32_t>(wide);
    }

    void read_number(const std::string& field, double& target, double least, double most) {
        if (const Json* value = find(field)) {
            if (!value->is_number() || !(value->get<double>() >= least) ||
                !(value->get<double>() <= most)) {
                fail(field, "must be a number from " + text(least) + " to " + text(most));
            }
            target = value->get<double>();
        }
    }

    /// Milliseconds, exact to the nanosecond: a double holds 100 days of them.
    void read_ms(const std::string& field, history::Duration& target, history::Duration least) {
        double ms = to_ms(target);
        read_number(field, ms, to_ms(least), 1e9);
        target = history::Duration(std::llround(ms * 1e6));
    }

    [[nodiscard]] static double to_ms(history::Duration duration) {
        return static_cast<double>(duration.count()) / 1e6;
    }

    /// Throws when there are fields that nobody asked for.
    void finish() const {
        for (const auto& [field, value] : json_.items()) {
            if (!known_.contains(field)) {
                fail(field, "unknown field");
            }
        }
    }

  private:
    [[nodiscard]] static std::string text(double number) { return Json(number).dump(); }

    const Json& json_;
    std::string file_;
    std::string path_;
    std::set<std::string> known_;
};

}  // namespace squall::harness
