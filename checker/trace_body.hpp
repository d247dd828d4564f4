// One line of a trace file: its fields, strictly read, and the event that they make.
#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "checker/trace.hpp"

namespace squall::checker {

/// A field that is not what the format says. Caught where file and line are known.
struct Malformed {
    std::string field;
    std::string problem;
};

/// The field must be there. Throws Malformed.
[[nodiscard]] const nlohmann::json& require(const nlohmann::json& line, const char* field);

/// A non-negative integer. Throws Malformed.
[[nodiscard]] std::uint64_t number(const nlohmann::json& line, const char* field);
[[nodiscard]] NodeId node_id(const nlohmann::json& line, const char* field);
[[nodiscard]] std::int64_t time_ns(const nlohmann::json& line, const char* field);

/// By the field `type`. Throws Malformed.
[[nodiscard]] TraceBody trace_body_of(const nlohmann::json& line);

}  // namespace squall::checker
