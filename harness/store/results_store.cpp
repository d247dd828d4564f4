#include "harness/store/results_store.hpp"

#include <charconv>

#include "harness/store/sqlite_values.hpp"

namespace squall::harness::store {

std::uint64_t unsigned_of(const std::string& text) {
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

const char* to_string(SuiteState state) {
    switch (state) {
        case SuiteState::running:
            return "running";
        case SuiteState::finished:
            return "finished";
        case SuiteState::abandoned:
            return "abandoned";
    }
    return "running";
}

const char* to_string(CellState state) {
    switch (state) {
        case CellState::pending:
            return "pending";
        case CellState::done:
            return "done";
        case CellState::not_run:
            return "not_run";
    }
    return "pending";
}

const char* to_string(AttemptState state) {
    switch (state) {
        case AttemptState::open:
            return "open";
        case AttemptState::ended:
            return "ended";
        case AttemptState::lost:
            return "lost";
    }
    return "open";
}

}  // namespace squall::harness::store
