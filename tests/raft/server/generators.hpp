// Random requests, replies and entries for the properties of the replica. Few keys, sessions and
// values, so that they meet.
#pragma once

#include <optional>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "raft/server/command.hpp"
#include "raft/server/request.hpp"
#include "raft/types.hpp"

namespace squall::raft::server {

inline rc::Gen<std::optional<std::string>> maybe_value() {
    return rc::gen::map(rc::gen::inRange(0, 4), [](int choice) {
        return choice == 0 ? std::nullopt : std::optional<std::string>(std::to_string(choice));
    });
}

inline rc::Gen<Request> any_request() {
    return rc::gen::exec([] {
        Request request;
        request.session = *rc::gen::inRange<std::uint64_t>(0, 6);
        request.sequence = *rc::gen::inRange<std::uint64_t>(1, 4);
        request.operation = static_cast<Operation>(*rc::gen::inRange(1, 8));
        request.key = *rc::gen::element<std::string>("a", "b", "c");
        request.value = std::to_string(*rc::gen::inRange(0, 4));
        if (request.operation == Operation::cas) {
            request.expected = *maybe_value();
        } else if (request.operation == Operation::cas_or_create) {
            request.expected = std::to_string(*rc::gen::inRange(0, 4));
        }
        return request;
    });
}

inline rc::Gen<Reply> any_reply() {
    return rc::gen::exec([] {
        Reply reply;
        reply.status = static_cast<ReplyStatus>(*rc::gen::inRange(0, 6));
        reply.leader = *rc::gen::inRange<NodeId>(0, 6);
        reply.applied = *rc::gen::arbitrary<bool>();
        reply.value = *maybe_value();
        reply.position.term = *rc::gen::arbitrary<std::uint64_t>();
        reply.position.index = *rc::gen::arbitrary<std::uint64_t>();
        reply.message = *rc::gen::arbitrary<std::string>();
        return reply;
    });
}

/// A log from index 1, with an occasional no-op and an occasional command that is no command.
inline rc::Gen<std::vector<Entry>> any_log() {
    return rc::gen::exec([] {
        const auto requests = *rc::gen::container<std::vector<Request>>(any_request());
        std::vector<Entry> log;
        Term term = 1;
        for (const Request& request : requests) {
            term += *rc::gen::inRange<Term>(0, 2);
            Entry entry{term, log.size() + 1, EntryKind::command, encode_command(request)};
            if (request.operation == Operation::get) {
                entry.kind = request.value == "0" ? EntryKind::command : EntryKind::noop;
                entry.data.clear();
            }
            log.push_back(entry);
        }
        return log;
    });
}

}  // namespace squall::raft::server
