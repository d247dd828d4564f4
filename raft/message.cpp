#include "raft/message.hpp"

#include <concepts>
#include <string_view>
#include <type_traits>

namespace squall::raft {

namespace {

/// One list of fields per message serves both directions; M is T when reading, const T when
/// writing.
template <class M, class T>
concept Like = std::same_as<std::remove_const_t<M>, T>;

void fields(auto& archive, Like<LogId> auto& m) {
    archive(m.term, m.index);
}

void fields(auto& archive, Like<Entry> auto& m) {
    archive(m.term, m.index, m.kind, m.data);
}

void fields(auto& archive, Like<VoteRequest> auto& m) {
    archive(m.term, m.last, m.pre_vote);
}

void fields(auto& archive, Like<VoteReply> auto& m) {
    archive(m.term, m.request_term, m.pre_vote, m.granted);
}

void fields(auto& archive, Like<AppendRequest> auto& m) {
    archive(m.term, m.previous, m.commit, m.entries);
}

void fields(auto& archive, Like<AppendReply> auto& m) {
    archive(m.term, m.success, m.previous, m.match, m.conflict, m.last);
}

void fields(auto& archive, Like<Heartbeat> auto& m) {
    archive(m.term, m.commit, m.round);
}

void fields(auto& archive, Like<HeartbeatReply> auto& m) {
    archive(m.term, m.round, m.last);
}

void fields(auto& archive, Like<SnapshotChunk> auto& m) {
    archive(m.term, m.last, m.voters, m.offset, m.total, m.data);
}

void fields(auto& archive, Like<SnapshotReply> auto& m) {
    archive(m.term, m.last, m.offset, m.installed, m.match);
}

class Writer {
  public:
    void operator()(const auto&... values) { (put(values), ...); }

    [[nodiscard]] std::string take() { return std::move(out_); }

  private:
    template <std::unsigned_integral T>
    void put(T value) {
        for (std::size_t i = 0; i < sizeof(T); ++i) {
            out_.push_back(static_cast<char>((std::uint64_t{value} >> (8 * i)) & 0xffU));
        }
    }

    void put(bool value) { out_.push_back(value ? '\1' : '\0'); }

    void put(EntryKind value) { put(static_cast<std::uint8_t>(value)); }

    void put(const std::string& value) {
        put(static_cast<std::uint32_t>(value.size()));
        out_.append(value);
    }

    void put(const LogId& value) { fields(*this, value); }

    void put(const Entry& value) { fields(*this, value); }

    template <class T>
    void put(const std::vector<T>& values) {
        put(static_cast<std::uint32_t>(values.size()));
        for (const T& value : values) {
            put(value);
        }
    }

    std::string out_;
};

/// After the first field that does not fit, everything reads as zero and `ok` stays false.
class Reader {
  public:
    explicit Reader(std::string_view bytes) : bytes_(bytes) {}

    void operator()(auto&... values) { (get(values), ...); }

    /// Everything was well-formed and nothing is left.
    [[nodiscard]] bool complete() const { return ok_ && bytes_.empty(); }

  private:
    [[nodiscard]] std::string_view take(std::size_t size) {
        if (!ok_ || size > bytes_.size()) {
            ok_ = false;
            return {};
        }
        const std::string_view taken = bytes_.substr(0, size);
        bytes_.remove_prefix(size);
        return taken;
    }

    template <std::unsigned_integral T>
    void get(T& value) {
        std::uint64_t result = 0;
        std::size_t shift = 0;
        for (const char byte : take(sizeof(T))) {
            result |= std::uint64_t{static_cast<unsigned char>(byte)} << shift;
            shift += 8;
        }
        value = static_cast<T>(result);
    }

    void get(bool& value) {
        std::uint8_t byte = 0;
        get(byte);
        ok_ = ok_ && byte <= 1;
        value = byte == 1;
    }

    void get(EntryKind& value) {
        std::uint8_t byte = 0;
        get(byte);
        ok_ = ok_ && byte <= static_cast<std::uint8_t>(EntryKind::command);
        value = byte == 0 ? EntryKind::noop : EntryKind::command;
    }

    void get(std::string& value) {
        std::uint32_t size = 0;
        get(size);
        value = take(size);
    }

    void get(LogId& value) { fields(*this, value); }

    void get(Entry& value) { fields(*this, value); }

    /// The count is believed only as far as the remaining bytes can hold that many elements.
    template <class T>
    void get(std::vector<T>& values) {
        constexpr std::size_t smallest = std::is_same_v<T, Entry> ? 21 : sizeof(T);
        std::uint32_t count = 0;
        get(count);
        if (!ok_ || count > bytes_.size() / smallest) {
            ok_ = false;
            return;
        }
        values.resize(count);
        for (T& value : values) {
            get(value);
        }
    }

    std::string_view bytes_;
    bool ok_ = true;
};

/// Tags count from 1 in the order of the variant.
template <std::size_t I = 0>
std::optional<Message> decode_tagged(std::size_t tag, Reader& reader) {
    if constexpr (I < std::variant_size_v<Message>) {
        if (tag != I + 1) {
            return decode_tagged<I + 1>(tag, reader);
        }
        std::variant_alternative_t<I, Message> message;
        fields(reader, message);
        if (reader.complete()) {
            return message;
        }
    }
    return std::nullopt;
}

}  // namespace

Term term_of(const Message& message) {
    return std::visit([](const auto& m) { return m.term; }, message);
}

const char* name_of(const Message& message) {
    static constexpr const char* names[] = {"vote_request",
                                            "vote_reply",
                                            "append_request",
                                            "append_reply",
                                            "heartbeat",
                                            "heartbeat_reply",
                                            "snapshot_chunk",
                                            "snapshot_reply"};
    static_assert(std::size(names) == std::variant_size_v<Message>);
    return names[message.index()];
}

std::string encode(const Message& message) {
    Writer writer;
    writer(static_cast<std::uint8_t>(message.index() + 1));
    std::visit([&writer](const auto& m) { fields(writer, m); }, message);
    return writer.take();
}

std::optional<Message> decode(std::string_view bytes) {
    if (bytes.empty() || bytes.size() > max_message_bytes) {
        return std::nullopt;
    }
    Reader reader(bytes.substr(1));
    return decode_tagged(static_cast<unsigned char>(bytes.front()), reader);
}

}  // namespace squall::raft
