#include "history/jsonl_scan.hpp"

#include <array>
#include <limits>
#include <utility>

namespace squall::history {

namespace {

/// Far below what the format allows; what lies deeper is for the other reader.
constexpr int scan_depth_max = 8;
/// As many cannot overflow.
constexpr std::size_t digits_max = 18;

enum class Field : std::uint8_t {
    index,
    time,
    type,
    client,
    node,
    function,
    key,
    value,
    applied,
    error,
    position,
    final_read,
    unknown
};

constexpr std::uint32_t bit(Field field) {
    return 1U << static_cast<unsigned>(field);
}

/// Comparisons with literals of the right length are a handful of instructions.
Field field_of(std::string_view name) {
    switch (name.size()) {
        case 1:
            return name == "f" ? Field::function : Field::unknown;
        case 3:
            return name == "key" ? Field::key : Field::unknown;
        case 4:
            return name == "time"   ? Field::time
                   : name == "type" ? Field::type
                   : name == "node" ? Field::node
                                    : Field::unknown;
        case 5:
            return name == "index"   ? Field::index
                   : name == "value" ? Field::value
                   : name == "error" ? Field::error
                   : name == "final" ? Field::final_read
                                     : Field::unknown;
        case 6:
            return name == "client" ? Field::client : Field::unknown;
        case 7:
            return name == "applied" ? Field::applied : Field::unknown;
        case 8:
            return name == "position" ? Field::position : Field::unknown;
        default:
            return Field::unknown;
    }
}

/// Bytes that stand for themselves in a string.
constexpr std::array<bool, 256> plain = [] {
    std::array<bool, 256> table{};
    for (std::size_t c = 0x20; c < 0x80; ++c) {
        table[c] = c != '"' && c != '\\';
    }
    return table;
}();

class Scanner {
  public:
    Scanner(std::string_view line, ValueTable& values)
        : at_(line.data()), end_(line.data() + line.size()), values_(values) {}

    bool event(ScannedEvent& event) {
        if (!take('{')) {
            return false;
        }
        do {
            std::string_view name;
            if (!string(name) || !take(':') || !member(field_of(name), event)) {
                return false;
            }
        } while (take(','));
        if (!take('}') || (space(), at_ != end_)) {
            return false;
        }
        constexpr std::uint32_t required =
            bit(Field::index) | bit(Field::time) | bit(Field::type) | bit(Field::client);
        return (seen_ & required) == required &&
               (event.type != EventType::invoke || !event.function.empty());
    }

  private:
    void space() {
        while (at_ != end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\r')) {
            ++at_;
        }
    }

    bool take(char c) {
        space();
        if (at_ == end_ || *at_ != c) {
            return false;
        }
        ++at_;
        return true;
    }

    bool word(std::string_view expected) {
        space();
        if (!std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(expected)) {
            return false;
        }
        at_ += expected.size();
        return true;
    }

    bool string(std::string_view& text) {
        if (!take('"')) {
            return false;
        }
        const char* begin = at_;
        while (at_ != end_ && plain[static_cast<unsigned char>(*at_)]) {
            ++at_;
        }
        if (at_ == end_ || *at_ != '"') {
            return false;
        }
        text = {begin, static_cast<std::size_t>(at_ - begin)};
        ++at_;
        return true;
    }

    /// Digits without a leading zero. More of them, or a fraction, are met by whoever expects a
    /// comma.
    bool digits(std::int64_t& number) {
        const char* begin = at_;
        number = 0;
        while (at_ != end_ && *at_ >= '0' && *at_ <= '9' &&
               static_cast<std::size_t>(at_ - begin) < digits_max) {
            number = number * 10 + (*at_ - '0');
            ++at_;
        }
        const auto count = static_cast<std::size_t>(at_ - begin);
        return count > 0 && (*begin != '0' || count == 1);
    }

    bool number(std::int64_t& number) {
        space();
        if (at_ != end_ && *at_ == '-') {
            ++at_;
            const bool fits = digits(number) && number != 0;
            number = -number;
            return fits;
        }
        return digits(number);
    }

