// `squall check` for one file: what to judge it by, and what came out. The JSON of the result is
// what `--json` prints.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checker/check.hpp"
#include "checker/linearizability.hpp"
#include "history/formats/format.hpp"
#include "history/value.hpp"

namespace squall::harness::cli {

struct CheckFileOptions {
    std::string model;  ///< Empty: the file's own.
    history::formats::ReadOptions read;
    std::optional<history::Value> initial;
    checker::CheckOptions check;
    std::string page;  ///< Not empty: where a page of the history is written.
};

struct CheckedFile {
    std::string file;
    std::string error;  ///< Not empty: it could not be read, or not be judged.
    std::vector<std::string> warnings;
    checker::Verdict verdict = checker::Verdict::unknown;
    std::string format;
    std::string model;
    std::string engine;
    std::size_t operations = 0;
    std::size_t keys = 0;
    double read_ms = 0;
    double check_ms = 0;
    double peak_mb = 0;  ///< Of the process that judged it.
    std::string reason;
    std::vector<std::string> details;
};

/// A run's directory stands for its history. `read` is told when the file is read and not judged
/// yet. Never throws for what is wrong with the file.
[[nodiscard]] CheckedFile check_file(const std::string& path,
                                     const CheckFileOptions& options,
                                     const std::function<void(const CheckedFile&)>& read);

/// One line.
[[nodiscard]] std::string to_json(const CheckedFile& checked);

/// Of what `to_json` wrote.
[[nodiscard]] CheckedFile checked_file_of(std::string_view json);

/// `0`, `nil`, `"text"`, `[1 2]` or a word. Throws UsageError.
[[nodiscard]] history::Value value_from_flag(const std::string& text);

}  // namespace squall::harness::cli
