// Histories of other tools, read as what they look like and as every other format.
#include <sstream>

#include "history/formats/export.hpp"
#include "history/formats/format.hpp"
#include "tests/fuzz/target.hpp"

namespace squall::fuzz {
namespace {

using namespace history;  // NOLINT(google-build-using-namespace)
using formats::Format;
using formats::Imported;

constexpr std::size_t message_max = 500;

Imported read(std::string_view text, const formats::ReadOptions& options) {
    std::istringstream in{std::string(text)};
    return formats::read_history(in, "h", options);
}

void must_be_fit_to_print(const std::string& message) {
    must(message.size() < message_max, "a message is short");
    for (const char c : message) {
        must(c >= ' ' && c <= '~', "a message is printable");
    }
}

/// What is written as EDN is read again, with as many operations.
void must_be_read_again(const Imported& imported) {
    std::vector<std::string> warnings;
    std::string text;
    for (const std::string& line :
         formats::edn_lines(formats::events_of(imported.history, warnings))) {
        text += line + "\n";
    }
    for (const std::string& warning : warnings) {
        must_be_fit_to_print(warning);
    }
    const Imported again = read(text, {.format = Format::jepsen_edn});
    must(!again.error, "EDN is read as it was written");
    must(again.history.operations.size() == imported.history.operations.size(),
         "EDN has all operations");
}

bool run(std::string_view text) {
    bool accepted = false;
    for (const Format format : formats::all_formats) {
        const Imported imported = read(text, {.format = format});
        if (imported.error) {
            must_be_fit_to_print(imported.error->message());
            continue;
        }
        must_be_read_again(imported);
        accepted = accepted || !imported.history.operations.empty();
    }
    const Imported sniffed = read(text, {.failed_cas = formats::FailedCas::strict});
    if (sniffed.error) {
        must_be_fit_to_print(sniffed.error->message());
    }
    return accepted;
}

std::vector<std::string> seeds() {
    return {
        "INFO  jepsen.util - 0\t:invoke\t:read\tnil\nINFO  jepsen.util - 0\t:ok\t:read\tnil\n"
        "INFO  jepsen.util - 1\t:invoke\t:cas\t[0 2]\nINFO  jepsen.util - 1\t:fail\t:cas\t[0 2]\n"
        "INFO  jepsen.util - 1\t:invoke\t:write\t4\nINFO  jepsen.util - 1\t:info\t:write\t"
        ":timed-out\n",
        "; note\n[{:process :nemesis, :type :info, :f :start, :value {:a #{1}}}\n"
        " {:process 2, :type :invoke, :f :cas, :value [0 3]}\n"
        " {:process 2, :type :ok, :f :cas, :value [0 3]} #_ 5\n"
        " {:process 3, :type :invoke, :f :read, :value nil}\n"
        " {:process 3, :type :ok, :f :read, :value nil}]\n",
        "#jepsen.history.Op{:index 0, :type :invoke, :process 0, :f :write, :value "
        "#jepsen.independent/tuple [:x 1]}\n"
        "{:index 1, :type :ok, :process 0, :f :write, :value [:x 1], :error nil}\n",
        "{:process 0, :type :invoke, :f :append, :key \"0\", :value \"x \\\"\\u0041\"}\n"
        "{:process 0, :type :ok, :f :append, :key \"0\", :value \"x\"}\n",
        "#hist-v1 model=cas init=0\nI\t1\tcas\tk\t0\t3\nI\t2\tread\tk\t\t\nF\t1\tcas\tk\t\t\n"
        "O\t2\tread\tk\t[1 \"a\"]\t\n",
        "#hist-v1 model=kv init=\nI\t1\tput\tk\t12\t\nX\t1\tput\tk\t\t\n"};
}

std::vector<std::string> tokens() {
    return {":process ",
            ":type :",
            ":invoke",
            ":ok",
            ":fail",
            ":info",
            ":value ",
            ":index ",
            ":key ",
            "nil",
            "#_ ",
            "#{",
            "[[[[[",
            "]]]]]",
            "{:a ",
            "\\u00e9",
            "9223372036854775808",
            "-0",
            "1.5",
            "\t",
            "\n",
            "\x1f\x8b",
            ":timed-out"};
}

}  // namespace

const Target history_formats{"formats", run, seeds, tokens};

}  // namespace squall::fuzz
