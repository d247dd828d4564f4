// The formats that recorded histories come in. docs/formats.md is the reference for what each of
// them means; each has a reader of its own in this folder.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "history/compact_history.hpp"
#include "history/jsonl.hpp"

namespace squall::history::formats {

enum class Format : std::uint8_t {
    jsonl,
    jepsen_edn,    ///< Jepsen's history.edn: a map a line, or records.
    knossos_edn,   ///< One vector or list of maps.
    porcupine_kv,  ///< Maps with get, put and append on texts.
    jepsen_log,    ///< Lines of a log, with tabs.
    hist_v1        ///< Tab-separated, `#hist-v1 model=M init=V`.
};

inline constexpr Format all_formats[] = {Format::jsonl,
                                         Format::jepsen_edn,
                                         Format::knossos_edn,
                                         Format::porcupine_kv,
                                         Format::jepsen_log,
                                         Format::hist_v1};

/// As on the command line: jsonl, jepsen-edn, ...
[[nodiscard]] const char* to_string(Format format);

[[nodiscard]] std::optional<Format> find_format(std::string_view name);

/// By how the file begins; nothing when it is none of them.
[[nodiscard]] std::optional<Format> sniff(std::string_view beginning);

/// What a cas that failed, of which the current value was not recorded, tells.
enum class FailedCas : std::uint8_t {
    strict,  ///< That the value was not the one expected.
    drop     ///< Nothing.
};

struct ReadOptions {
    std::optional<Format> format;         ///< Nothing: sniffed.
    std::optional<FailedCas> failed_cas;  ///< Nothing: as the format's own tool has it.
    /// In EDN: is every value [key value]? Nothing: where tuples are tagged, or reads begin as
    /// [key nil].
    std::optional<bool> keyed;
};

struct Imported {
    std::string name;  ///< For messages.
    CompactHistory history;
    Format format = Format::jsonl;
    bool compressed = false;
    std::string model;  ///< That the file names, or that its functions suggest; may be empty.
    std::uint64_t events = 0;
    std::optional<ParseError> error;  ///< Set: the history is not usable.
    std::vector<std::string> warnings;
};

/// Reads a history in any of the formats, also compressed by gzip. `name` is only for messages.
[[nodiscard]] Imported read_history(std::istream& in,
                                    std::string_view name,
                                    const ReadOptions& options);

[[nodiscard]] Imported read_history_file(const std::string& path, const ReadOptions& options);

}  // namespace squall::history::formats
