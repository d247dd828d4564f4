#include "harness/node_message.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/failure.hpp"
#include "history/text_input.hpp"

namespace squall::harness {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t line_bytes_max = 4096;
constexpr std::size_t depth_max = 4;
constexpr std::array fates{Fate::arrived, Fate::cut, Fate::dropped, Fate::nobody, Fate::under_way};
constexpr std::uint64_t node_max = 1000;

template <typename Integer>
Integer integer(const Json& json, const char* field) {
    const auto found = json.find(field);
    if (found == json.end()) {
        return 0;
    }
    const bool fits =
        found->is_number_unsigned()
            ? std::in_range<Integer>(found->get<std::uint64_t>())
            : found->is_number_integer() && std::in_range<Integer>(found->get<std::int64_t>());
    if (!fits) {
        throw Failure(fmt::format("{}: not a whole number in range", field));
    }
    return found->get<Integer>();
}

history::Time moment(const Json& json, const char* field) {
    constexpr std::int64_t most = 1'000'000'000'000'000'000;
    const auto ns = integer<std::int64_t>(json, field);
    if (ns < 0 || ns > most) {
        throw Failure(fmt::format("{}: no time of a run", field));
    }
    return history::Time(ns);
}

history::NodeId node(const Json& json, const char* field) {
    const auto id = integer<history::NodeId>(json, field);
    if (id > node_max) {
        throw Failure(fmt::format("{}: there is no node {}", field, id));
    }
    return id;
}

Fate fate_from(const std::string& word) {
    for (const Fate fate : fates) {
        if (word == to_string(fate)) {
            return fate;
        }
    }
    throw Failure("fate: there is no " + history::printable(word));
}

NodeMessage message_from(std::string_view line) {
    if (history::nests_deeper(line, depth_max)) {
        throw Failure("nests too deep");
    }
    const Json json = Json::parse(line, nullptr, false);
    if (!json.is_object()) {
        throw Failure("not a JSON object");
    }
    NodeMessage message;
    message.sent = moment(json, "sent");
    message.received = moment(json, "received");
    message.fate = fate_from(json.at("fate").get<std::string>());
    message.from = node(json, "from");
    message.to = node(json, "to");
    message.client = json.contains("client") ? integer<history::ClientId>(json, "client") : -1;
    message.name = json.at("name").get<std::string>();
    message.term = integer<std::uint64_t>(json, "term");
    message.index = integer<std::uint64_t>(json, "index");
    message.entries = integer<std::uint64_t>(json, "entries");
    message.agreed = json.value("agreed", false);
    message.pre_vote = json.value("pre_vote", false);
    message.copy = json.value("copy", false);
    message.word = json.value("word", "");
    return message;
}

}  // namespace

const char* to_string(Fate fate) {
    switch (fate) {
        case Fate::arrived:
            return "arrived";
        case Fate::cut:
            return "cut";
        case Fate::dropped:
            return "dropped";
        case Fate::nobody:
            return "nobody";
        case Fate::under_way:
            break;
    }
    return "under_way";
}

std::string to_line(const NodeMessage& message) {
    Json json = {{"sent", message.sent.count()},
                 {"received", message.received.count()},
                 {"fate", to_string(message.fate)},
                 {"from", message.from},
                 {"to", message.to},
                 {"name", message.name}};
    const auto add = [&](const char* field, const auto& value, const auto& usual) {
        if (value != usual) {
            json[field] = value;
        }
    };
    add("client", message.client, history::ClientId{-1});
    add("term", message.term, std::uint64_t{0});
    add("index", message.index, std::uint64_t{0});
    add("entries", message.entries, std::uint64_t{0});
    add("agreed", message.agreed, false);
    add("pre_vote", message.pre_vote, false);
    add("copy", message.copy, false);
    add("word", message.word, std::string());
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

LoadedMessages load_messages(std::istream& in, const std::string& name) {
    LoadedMessages loaded;
    history::LineReader reader(in, line_bytes_max);
    while (loaded.messages.size() < messages_max) {
        const history::LineReader::Got got = reader.next();
        if (got == history::LineReader::Got::end || got == history::LineReader::Got::unterminated) {
            break;
        }
        try {
            if (got != history::LineReader::Got::line) {
                throw Failure("cannot be read, or is longer than a message");
            }
            loaded.messages.push_back(message_from(reader.line()));
        } catch (const std::exception& error) {
            return {.messages = {},
                    .error = fmt::format("{}:{}: {}", name, reader.number(), error.what())};
        }
    }
    return loaded;
}

}  // namespace squall::harness
