// Strict reading of a JSON object, field by field: every problem is a Failure that names the file
// and the field, and a field that nobody asked for is one too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "history/event.hpp"

namespace squall::harness {

class JsonFields {
  public:
    using Json = nlohmann::ordered_json;

    /// `json` lives longer. `path` is how messages call it: "" or "faults[3]".
    JsonFields(const Json& json, std::string file, std::string path);

    [[noreturn]] void fail(const std::string& field, const std::string& problem) const;

    /// The value of the field, which must be an array.
    [[nodiscard]] const Json& array(const std::string& field, const Json& value) const;

    /// How messages call an element of the field: "nodes[2]".
    [[nodiscard]] static std::string element(const std::string& field, std::size_t index);

    /// The field, marked as known; null when it is absent.
    [[nodiscard]] const Json* find(const std::string& field);

    // Each leaves its target alone when the field is absent.

    void read(const std::string& field, std::string& target);
    void read(const std::string& field, bool& target);
    void read_unsigned(const std::string& field,
                       std::uint64_t& target,
                       std::uint64_t least = 0,
                       std::uint64_t most = std::numeric_limits<std::uint64_t>::max());
    void read_unsigned(const std::string& field,
                       std::uint32_t& target,
                       std::uint32_t least,
                       std::uint32_t most);
    void read_number(const std::string& field, double& target, double least, double most);

    /// Milliseconds, exact to the nanosecond: a double holds 100 days of them.
    void read_ms(const std::string& field,
                 history::Duration& target,
                 history::Duration least,
                 history::Duration most);

    [[nodiscard]] static double to_ms(history::Duration duration) {
        return static_cast<double>(duration.count()) / 1e6;
    }

    /// Throws when there are fields that nobody asked for.
    void finish() const;

  private:
    const Json& json_;
    std::string file_;
    std::string path_;
    std::set<std::string> known_;
};

}  // namespace squall::harness
