#include "history/jsonl_compact.hpp"

#include <utility>

#include "history/compact_builder.hpp"
#include "history/jsonl_lines.hpp"
#include "history/jsonl_scan.hpp"

namespace squall::history {

namespace {

Outcome outcome_of(EventType type) {
    switch (type) {
        case EventType::ok:
            return Outcome::ok;
        case EventType::fail:
            return Outcome::fail;
        case EventType::invoke:
        case EventType::info:
        case EventType::fault:
        case EventType::note:
            break;
    }
    return Outcome::info;
}

Applied applied_of(std::optional<bool> applied) {
    if (!applied) {
        return Applied::unsaid;
    }
    return *applied ? Applied::yes : Applied::no;
}

class CompactReader {
  public:
    void add(std::string_view line, std::uint64_t index) {
        // An index of 2^32 - 1 would mean "never".
        if (index >= never_completed) {
            throw Malformed{"", "more than 2^32 events"};
        }
        const bool scanned = scan_event(line, builder_.values(), scanned_) &&
                             scanned_.index == index && scanned_.time >= time_;
        const std::optional<std::string> problem =
            scanned ? add_scanned() : add_event(event_of_line(line, index, Time{time_}));
        if (problem) {
            throw Malformed{"client", *problem};
        }
        ++events_;
    }

    [[nodiscard]] std::uint64_t events() const { return events_; }

    [[nodiscard]] CompactHistory take() { return builder_.take(); }

  private:
    std::optional<std::string> add_scanned() {
        time_ = scanned_.time;
        const auto index = static_cast<EventIndex>(scanned_.index);
        const ScannedValue& value = scanned_.value;
        ValueTable& values = builder_.values();
        if (scanned_.type == EventType::invoke) {
            const bool pair = value.list && value.elements == 2 && is_cas(scanned_.function);
            const CompactArgument argument =
                pair ? CompactArgument{value.first, value.second, true}
                     : CompactArgument{whole(value, values), null_value, false};
            return builder_.invoke(index,
                                   {.client = scanned_.client,
                                    .node = scanned_.node,
                                    .function = scanned_.function,
                                    .key = scanned_.key,
                                    .argument = argument,
                                    .final_read = scanned_.final_read});
        }
        const bool ok = scanned_.type == EventType::ok;
        return builder_.complete(index,
                                 {.client = scanned_.client,
                                  .node = scanned_.node,
                                  .function = scanned_.function,
                                  .key = scanned_.key,
                                  .outcome = outcome_of(scanned_.type),
                                  .result = ok ? whole(value, values) : null_value,
                                  .applied = scanned_.applied,
                                  .position = scanned_.position});
    }

    std::optional<std::string> add_event(const Event& event) {
        time_ = event.time.count();
        const auto index = static_cast<EventIndex>(event.index);
        switch (event.type) {
            case EventType::invoke:
                return builder_.invoke(index,
                                       {.client = event.client,
                                        .node = event.node,
                                        .function = event.function,
                                        .key = event.key,
                                        .argument = builder_.argument(event.function, event.value),
                                        .final_read = event.final_read});
            case EventType::ok:
            case EventType::fail:
            case EventType::info:
                return builder_.complete(
                    index,
                    {.client = event.client,
                     .node = event.node,
                     .function = event.function,
                     .key = event.key,
                     .outcome = outcome_of(event.type),
                     .result = event.type == EventType::ok ? builder_.values().intern(event.value)
                                                           : null_value,
                     .applied = applied_of(event.applied),
                     .position = event.position});
            case EventType::fault:
            case EventType::note:
                break;
        }
        return std::nullopt;
    }

    CompactBuilder builder_;
    ScannedEvent scanned_;
    std::int64_t time_ = 0;
    std::uint64_t events_ = 0;
};

}  // namespace

LoadedCompact load_compact(std::istream& in, std::string_view name) {
    LoadedCompact loaded;
    CompactReader reader;
    loaded.error = read_event_lines(
        in, name, loaded.warnings, [&](std::string_view line, std::uint64_t index) {
            reader.add(line, index);
        });
    loaded.events = reader.events();
    loaded.history = reader.take();
    return loaded;
}

}  // namespace squall::history
