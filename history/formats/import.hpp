// What the readers of foreign formats share: events of one line or form on their way into a
// CompactHistory, and the meaning of failed operations.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

#include "history/compact_builder.hpp"
#include "history/formats/edn.hpp"
#include "history/formats/format.hpp"
#include "history/text_input.hpp"

namespace squall::history::formats {

/// What is wrong, and where. Thrown by readers, caught in format.cpp.
struct BadInput {
    std::size_t line = 0;
    std::string field;
    std::string problem;
};

/// One event, whatever it was written as.
struct ImportedEvent {
    std::size_t line = 0;
    EventType type = EventType::note;  ///< Only invoke, ok, fail and info.
    ClientId client = 0;
    std::string function;
    std::string key;
    Value value;              ///< invoke: the argument; ok: the result.
    bool any_result = false;  ///< ok: the value is not known.
    bool explained = false;   ///< fail: it says why.
};

/// Takes events in their order. Throws BadInput.
class Importer {
  public:
    explicit Importer(FailedCas failed_cas) : failed_cas_(failed_cas) {}

    void add(const ImportedEvent& event);

    [[nodiscard]] std::uint64_t events() const { return events_; }

    [[nodiscard]] CompactHistory take() { return builder_.take(); }

  private:
    void complete(const ImportedEvent& event, EventIndex index);

    FailedCas failed_cas_;
    CompactBuilder builder_;
    std::uint64_t events_ = 0;
};

/// An unterminated last line, which a killed program leaves behind: warns of it, and it is dropped.
/// Throws BadInput when a line could not be got.
[[nodiscard]] bool is_cut_off(LineReader::Got got, std::size_t line, Imported& imported);

[[nodiscard]] std::optional<EventType> operation_type(std::string_view name);

/// Does the function return something, so that its argument is none?
[[nodiscard]] bool is_read(std::string_view function);

/// Null, integers, strings, lists; keywords, symbols and booleans as strings; sets as sorted lists.
/// Throws BadInput for what cannot be one, naming the field.
[[nodiscard]] Value value_of(const Edn& edn, const char* field);

/// A key as text.
[[nodiscard]] std::string key_of(const Value& value);

/// The readers. `imported.format` says which dialect of EDN. Throw BadInput and NotEdn.
void read_edn(std::streambuf& in, const ReadOptions& options, Imported& imported);
void read_jepsen_log(std::istream& in, const ReadOptions& options, Imported& imported);
void read_hist_v1(std::istream& in, const ReadOptions& options, Imported& imported);

/// The model that the functions suggest; empty when none does.
[[nodiscard]] std::string implied_model(const CompactHistory& history);

}  // namespace squall::history::formats
