#include "checker/trace_invariant.hpp"

#include <fmt/format.h>

namespace squall::checker {

namespace {

constexpr std::size_t sentences_max = 10;

std::string words(const TraceEventId& event) {
    return fmt::format("n{} life {} event {}", event.node, event.incarnation, event.sequence);
}

}  // namespace

void TraceInvariant::violate(const TraceEventId& event,
                             const TraceEventId& other,
                             const std::string& sentence) {
    violate(event, fmt::format("{}, against {}", sentence, words(other)));
}

void TraceInvariant::violate(const TraceEventId& event, const std::string& sentence) {
    ++violations_;
    if (sentences_.size() < sentences_max) {
        // The event comes last: reports look for it there.
        sentences_.push_back(fmt::format("{}: {} ({})", property_, sentence, words(event)));
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
        check.verdict = needed_ ? Verdict::unknown : Verdict::valid;
        const std::string nothing = fmt::format("no {} was traced", wanted_);
        if (needed_) {
            check.reason = nothing;
        } else {
            check.details.push_back(nothing);
        }
    }
    return check;
}

}  // namespace squall::checker
