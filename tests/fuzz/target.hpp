// What is fuzzed: a parser of bytes from outside, together with what must hold of whatever it
// accepts. The same targets run under libFuzzer (scripts/fuzz) and, on mutations that are the same
// every time, in the test suite.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace squall::fuzz {

struct Target {
    std::string_view name;
    /// Must neither crash nor hang nor take much memory, whatever the bytes. True: the parser
    /// accepted something, which tells whether the inputs reach what lies behind checksums.
    bool (*run)(std::string_view input);
    /// Inputs to begin with, all accepted, made by the project's own writers.
    std::vector<std::string> (*seeds)();
    /// Words of the format, for mutations.
    std::vector<std::string> (*tokens)();
    /// Of JSON, one document a line: the field that counts lines. One document: empty. Of other
    /// formats: null.
    const char* json_counter = nullptr;
};

extern const Target peer_frames;
extern const Target client_protocol;
extern const Target wal;
extern const Target snapshot;
extern const Target history_lines;
extern const Target history_formats;
extern const Target plan;
extern const Target trace;
extern const Target node_messages;
extern const Target results;

[[nodiscard]] std::span<const Target* const> targets();

/// Ends the program, which is how a fuzzer and the test suite learn of it.
void must(bool holds, std::string_view what);

/// Takes an input apart; yields zeros and empty strings behind its end.
class Feed {
  public:
    explicit Feed(std::string_view input) : rest_(input) {}

    [[nodiscard]] bool empty() const { return rest_.empty(); }

    std::uint8_t byte() {
        const std::string_view one = bytes(1);
        return one.empty() ? 0 : static_cast<std::uint8_t>(one.front());
    }

    /// Mostly small, sometimes any.
    std::uint64_t number() {
        const std::uint8_t first = byte();
        if (first < 0xF8) {
            return first;
        }
        std::uint64_t value = 0;
        for (const char c : bytes(8)) {
            value = (value << 8U) | static_cast<unsigned char>(c);
        }
        return value;
    }

    std::string_view bytes(std::size_t count) {
        const std::string_view taken = rest_.substr(0, count);
        rest_.remove_prefix(taken.size());
        return taken;
    }

    std::string_view rest() { return bytes(rest_.size()); }

  private:
    std::string_view rest_;
};

}  // namespace squall::fuzz
