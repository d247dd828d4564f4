#include <algorithm>

#include "checker/era_table.hpp"
#include "checker/zone_input.hpp"

namespace squall::checker {

namespace {

using history::CompactOperation;
using history::ValueId;
using Kind = history::ValueTable::Kind;

constexpr std::uint64_t hash_of_nothing = 0xcbf29ce484222325ULL;

/// FNV-1a, a byte further.
std::uint64_t extend(std::uint64_t hash, char next) {
    return (hash ^ static_cast<unsigned char>(next)) * 0x100000001b3ULL;
}

/// A text that an operation puts or appends.
struct Token {
    std::string_view text;
    EraId era = no_era;
    bool put = false;  ///< Only at the beginning; otherwise only behind something.
};

/// Finds the one token with which a text begins. No token is the beginning of another.
class Tokens {
  public:
    /// False if one is the beginning of another, or empty: a text could be read in two ways.
    bool take(std::vector<Token> tokens) {
        std::sort(tokens.begin(), tokens.end(), [](const Token& a, const Token& b) {
            return a.text < b.text;
        });
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            if (tokens[i].text.empty() ||
                (i > 0 && tokens[i].text.starts_with(tokens[i - 1].text))) {
                return false;
            }
        }
        table_.assign(std::bit_ceil(tokens.size() * 2 + 2), {});
        for (const Token& token : tokens) {
            lengths_.resize(std::max(lengths_.size(), token.text.size() + 1));
            lengths_[token.text.size()] = true;
            std::uint64_t hash = hash_of_nothing;
            for (const char c : token.text) {
                hash = extend(hash, c);
            }
            std::size_t place = place_of(hash);
            while (!table_[place].text.empty()) {
                place = (place + 1) & (table_.size() - 1);
            }
            table_[place] = token;
        }
        return true;
    }

    [[nodiscard]] const Token* at_begin_of(std::string_view text) const {
        std::uint64_t hash = hash_of_nothing;
        const std::size_t longest = std::min(text.size() + 1, lengths_.size());
        for (std::size_t length = 1; length < longest; ++length) {
            hash = extend(hash, text[length - 1]);
            if (!lengths_[length]) {
                continue;
            }
            for (std::size_t place = place_of(hash); !table_[place].text.empty();
                 place = (place + 1) & (table_.size() - 1)) {
                if (table_[place].text == text.substr(0, length)) {
                    return &table_[place];
                }
            }
        }
        return nullptr;
    }

  private:
    [[nodiscard]] std::size_t place_of(std::uint64_t hash) const {
        return (hash ^ (hash >> 32U)) & (table_.size() - 1);
    }

    std::vector<Token> table_;
    std::vector<char> lengths_;  ///< Is there a token of that length?
};

class TextEras {
  public:
    explicit TextEras(const KeyProblem& problem)
        : input_(problem), by_text_(problem.part.operations.size()) {}

    ZoneInput run() {
        collect();
        if (!input_.done() && !tokens_.take(std::move(found_))) {
            input_.not_applicable = "texts do not tell which operations they come from";
        }
        input_.each_read("get", [this](std::size_t place, ValueId result) { see(place, result); });
        return std::move(input_);
    }

  private:
    void collect() {
        const history::ValueTable& values = input_.problem.history.values;
        const std::string* initial = input_.problem.initial.as_string();
        if (initial == nullptr ? !input_.problem.initial.is_null() : !initial->empty()) {
            input_.not_applicable = "there is a text at first";
        }
        for (std::size_t place = 0; place < input_.era_of.size() && !input_.done(); ++place) {
            const CompactOperation& operation = input_.at(place);
            const std::string_view function = input_.function(operation);
            if (!input_.present(operation) || function == "get") {
                continue;
            }
            if ((function != "put" && function != "append") ||
                values.kind(operation.argument) != Kind::text) {
                input_.not_applicable = "more than get, put and append of texts";
                return;
            }
            found_.push_back(
                {values.text(operation.argument), input_.begin_era(place), function == "put"});
        }
    }

    void see(std::size_t place, ValueId value) {
        EraId era = by_text_.find(value);
        if (era == no_era) {
            era = parse(place, value);
            if (era == no_era) {
                return;
            }
            by_text_.insert(value, era);
        }
        input_.era_of[place] = era;
    }

    EraId parse(std::size_t place, ValueId value) {
        const history::ValueTable& values = input_.problem.history.values;
        const bool nothing = values.kind(value) == Kind::null;
        if (nothing ? input_.problem.initial.is_null()
                    : values.kind(value) == Kind::text && values.text(value).empty() &&
                          !input_.problem.initial.is_null()) {
            return initial_era;
        }
        if (values.kind(value) != Kind::text || values.text(value).empty()) {
            input_.never_written(place, value);
            return no_era;
        }
        const history::OperationId reader = input_.problem.part.operations[place];
        EraId before = initial_era;
        std::string_view rest = values.text(value);
        for (bool first = true; !rest.empty(); first = false) {
            const Token* token = tokens_.at_begin_of(rest);
            if (token == nullptr || (token->put && !first)) {
                input_.never_written(place, value);
                return no_era;
            }
            rest.remove_prefix(token->text.size());
            Era& here = input_.eras[token->era];
            if (!token->put && here.after == no_era) {
                here.after = before;
                here.seen_by = reader;
            } else if (!token->put && here.after != before) {
                input_.conflict = {reader};
                if (here.seen_by != reader) {
                    input_.conflict.push_back(here.seen_by);
                }
                return no_era;
            }
            before = token->era;
        }
        return before;
    }

    ZoneInput input_;
    EraTable by_text_;
    std::vector<Token> found_;
    Tokens tokens_;
};

}  // namespace

ZoneInput eras_of_text(const KeyProblem& problem) {
    return TextEras(problem).run();
}

}  // namespace squall::checker
