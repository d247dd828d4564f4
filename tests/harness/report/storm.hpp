// A small run made by hand: two clients, one partition that bit, a stale read where asked for.
#pragma once

#include <string>
#include <vector>

#include "harness/run_record.hpp"

namespace squall::harness::testing {

/// Builds the events of a record one by one, with indices and times of its own.
class RecordBuilder {
  public:
    RecordBuilder() {
        record_.plan.seed = 7;
        record_.plan.fault_classes = {"partition"};
        record_.plan.time_limit = std::chrono::seconds(1);
        record_.realised = record_.plan;
    }

    history::Event& add(history::EventType type) {
        history::Event event;
        event.index = record_.events.size();
        event.time = std::chrono::milliseconds(record_.events.size());
        event.type = type;
        record_.events.push_back(event);
        return record_.events.back();
    }

    RecordBuilder& note(const std::string& text) {
        add(history::EventType::note).text = text;
        return *this;
    }

    RecordBuilder& operation(history::EventType type,
                             history::ClientId client,
                             const std::string& function,
                             history::Value value) {
        history::Event& event = add(type);
        event.client = client;
        event.node = 1;
        event.function = function;
        event.key = "k0";
        event.value = std::move(value);
        return *this;
    }

    RecordBuilder& written(history::ClientId client, std::int64_t value) {
        operation(history::EventType::invoke, client, "write", value);
        return operation(history::EventType::ok, client, "write", {});
    }

    RecordBuilder& read(history::ClientId client, history::Value value, bool final = false) {
        operation(history::EventType::invoke, client, "read", {});
        record_.events.back().final_read = final;
        operation(history::EventType::ok, client, "read", std::move(value));
        record_.events.back().final_read = final;
        return *this;
    }

    RecordBuilder& partition(std::int64_t messages_cut) {
        for (const auto phase : {history::FaultPhase::begin, history::FaultPhase::end}) {
            history::FaultRecord fault;
            fault.id = 1;
            fault.name = "partition";
            fault.phase = phase;
            fault.detail = "cut {n1} | {n2 n3}";
            fault.targets = {{1, "leader"}};
            if (phase == history::FaultPhase::end) {
                fault.effect["messages_cut"] = messages_cut;
            }
            add(history::EventType::fault).fault = fault;
        }
        return *this;
    }

    RunRecord record_;
};

/// 150 writes, a partition, healing, one final read.
inline RecordBuilder storm(std::int64_t messages_cut, bool stale_read) {
    RecordBuilder builder;
    builder.note("phase: main");
    for (std::int64_t value = 1; value <= 150; ++value) {
        builder.written(0, value);
    }
    builder.partition(messages_cut);
    if (stale_read) {
        builder.read(1, std::int64_t{3});
    }
    builder.note("phase: heal").note("phase: settle").note("phase: final");
    builder.read(2, std::int64_t{150}, true);
    builder.note("phase: done");
    return builder;
}

}  // namespace squall::harness::testing
