#include "history/jsonl.hpp"

#include <cerrno>
#include <fstream>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "history/jsonl_lines.hpp"
#include "history/text_input.hpp"

namespace squall::history {

std::string ParseError::message() const {
    if (line == 0) {
        return fmt::format("{}: {}", file, problem);
    }
    return field.empty() ? fmt::format("{}:{}: {}", file, line, problem)
                         : fmt::format("{}:{}: {}: {}", file, line, field, problem);
}

Loaded load(std::istream& in, std::string_view name) {
    Loaded loaded;
    const auto add = [&](std::string_view line, std::uint64_t index) {
        const Time before = loaded.events.empty() ? Time{} : loaded.events.back().time;
        loaded.events.push_back(event_of_line(line, index, before));
    };
    loaded.error = read_event_lines(in, name, loaded.warnings, add);
    return loaded;
}

Loaded load_file(const std::string& path) {
    std::string problem = obstacle_to_reading(path);
    if (problem.empty()) {
        std::ifstream in(path, std::ios::binary);
        if (in) {
            return load(in, path);
        }
        problem = "cannot be opened: " + std::generic_category().message(errno);
    }
    Loaded loaded;
    loaded.error = ParseError{path, 0, "", std::move(problem)};
    return loaded;
}

}  // namespace squall::history
