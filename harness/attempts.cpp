#include "harness/attempts.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "harness/failure.hpp"

namespace squall::harness {

namespace {

/// More attempts than nodes, so that a hint which was just outdated can still be followed up.
constexpr int spare_attempts = 2;

}  // namespace

Attempts::Attempts(Invocation invocation, std::uint32_t nodes)
    : invocation_(std::move(invocation)),
      nodes_(nodes),
      mutation_(workloads::is_mutation(invocation_.request.function)) {}

Attempts::Step Attempts::start() {
    return send(invocation_.node);
}

Attempts::Step Attempts::on_reply(const NodeReply& reply) {
    const auto why = [&reply](const char* status) {
        return reply.error.empty() ? std::string(status) : reply.error;
    };
    switch (reply.status) {
        case NodeReply::Status::ok:
            return answer(reply);
        case NodeReply::Status::not_leader:
            return next(reply.leader, why("not-leader"), asked_);
        case NodeReply::Status::unknown:
            return doubtful(reply.leader, why("unknown"), asked_);
        case NodeReply::Status::overloaded:
            return refuse(why("overloaded"), asked_);
        case NodeReply::Status::session_expired:
            return refuse(why("session-expired"), asked_);
        case NodeReply::Status::malformed:
            return refuse(why("malformed"), asked_);
        case NodeReply::Status::refused:
            return refuse(why("refused"), asked_);
    }
    return refuse("malformed", asked_);
}

Attempts::Step Attempts::on_refused() {
    return next(0, "connection-refused", 0);
}

Attempts::Step Attempts::on_lost() {
    return doubtful(0, "connection-lost", 0);
}

Attempts::Step Attempts::send(NodeId node) {
    asked_ = node;
    ++attempts_;
    return Send{node};
}

Attempts::Step Attempts::next(NodeId hint, const std::string& why, NodeId answered) {
    if (attempts_ >= static_cast<int>(nodes_) + spare_attempts) {
        return refuse(why, answered);
    }
    const bool usable = hint >= 1 && hint <= nodes_ && hint != asked_;
    return send(usable ? hint : asked_ % nodes_ + 1);
}

Attempts::Step Attempts::doubtful(NodeId hint, const std::string& why, NodeId answered) {
    // A read leaves nothing behind, so that asking again is the same as asking for the first time.
    if (mutation_) {
        doubt_ = why;
        // Without a number the server cannot tell that a second request is the first one again.
        if (invocation_.sequence == 0) {
            return refuse(why, answered);
        }
    }
    return next(hint, why, answered);
}

Answer Attempts::refuse(const std::string& why, NodeId answered) const {
    Answer answer;
    answer.outcome = doubt_.empty() ? history::Outcome::fail : history::Outcome::info;
    answer.error = doubt_.empty() ? why : doubt_;
    answer.node = answered;
    return answer;
}

Answer Attempts::answer(const NodeReply& reply) const {
    Answer answer;
    answer.outcome = history::Outcome::ok;
    answer.node = asked_;
    const bool conditional = workloads::is_conditional(invocation_.request.function);
    if (conditional) {
        answer.applied = reply.applied;
    } else if (mutation_ && !reply.applied) {
        // It had no effect, but it has used its number up: the client cannot go on with it.
        answer.outcome = history::Outcome::info;
        answer.error = std::string("not-applied");
        return answer;
    }
    if ((!mutation_ || (conditional && !reply.applied)) && reply.value) {
        answer.value = seen_as(invocation_.request.object, *reply.value);
    }
    if (reply.position != history::LogPosition{}) {
        answer.position = reply.position;
    }
    return answer;
}

std::string to_wire(const history::Value& value) {
    if (const std::int64_t* number = value.as_int()) {
        return std::to_string(*number);
    }
    if (const std::string* text = value.as_string()) {
        return *text;
    }
    throw Failure("a value that is neither an integer nor a string cannot be sent to a node");
}

history::Value from_wire(const std::string& bytes) {
    std::int64_t number = 0;
    const char* end = bytes.data() + bytes.size();
    const auto parsed = std::from_chars(bytes.data(), end, number);
    // Only the form that to_wire produces, so that "007" and "-0" stay the strings they are.
    if (parsed.ec == std::errc() && parsed.ptr == end && std::to_string(number) == bytes) {
        return number;
    }
    return bytes;
}

std::string suffix_to_wire(const workloads::Request& request) {
    const bool elements =
        request.object == workloads::Object::list || request.object == workloads::Object::set;
    return to_wire(request.value) + (elements ? "," : "");
}

history::Value seen_as(workloads::Object object, const history::Value& value) {
    const std::string* bytes = value.as_string();
    const bool elements = object == workloads::Object::list || object == workloads::Object::set;
    if (!elements || bytes == nullptr || !bytes->ends_with(',')) {
        return value;
    }
    history::Value::List list;
    for (std::size_t begin = 0; begin < bytes->size();) {
        const std::size_t end = bytes->find(',', begin);
        list.push_back(from_wire(bytes->substr(begin, end - begin)));
        begin = end + 1;
    }
    if (object == workloads::Object::set) {
        std::sort(list.begin(), list.end());
    }
    return list;
}

}  // namespace squall::harness
