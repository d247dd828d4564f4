// Writes a node's trace file: JSON lines as docs/trace-format.md describes them. Formatting is
// apart from writing so that it can be tested and reused.
//
// Invariant: within one file the sequence numbers count from 0 without a gap.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "raft/trace.hpp"

namespace squall::raft::node {

/// Which life of which node an event belongs to.
struct TraceSource {
    NodeId node = no_node;
    std::uint64_t incarnation = 0;
};

/// The first line of a file, with its newline.
[[nodiscard]] std::string format_trace_header(const TraceSource& source);

/// Appends one line. `now` is the node's monotonic clock.
void append_trace_line(std::string& out,
                       const TraceSource& source,
                       std::uint64_t sequence,
                       Time now,
                       const TraceEvent& event);

class TraceWriter {
  public:
    /// Creates `directory` if needed, and in it trace-<incarnation>.jsonl for the smallest
    /// incarnation from 1 that has no file yet. Throws std::system_error.
    TraceWriter(const std::string& directory, NodeId node);
    ~TraceWriter();
    TraceWriter(const TraceWriter&) = delete;
    TraceWriter& operator=(const TraceWriter&) = delete;

    /// All events in one write(2); they are in the kernel when it returns. Throws
    /// std::system_error.
    void write(Time now, std::span<const TraceEvent> events);

    [[nodiscard]] std::uint64_t incarnation() const { return source_.incarnation; }

  private:
    void write_all(std::string_view bytes);

    TraceSource source_;
    int file_ = -1;
    std::uint64_t next_sequence_ = 0;
    std::string buffer_;
};

}  // namespace squall::raft::node
