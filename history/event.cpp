#include "history/event.hpp"

namespace squall::history {

const char* to_string(EventType type) {
    switch (type) {
        case EventType::invoke:
            return "invoke";
        case EventType::ok:
            return "ok";
        case EventType::fail:
            return "fail";
        case EventType::info:
            return "info";
        case EventType::fault:
            return "fault";
        case EventType::note:
            return "note";
    }
    return "?";
}

const char* to_string(FaultPhase phase) {
    switch (phase) {
        case FaultPhase::begin:
            return "begin";
        case FaultPhase::end:
            return "end";
        case FaultPhase::skipped:
            return "skipped";
    }
    return "?";
}

}  // namespace squall::history
