// EDN, the notation of Clojure's tools, read form by form from a stream in bounds. It takes all of
// EDN and what Clojure prints beside it (records, namespaced maps), since what must be passed over
// may be anything. It knows nothing of histories.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <streambuf>
#include <string>
#include <string_view>
#include <vector>

namespace squall::history::formats {

inline constexpr std::size_t edn_depth_max = 64;
inline constexpr std::size_t edn_form_bytes_max = std::size_t{4} << 20U;

struct Edn {
    enum class Kind : std::uint8_t {
        nil,
        boolean,
        integer,
        other_number,  ///< A fraction, or beyond 64 bits; `text` has it.
        string,
        character,
        keyword,  ///< `text` is without the colon.
        symbol,
        list,
        vector,
        map,  ///< Keys and values in turns.
        set,
        tagged  ///< `text` is the tag, the only item what is tagged.
    };

    Kind kind = Kind::nil;
    bool boolean = false;
    std::int64_t integer = 0;
    std::string text;
    std::vector<Edn> items;
    std::size_t line = 0;  ///< Where it begins, from 1.

    [[nodiscard]] bool is_sequence() const { return kind == Kind::list || kind == Kind::vector; }

    [[nodiscard]] bool is_keyword(std::string_view name) const {
        return kind == Kind::keyword && text == name;
    }

    /// Of a map, the value under the keyword; null when there is none.
    [[nodiscard]] const Edn* find(std::string_view keyword) const;
};

/// Thrown where the text is not EDN, or beyond the bounds.
struct NotEdn {
    std::size_t line = 0;
    std::string problem;
};

/// Text in memory as a stream, without a copy of it.
class TextBuffer : public std::streambuf {
  public:
    explicit TextBuffer(std::string_view text) {
        char* begin = const_cast<char*>(text.data());  // NOLINT: nothing writes to it.
        setg(begin, begin, begin + text.size());
    }
};

class EdnReader {
  public:
    enum class Outermost : std::uint8_t {
        is_a_form,
        is_entered  ///< A text that is one vector or list: its elements come one by one.
    };

    EdnReader(std::streambuf& in, Outermost outermost)
        : in_(in), begun_(outermost == Outermost::is_a_form) {}

    /// The next form; nothing at the end. Throws NotEdn.
    [[nodiscard]] std::optional<Edn> next();

  private:
    [[nodiscard]] int peek();
    int take();
    [[noreturn]] void fail(std::string problem) const;
    /// Passes over blanks and comments; the next byte, or -1.
    int next_byte();
    /// The form that begins here; nothing when it is a discarded one, which is passed over.
    std::optional<Edn> unless_discarded(std::size_t depth);
    Edn form(std::size_t depth);
    Edn dispatched(std::size_t depth, Edn made);
    Edn quoted(Edn made);
    Edn character(Edn made);
    Edn atom(Edn made);
    std::string token();
    void items(char close, std::size_t depth, Edn& made);

    std::streambuf& in_;
    std::size_t line_ = 1;
    std::size_t form_bytes_ = 0;
    char close_ = 0;  ///< What ends the vector or list that was entered.
    bool begun_;
};

}  // namespace squall::history::formats
