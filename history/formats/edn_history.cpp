// Operations written as EDN maps: Jepsen's, Knossos's and porcupine's. They differ in what an
// absent value, a failed operation and the beginning mean.
#include <deque>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "history/formats/import.hpp"
#include "history/text_input.hpp"

namespace squall::history::formats {

namespace {

/// Until a read begins it is not known whether values are [key value].
constexpr std::size_t undecided_max = 10'000;

const Edn& require(const Edn& map, const char* field) {
    if (const Edn* found = map.find(field)) {
        return *found;
    }
    throw BadInput{map.line, field, "missing"};
}

std::string keyword(const Edn& map, const char* field) {
    const Edn& found = require(map, field);
    if (found.kind != Edn::Kind::keyword && found.kind != Edn::Kind::string) {
        throw BadInput{found.line,
                       field,
                       fmt::format("not a keyword such as :{}",
                                   std::string_view(field) == "f" ? "read" : "invoke")};
    }
    return found.text;
}

bool is_tuple(const Edn& edn) {
    return edn.kind == Edn::Kind::tagged && edn.items.front().is_sequence() &&
           edn.items.front().items.size() == 2 &&
           (edn.text == "jepsen.independent/tuple" || edn.text == "jepsen.independent.Tuple");
}

bool is_pair(const Edn& edn) {
    return edn.is_sequence() && edn.items.size() == 2;
}

/// An operation as it stands in the file; its value may still have its key in it.
struct Written {
    ImportedEvent event;
    Edn value;
    bool has_value = false;
};

class EdnHistory {
  public:
    EdnHistory(Format format, const ReadOptions& options)
        : importer_(options.failed_cas.value_or(FailedCas::drop)),
          format_(format),
          keyed_(format == Format::porcupine_kv ? std::optional(false) : options.keyed) {}

    void add(Edn form) {
        // #jepsen.history.Op{...} and other records are maps with a name.
        if (form.kind == Edn::Kind::tagged) {
            Edn inner = std::move(form.items.front());
            form = std::move(inner);
        }
        if (form.kind != Edn::Kind::map) {
            throw BadInput{form.line,
                           "",
                           "not a map; an operation is {:process 0, :type :invoke, :f :read, "
                           ":value nil}"};
        }
        std::optional<Written> written = operation_of(form);
        if (!written) {
            return;
        }
        if (keyed_) {
            import(std::move(*written));
            return;
        }
        const bool read =
            written->event.type == EventType::invoke && is_read(written->event.function);
        const bool tuple = is_tuple(written->value);
        const bool nil_of_key =
            read && is_pair(written->value) && written->value.items[1].kind == Edn::Kind::nil;
        undecided_.push_back(std::move(*written));
        if (read || tuple || undecided_.size() >= undecided_max) {
            keyed_ = tuple || nil_of_key;
            import_undecided();
        }
    }

    void finish(Imported& imported) {
        keyed_ = keyed_.value_or(false);
        import_undecided();
        imported.events = importer_.events();
        imported.history = importer_.take();
    }

  private:
    std::optional<Written> operation_of(const Edn& map) {
        const Edn& process = require(map, "process");
        if (process.kind != Edn::Kind::integer) {
            return std::nullopt;  // :nemesis and other helpers of a test.
        }
        check_index(map);
        Written written;
        ImportedEvent& event = written.event;
        event.line = map.line;
        event.client = process.integer;
        const std::string type = keyword(map, "type");
        const std::optional<EventType> known = operation_type(type);
        if (!known) {
            throw BadInput{
                require(map, "type").line,
                "type",
                fmt::format("{} is none of :invoke, :ok, :fail, :info", printable(type))};
        }
        event.type = *known;
        event.function = keyword(map, "f");
        const Edn* error = map.find("error");
        event.explained = error != nullptr && error->kind != Edn::Kind::nil;
        if (const Edn* key = map.find("key")) {
            event.key = key_of(value_of(*key, "key"));
        }
        if (const Edn* value = map.find("value")) {
            written.value = *value;
            written.has_value = true;
        }
        return written;
    }

    void check_index(const Edn& map) {
        const Edn* index = map.find("index");
        if (index == nullptr || index->kind != Edn::Kind::integer) {
            return;
        }
        if (index->integer <= index_) {
            throw BadInput{
                index->line,
                "index",
                fmt::format("{} comes after {}; sort the file by :index", index->integer, index_)};
        }
        index_ = index->integer;
    }

    void import(Written written) {
        ImportedEvent& event = written.event;
        Edn* value = &written.value;
        const bool tuple = is_tuple(*value);
        if (tuple || (*keyed_ && is_pair(*value))) {
            std::vector<Edn>& two = tuple ? value->items.front().items : value->items;
            event.key = key_of(value_of(two[0], "value"));
            Edn rest = std::move(two[1]);
            written.value = std::move(rest);
        } else if (*keyed_ && event.type != EventType::info) {
            throw BadInput{value->line, "value", "not [key value], as the others are"};
        }
        // What comes with a failure or a doubt is no result.
        if (event.type == EventType::invoke || event.type == EventType::ok) {
            event.value = value_of(written.value, "value");
        }
        event.any_result =
            event.type == EventType::ok &&
            (!written.has_value || (format_ == Format::knossos_edn && event.value.is_null()));
        importer_.add(event);
    }

    void import_undecided() {
        for (; !undecided_.empty(); undecided_.pop_front()) {
            import(std::move(undecided_.front()));
        }
    }

    Importer importer_;
    Format format_;
    std::optional<bool> keyed_;
    std::deque<Written> undecided_;
    std::int64_t index_ = std::numeric_limits<std::int64_t>::min();
};

}  // namespace

void read_edn(std::streambuf& in, const ReadOptions& options, Imported& imported) {
    EdnReader reader(in, EdnReader::Outermost::is_entered);
    EdnHistory history(imported.format, options);
    while (std::optional<Edn> form = reader.next()) {
        history.add(std::move(*form));
    }
    history.finish(imported);
    imported.model = implied_model(imported.history);
    if (imported.format == Format::knossos_edn && imported.model == "cas-register") {
        imported.history.initial = Value(0);
    } else if (imported.format == Format::porcupine_kv) {
        imported.history.initial = Value(std::string());
    }
}

}  // namespace squall::history::formats
