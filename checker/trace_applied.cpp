#include "checker/trace_applied.hpp"

#include <fmt/format.h>

#include "history/text_input.hpp"

namespace squall::checker {

void AppliedHash::applied(const TraceEventId& event,
                          std::uint64_t index,
                          std::uint64_t term,
                          std::uint64_t hash) {
    invariant_.seen();
    const auto [known, first] = applied_.try_emplace(index, Applied{term, hash, event});
    const Applied& other = known->second;
    if (!first && (other.term != term || other.hash != hash)) {
        invariant_.violate(
            event,
            other.event,
            fmt::format("at index {} n{} (life {}) had applied term {} hash {:016x}, but n{} "
                        "term {} hash {:016x}",
                        index,
                        other.event.node,
                        other.event.incarnation,
                        other.term,
                        other.hash,
                        event.node,
                        term,
                        hash));
    }
}

void ExactlyOnce::took_effect(const TraceEventId& event,
                              std::uint64_t index,
                              const TraceEffect& effect) {
    const bool none = effect.session == 0;
    if (!none) {
        invariant_.seen();
    }
    const auto [here, first_here] = effects_.try_emplace(index, Effect{effect, event});
    if (!first_here) {
        if (here->second.effect != effect) {
            const auto words = [](const TraceEffect& what) {
                return what == TraceEffect{} ? std::string("nothing took effect")
                                             : fmt::format("request {} of session {} took effect",
                                                           what.sequence,
                                                           what.session);
            };
            invariant_.violate(event,
                               here->second.event,
                               fmt::format("at index {} {} on n{}, but {} on n{}",
                                           index,
                                           words(effect),
                                           event.node,
                                           words(here->second.effect),
                                           here->second.event.node));
        }
        return;
    }
    if (none) {
        return;
    }
    const auto [place, first] =
        places_.try_emplace({effect.session, effect.sequence}, Place{index, event});
    if (!first && place->second.index != index) {
        invariant_.violate(event,
                           place->second.event,
                           fmt::format("request {} of session {} took effect at index {} on n{} "
                                       "and again at index {} on n{}",
                                       effect.sequence,
                                       effect.session,
                                       place->second.index,
                                       place->second.event.node,
                                       index,
                                       event.node));
    }
}

void BoundedResources::told(const TraceRecord& record, const TraceBound& bound) {
    invariant_.seen();
    const TraceEventId event = TraceEventId::of(record);
    const std::string what = history::printable(bound.what);
    if (bound.value > bound.limit) {
        invariant_.violate(
            event,
            fmt::format("{} of n{} reached {}, and {} is the limit by its configuration",
                        what,
                        record.node,
                        bound.value,
                        bound.limit));
    }
    const auto [known, first] =
        limits_.try_emplace({record.node, bound.what}, Limit{bound.limit, event});
    if (!first && known->second.event.incarnation == record.incarnation &&
        known->second.value != bound.limit) {
        invariant_.violate(event,
                           known->second.event,
                           fmt::format("the limit of {} on n{} went from {} to {} within a life",
                                       what,
                                       record.node,
                                       known->second.value,
                                       bound.limit));
    }
    known->second = {bound.limit, event};
}

}  // namespace squall::checker
