// Reads recorded logs of etcd as Jepsen wrote them, as plainly as can be, so that the benchmark
// needs no more than the checker.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "history/compact_history.hpp"

namespace squall::checker::testing {

/// Lines are "INFO  jepsen.util - PROCESS\t:TYPE\t:FUNCTION\tVALUE". A cas that failed does not say
/// what it found.
inline history::CompactHistory read_etcd_log(const std::filesystem::path& path) {
    using history::Outcome;
    using history::Value;
    std::vector<history::Operation> operations;
    std::map<int, std::size_t> open;
    std::ifstream file(path);
    std::uint64_t index = 0;
    for (std::string line; std::getline(file, line); ++index) {
        int process = 0;
        std::string word;
        std::string type;
        std::string function;
        std::string value;
        std::istringstream words(line);
        words >> word >> word >> word >> process >> type >> function;
        std::getline(words >> std::ws, value);
        const auto number = [](const std::string& text) {
            return text == "nil" ? Value{} : Value{static_cast<std::int64_t>(std::stoll(text))};
        };
        if (type == ":invoke") {
            open[process] = operations.size();
            history::Operation& operation = operations.emplace_back();
            operation.invoked = index;
            operation.client = process;
            operation.function = function.substr(1);
            if (operation.function == "write") {
                operation.argument = number(value);
            } else if (operation.function == "cas") {
                const std::size_t space = value.find(' ');
                operation.argument = Value::List{number(value.substr(1, space - 1)),
                                                 number(value.substr(space + 1))};
            }
        } else if (open.contains(process)) {
            history::Operation& operation = operations[open[process]];
            const bool cas = operation.function == "cas";
            if (type == ":ok" || (type == ":fail" && cas)) {
                operation.outcome = Outcome::ok;
                operation.completed = index;
                operation.any_result = type == ":fail";
                if (cas) {
                    operation.applied = type == ":ok";
                }
                if (operation.function == "read") {
                    operation.result = number(value);
                }
            } else if (type == ":fail") {
                operation.outcome = Outcome::fail;
                operation.completed = index;
            }
            open.erase(process);
        }
    }
    return history::compact(operations);
}

inline std::vector<history::CompactHistory> read_etcd_logs(const std::filesystem::path& directory) {
    std::vector<history::CompactHistory> histories;
    if (std::filesystem::is_directory(directory)) {
        for (const auto& entry : std::filesystem::directory_iterator(directory)) {
            histories.push_back(read_etcd_log(entry.path()));
        }
    }
    return histories;
}

}  // namespace squall::checker::testing
