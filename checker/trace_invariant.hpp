// Collects what one invariant over traces found, and turns it into a check. It decides nothing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "checker/check.hpp"
#include "checker/trace.hpp"

namespace squall::checker {

class TraceInvariant {
  public:
    /// `wanted` names what must have been traced for the invariant to mean anything: "leader".
    /// Both must outlive the object.
    TraceInvariant(const char* name, const char* wanted) : name_(name), wanted_(wanted) {}

    /// Something that the invariant speaks of was seen.
    void seen() { seen_ = true; }

    /// `sentence` says what is wrong; the record is where it came to light.
    void violate(const TraceRecord& record, const std::string& sentence);

    [[nodiscard]] bool holds() const { return violations_ == 0; }

    [[nodiscard]] Check check() const;

  private:
    const char* name_;
    const char* wanted_;
    bool seen_ = false;
    std::uint64_t violations_ = 0;
    std::vector<std::string> sentences_;  ///< Of the first few.
};

}  // namespace squall::checker
