// Collects what one invariant over traces found, and turns it into a check. It decides nothing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "checker/check.hpp"
#include "checker/trace.hpp"

namespace squall::checker {

/// Names one event of one life of one node.
struct TraceEventId {
    NodeId node = 0;
    std::uint64_t incarnation = 0;
    std::uint64_t sequence = 0;

    [[nodiscard]] static TraceEventId of(const TraceRecord& record) {
        return {record.node, record.incarnation, record.sequence};
    }

    friend bool operator==(const TraceEventId&, const TraceEventId&) = default;
};

class TraceInvariant {
  public:
    /// `property` is the paper's or dissertation's name for it, with the section. `wanted` names
    /// what must have been traced for the invariant to mean anything: "leader". All must outlive
    /// the object.
    TraceInvariant(const char* name, const char* property, const char* wanted)
        : name_(name), property_(property), wanted_(wanted) {}

    /// Of something that a node need not tell: valid where it was never told.
    struct IfTold {};

    TraceInvariant(const char* name, const char* property, const char* wanted, IfTold /*unused*/)
        : name_(name), property_(property), wanted_(wanted), needed_(false) {}

    /// Something that the invariant speaks of was seen.
    void seen() { seen_ = true; }

    /// `sentence` says what is wrong; `event` is where it came to light, and `other` the event that
    /// it contradicts.
    void violate(const TraceEventId& event, const TraceEventId& other, const std::string& sentence);

    /// The event is wrong by itself.
    void violate(const TraceEventId& event, const std::string& sentence);

    [[nodiscard]] bool holds() const { return violations_ == 0; }

    [[nodiscard]] Check check() const;

  private:
    const char* name_;
    const char* property_;
    const char* wanted_;
    bool needed_ = true;
    bool seen_ = false;
    std::uint64_t violations_ = 0;
    std::vector<std::string> sentences_;  ///< Of the first few.
};

}  // namespace squall::checker
