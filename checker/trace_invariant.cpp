#include "checker/trace_invariant.hpp"

#include <fmt/format.h>

namespace squall::checker {

namespace {

constexpr std::size_t sentences_max = 10;

}  // namespace

void TraceInvariant::violate(const TraceRecord& record, const std::string& sentence) {
    ++violations_;
    if (sentences_.size() < sentences_max) {
        sentences_.push_back(fmt::format("{} (n{} life {} event {})",
                                         sentence,
                                         record.node,
                                         record.incarnation,
                                         record.sequence));
    }
}

Check TraceInvariant::check() const {
    Check check;
    check.name = name_;
    check.detector = "trace";
    if (violations_ > 0) {
        check.verdict = Verdict::invalid;
        check.reason = sentences_.front();
        check.details = sentences_;
        if (violations_ > sentences_.size()) {
            check.details.push_back(fmt::format("and {} more", violations_ - sentences_.size()));
        }
    } else if (!seen_) {
        check.verdict = Verdict::unknown;
        check.reason = fmt::format("no {} was traced", wanted_);
    }
    return check;
}

}  // namespace squall::checker