    bool natural(std::uint64_t& number) {
        space();
        std::int64_t scanned = 0;
        const bool fits = digits(scanned);
        number = static_cast<std::uint64_t>(scanned);
        return fits;
    }

    bool boolean(bool& value) {
        value = word("true");
        return value || word("false");
    }

    bool type(EventType& type) {
        std::string_view name;
        if (!string(name)) {
            return false;
        }
        type = name == "invoke" ? EventType::invoke
               : name == "ok"   ? EventType::ok
               : name == "fail" ? EventType::fail
               : name == "info" ? EventType::info
                                : EventType::note;
        return type != EventType::note;
    }

    bool node(NodeId& node) {
        std::uint64_t scanned = 0;
        const bool fits = natural(scanned) && scanned <= std::numeric_limits<NodeId>::max();
        node = static_cast<NodeId>(scanned);
        return fits;
    }

    bool client(ClientId& client) {
        space();
        return digits(client);
    }

    bool position(std::optional<LogPosition>& position) {
        std::string_view first;
        std::string_view second;
        position.emplace();
        return take('{') && string(first) && first == "term" && take(':') &&
               natural(position->term) && take(',') && string(second) && second == "index" &&
               take(':') && natural(position->index) && take('}');
    }

    bool applied(Applied& applied) {
        bool said = false;
        const bool fits = boolean(said);
        applied = said ? Applied::yes : Applied::no;
        return fits;
    }

    bool scalar(ValueId& id) {
        space();
        if (at_ == end_) {
            return false;
        }
        if (*at_ == '"') {
            std::string_view text;
            if (!string(text)) {
                return false;
            }
            id = values_.intern_text(text);
            return true;
        }
        if (*at_ == 'n') {
            id = null_value;
            return word("null");
        }
        std::int64_t scanned = 0;
        if (!number(scanned)) {
            return false;
        }
        id = values_.intern_number(scanned);
        return true;
    }

    bool value(ScannedValue& value, int depth) {
        if (!take('[')) {
            return scalar(value.id);
        }
        value.list = true;
        if (depth == scan_depth_max) {
            return false;
        }
        if (take(']')) {
            return true;
        }
        do {
            ScannedValue element;
            if (!this->value(element, depth + 1)) {
                return false;
            }
            add(value, whole(element, values_));
        } while (take(','));
        return take(']');
    }

    void add(ScannedValue& list, ValueId element) {
        switch (++list.elements) {
            case 1:
                list.first = element;
                return;
            case 2:
                list.second = element;
                return;
            case 3:
                list.id = values_.append(values_.append(empty_list, list.first), list.second);
                break;
            default:
                break;
        }
        list.id = values_.append(list.id, element);
    }

    bool member(Field field, ScannedEvent& event) {
        if ((seen_ & bit(field)) != 0) {
            return false;
        }
        seen_ |= bit(field);
        std::string_view passed_over;
        switch (field) {
            case Field::index:
                return natural(event.index);
            case Field::time:
                return number(event.time);
            case Field::type:
                return type(event.type);
            case Field::client:
                return client(event.client);
            case Field::node:
                return node(event.node);
            case Field::function:
                return string(event.function);
            case Field::key:
                return string(event.key);
            case Field::value:
                return value(event.value, 0);
            case Field::applied:
                return applied(event.applied);
            case Field::error:
                return string(passed_over);
            case Field::position:
                return position(event.position);
            case Field::final_read:
                return boolean(event.final_read);
            case Field::unknown:
                break;
        }
        return false;
    }

    const char* at_;
    const char* end_;
    ValueTable& values_;
    std::uint32_t seen_ = 0;
};

}  // namespace

bool scan_event(std::string_view line, ValueTable& values, ScannedEvent& event) {
    event = ScannedEvent{};
    return Scanner(line, values).event(event);
}

ValueId whole(const ScannedValue& value, ValueTable& values) {
    if (!value.list || value.elements > 2) {
        return value.id;
    }
    ValueId list = empty_list;
    if (value.elements > 0) {
        list = values.append(list, value.first);
    }
    return value.elements > 1 ? values.append(list, value.second) : list;
}

}  // namespace squall::history
