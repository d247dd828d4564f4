#include "raft/message.hpp"

#include <array>
#include <concepts>
#include <string_view>
#include <type_traits>
#include <utility>

#include "raft/bytes.hpp"

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
    archive(m.term, m.success, m.previous, m.match, m.conflict);
}

void fields(auto& archive, Like<Heartbeat> auto& m) {
    archive(m.term, m.commit, m.round);
}

void fields(auto& archive, Like<HeartbeatReply> auto& m) {
    archive(m.term, m.round);
}

void fields(auto& archive, Like<SnapshotChunk> auto& m) {
    archive(m.term, m.last, m.voters, m.offset, m.total, m.data);
}

void fields(auto& archive, Like<SnapshotReply> auto& m) {
    archive(m.term, m.last, m.offset, m.installed, m.match);
}

class Writer {
  public:
    void operator()(const auto&... values) { (add(values), ...); }

    [[nodiscard]] std::string take() { return std::move(out_); }

  private:
    template <std::unsigned_integral T>
    void add(T value) {
        put(out_, value);
    }

    void add(bool value) { put(out_, static_cast<std::uint8_t>(value ? 1 : 0)); }

    void add(EntryKind value) { put(out_, static_cast<std::uint8_t>(value)); }

    void add(const std::string& value) { put_bytes(out_, value); }

    void add(const LogId& value) { fields(*this, value); }

    void add(const Entry& value) { fields(*this, value); }

    template <class T>
    void add(const std::vector<T>& values) {
        put(out_, static_cast<std::uint32_t>(values.size()));
        for (const T& value : values) {
            add(value);
        }
    }

    std::string out_;
};

class Reader {
  public:
    explicit Reader(std::string_view bytes) : bytes_(bytes) {}

    void operator()(auto&... values) { (read(values), ...); }

    [[nodiscard]] bool complete() const { return bytes_.complete(); }

  private:
    template <std::unsigned_integral T>
    void read(T& value) {
        value = bytes_.get<T>();
    }

    void read(bool& value) { value = bytes_.get_bool(); }

    void read(EntryKind& value) {
        value = bytes_.get_bool() ? EntryKind::command : EntryKind::noop;
    }

    void read(std::string& value) { value = bytes_.get_bytes(); }

    void read(LogId& value) { fields(*this, value); }

    void read(Entry& value) { fields(*this, value); }

    /// The count is believed only as far as the remaining bytes can hold that many elements.
    template <class T>
    void read(std::vector<T>& values) {
        constexpr std::size_t smallest = std::is_same_v<T, Entry> ? 21 : sizeof(T);
        const auto count = bytes_.get<std::uint32_t>();
        if (count > bytes_.rest().size() / smallest) {
            bytes_.fail();
            return;
        }
        values.resize(count);
        for (T& value : values) {
            read(value);
        }
    }

    ByteReader bytes_;
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
    static constexpr std::array<const char*, 8> names = {"vote_request",
                                                         "vote_reply",
                                                         "append_request",
                                                         "append_reply",
                                                         "heartbeat",
                                                         "heartbeat_reply",
                                                         "snapshot_chunk",
                                                         "snapshot_reply"};
    static_assert(names.size() == std::variant_size_v<Message>);
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
