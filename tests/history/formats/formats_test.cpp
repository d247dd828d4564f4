#include <sstream>

#include <gtest/gtest.h>

#include "history/formats/format.hpp"

namespace squall::history::formats {
namespace {

Imported read(const std::string& text, const ReadOptions& options = {}) {
    std::istringstream in(text);
    return read_history(in, "h", options);
}

/// "invoked-completed client function key argument -> result", one a line.
std::string operations_of(const Imported& imported) {
    if (imported.error) {
        return imported.error->message();
    }
    std::ostringstream out;
    for (OperationId id = 0; id < imported.history.operations.size(); ++id) {
        const Operation operation = imported.history.expand(id);
        out << operation.invoked << '-';
        if (operation.completed != never) {
            out << operation.completed;
        }
        out << ' ' << operation.client << ' ' << operation.function << ' ' << operation.key << ' '
            << to_text(operation.argument) << ' ' << to_string(operation.outcome);
        if (operation.outcome == Outcome::ok) {
            out << ' ' << (operation.any_result ? "any" : to_text(operation.result));
        }
        if (operation.applied) {
            out << (*operation.applied ? " applied" : " refused");
        }
        out << '\n';
    }
    return out.str();
}

const std::string log =
    "WARN  noise\n"
    "INFO  jepsen.util - 0\t:invoke\t:read\tnil\n"
    "INFO  jepsen.util - :nemesis\t:info\t:start\tnil\n"
    "INFO  jepsen.util - 0\t:ok\t:read\tnil\n"
    "INFO  jepsen.util - 1   :invoke :cas    [0 2]\n"
    "INFO  jepsen.util - 2\t:invoke\t:write\t4\n"
    "INFO  jepsen.util - 1\t:fail\t:cas\t[0 2]\n"
    "INFO  jepsen.util - 2\t:info\t:write\t:timed-out\n"
    "INFO  jepsen.util - 3\t:invoke\t:read\tnil\n"
    "INFO  jepsen.util - 3\t:fail\t:read\t:timed-out\n"
    "INFO  jepsen.util - 4\t:invoke\t:cas\t[4 5]\n"
    "INFO  jepsen.util - 4\t:fail\t:cas\t:timed-out\n";

TEST(JepsenLog, AFailedCasFoundAnotherValueAndNilIsAValue) {
    const Imported imported = read(log);

    EXPECT_EQ(imported.format, Format::jepsen_log);
    EXPECT_EQ(imported.model, "cas-register");
    EXPECT_FALSE(imported.history.initial);
    EXPECT_EQ(operations_of(imported),
              "0-1 0 read  nil ok nil\n"
              "2-4 1 cas  [0, 2] ok any refused\n"
              "3- 2 write  4 info\n"
              "6-7 3 read  nil fail\n"
              "8-9 4 cas  [4, 5] fail\n");
}

TEST(JepsenLog, FailedCasAreDroppedOnRequest) {
    const Imported imported = read(log, {.failed_cas = FailedCas::drop});

    EXPECT_NE(operations_of(imported).find("2-4 1 cas  [0, 2] fail\n"), std::string::npos);
}

TEST(JepsenLog, NamesLineAndField) {
    const std::string begin = "INFO  jepsen.util - 0\t:invoke\t";

    EXPECT_EQ(read(begin + ":read\n").error->message(),
              "h:1: value: missing; nil is written as nil");
    EXPECT_EQ(read(begin + "read nil\n").error->message(), "h:1: f: not a keyword such as :read");
    EXPECT_EQ(read(begin + ":write\t1.5\n").error->message(),
              "h:1: value: 1.5 is no 64-bit integer; write such values as strings");
    EXPECT_EQ(read(begin + ":read\tnil\n" + begin + ":read\tnil\n").error->message(),
              "h:2: process: client 0 has two operations open");
    EXPECT_NE(read("INFO jepsen.core - nothing\n").error->message().find("h:1: no line is"),
              std::string::npos);
}

TEST(KnossosEdn, ANilReadIsAnyFailedAreRemovedAndTheBeginningIsZero) {
    const Imported imported = read(
        "; a comment\n"
        "[{:process :nemesis, :type :info, :f :start, :value {:any \"thing\"}}\n"
        " {:process 1, :type :invoke, :f :read, :value nil}\n"
        " {:process 2, :type :invoke, :f :cas, :value [0 3]}\n"
        " {:process 1, :type :ok, :f :read, :value nil}\n"
        " {:process 2, :type :fail, :f :cas, :value [0 3]}\n"
        " {:process 2, :type :invoke, :f :read, :value 3}\n"
        " {:process 2, :type :ok, :f :read, :value 3}]\n");

    EXPECT_EQ(imported.format, Format::knossos_edn);
    EXPECT_EQ(imported.model, "cas-register");
    EXPECT_EQ(imported.history.initial, Value(0));
    EXPECT_EQ(operations_of(imported),
              "0-2 1 read  nil ok any\n"
              "1-3 2 cas  [0, 3] fail\n"
              "4-5 2 read  nil ok 3\n");
}

TEST(KnossosEdn, AMutexSaysSo) {
    const Imported imported = read("({:process 1, :type :invoke, :f :acquire})");

    EXPECT_EQ(imported.model, "mutex");
    EXPECT_FALSE(imported.history.initial);
}

TEST(JepsenEdn, NilIsAValueAndTheBeginning) {
    const Imported imported = read(
        "{:index 0, :time 3, :type :invoke, :process 0, :f :read, :value nil}\n"
        "{:index 1, :time 5, :type :ok, :process 0, :f :read, :value nil}\n"
        "{:index 2, :time 6, :type :invoke, :process 0, :f :write, :value :up}\n"
        "{:index 3, :time 7, :type :info, :process 0, :f :write, :value :up, :error :timeout}\n");

    EXPECT_EQ(imported.format, Format::jepsen_edn);
    EXPECT_FALSE(imported.history.initial);
    EXPECT_EQ(operations_of(imported),
              "0-1 0 read  nil ok nil\n"
              "2- 0 write  \"up\" info\n");
}

TEST(JepsenEdn, RecordsAreMaps) {
    const Imported imported = read(
        "[#jepsen.history.Op{:index 0, :type :invoke, :process 0, :f :write, :value 3}\n"
        " #jepsen.history.Op{:index 1, :type :ok, :process 0, :f :write, :value 3}]\n");

    EXPECT_EQ(imported.format, Format::jepsen_edn);
    EXPECT_EQ(operations_of(imported), "0-1 0 write  3 ok nil\n");
}

const std::string keyed =
    "{:type :invoke, :process 0, :f :write, :value [7 1]}\n"
    "{:type :ok, :process 0, :f :write, :value [7 1]}\n"
    "{:type :invoke, :process 1, :f :read, :value [8 nil]}\n"
    "{:type :ok, :process 1, :f :read, :value [8 nil]}\n"
    "{:type :invoke, :process 2, :f :cas, :value [7 [1 2]]}\n"
    "{:type :info, :process 2, :f :cas, :value :timed-out}\n";

TEST(JepsenEdn, KeysAreSeenByHowReadsBegin) {
    EXPECT_EQ(operations_of(read(keyed)),
              "0-1 0 write 7 1 ok nil\n"
              "2-3 1 read 8 nil ok nil\n"
              "4- 2 cas 7 [1, 2] info\n");
}

TEST(JepsenEdn, KeysAreLeftInPlaceOnRequest) {
    EXPECT_EQ(operations_of(read(keyed, {.keyed = false})),
              "0-1 0 write  [7, 1] ok nil\n"
              "2-3 1 read  nil ok [8, nil]\n"
              "4- 2 cas  [7, [1, 2]] info\n");
}

TEST(JepsenEdn, TaggedTuplesAreKeys) {
    const Imported imported = read(
        "{:type :invoke, :process 0, :f :write, :value #jepsen.independent/tuple [:x 1]}\n"
        "{:type :ok, :process 0, :f :write, :value #jepsen.independent/tuple [:x 1]}\n");

    EXPECT_EQ(operations_of(imported), "0-1 0 write x 1 ok nil\n");
}

TEST(JepsenEdn, ACasIsNoKey) {
    const Imported imported = read(
        "{:type :invoke, :process 0, :f :cas, :value [1 2]}\n"
        "{:type :fail, :process 0, :f :cas, :value [1 2]}\n"
        "{:type :invoke, :process 0, :f :cas, :value [1 2]}\n"
        "{:type :fail, :process 0, :f :cas, :value [1 2], :error :not-leader}\n");

    EXPECT_EQ(operations_of(imported), "0-1 0 cas  [1, 2] fail\n2-3 0 cas  [1, 2] fail\n");
}

TEST(JepsenEdn, StrictCountsOnlyFailuresWithoutAnExplanation) {
    const Imported imported = read(
        "{:type :invoke, :process 0, :f :cas, :value [1 2]}\n"
        "{:type :fail, :process 0, :f :cas, :value [1 2]}\n"
        "{:type :invoke, :process 0, :f :cas, :value [1 2]}\n"
        "{:type :fail, :process 0, :f :cas, :value [1 2], :error :not-leader}\n",
        {.failed_cas = FailedCas::strict});

    EXPECT_EQ(operations_of(imported),
              "0-1 0 cas  [1, 2] ok any refused\n2-3 0 cas  [1, 2] fail\n");
}

TEST(JepsenEdn, NamesLineAndField) {
    const auto problem = [](const std::string& text) { return read(text).error->message(); };

    EXPECT_EQ(problem("{:type :invoke\n}"), "h:1: process: missing");
    EXPECT_EQ(problem("{:process 0, :type :began, :f :read}"),
              "h:1: type: began is none of :invoke, :ok, :fail, :info");
    EXPECT_EQ(problem("{:process 0, :type 3}"), "h:1: type: not a keyword such as :invoke");
    EXPECT_EQ(problem("{:index 4, :process 0, :type :invoke, :f :read}\n"
                      "{:index 3, :process 1, :type :invoke, :f :read}\n"),
              "h:2: index: 3 comes after 4; sort the file by :index");
    EXPECT_EQ(problem("{:process 0, :type :invoke, :f :write, :value {1 2}}"),
              "h:1: value: a map or a tagged form; values are nil, integers, strings, keywords "
              "and vectors of those");
    EXPECT_EQ(problem("{:process 0, :type :ok, :f :read, :value 1}"),
              "h:1: process: client 0 completes what it did not begin");
}

TEST(PorcupineKv, TextsUnderKeysBeginEmpty) {
    const Imported imported = read(
        "{:process 0, :type :invoke, :f :append, :key \"0\", :value \"x\"}\n"
        "{:process 1, :type :invoke, :f :get, :key \"7\", :value nil}\n"
        "{:process 0, :type :ok, :f :append, :key \"0\", :value \"x\"}\n"
        "{:process 1, :type :ok, :f :get, :key \"7\", :value \"\"}\n");

    EXPECT_EQ(imported.format, Format::porcupine_kv);
    EXPECT_EQ(imported.model, "kv");
    EXPECT_EQ(imported.history.initial, Value(std::string()));
    EXPECT_EQ(operations_of(imported),
              "0-2 0 append 0 \"x\" ok nil\n"
              "1-3 1 get 7 nil ok \"\"\n");
}

TEST(HistV1, TheHeaderSaysModelAndBeginning) {
    const Imported imported = read(
        "#hist-v1 model=cas init=0\n"
        "I\t1\tcas\t\t0\t3\n"
        "I\t2\tread\t\t\t\n"
        "F\t1\tcas\t\t\t\n"
        "O\t2\tread\t\t0\t\n"
        "I\t2\twrite\tk\t5\t\n"
        "X\t2\twrite\tk\t\t\n");

    EXPECT_EQ(imported.model, "cas-register");
    EXPECT_EQ(imported.history.initial, Value(0));
    EXPECT_EQ(operations_of(imported),
              "0-2 1 cas  [0, 3] ok any refused\n"
              "1-3 2 read  nil ok 0\n"
              "4- 2 write k 5 info\n");
}

TEST(HistV1, ValuesOfAKvAreTexts) {
    const Imported imported = read(
        "#hist-v1 model=kv init=\n"
        "I\t1\tput\tk\t12\t\n"
        "O\t1\tput\tk\t\t\n"
        "I\t1\tget\tk\t\t\n"
        "O\t1\tget\tk\t\t\n");

    EXPECT_EQ(imported.history.initial, Value(std::string()));
    EXPECT_EQ(operations_of(imported), "0-1 1 put k \"12\" ok nil\n2-3 1 get k nil ok \"\"\n");
}

TEST(HistV1, NamesLineAndField) {
    const std::string header = "#hist-v1 model=reg init=0\n";

    EXPECT_EQ(read("#hist-v1 reg\n").error->message(),
              "h:1: the first line is \"#hist-v1 model=M init=V\"");
    EXPECT_EQ(read(header + "J\t1\tread\t\t\t\n").error->message(),
              "h:2: type: \"J\" is none of I, O, F, X");
    EXPECT_EQ(read(header + "I\t-1\tread\t\t\t\n").error->message(),
              "h:2: process: not a whole number from 0");
    EXPECT_EQ(read(header + "I\t1\tread\t\t\t\t\t\n").error->message(), "h:2: more than 6 columns");
    EXPECT_EQ(read(header + "I\n").error->message(),
              "h:2: a line is \"type process function key a b\" with tabs between");
    EXPECT_EQ(read(header + "I\t1\twrite\t\t[1\t\n").error->message(),
              "h:2: a: the file ends inside of a form; is it complete?");
}

TEST(HistV1, DropsAnUnterminatedLastLineWithAWarning) {
    const Imported imported = read("#hist-v1 model=reg init=0\nI\t1\twrite\t\t1\t\nO\t1\twri");

    ASSERT_FALSE(imported.error);
    ASSERT_EQ(imported.warnings.size(), 1U);
    EXPECT_EQ(imported.warnings[0], "h:3: unterminated last line dropped");
    EXPECT_EQ(operations_of(imported), "0- 1 write  1 info\n");
}

TEST(Jsonl, IsReadAsItIs) {
    const Imported imported = read(
        "{\"squall_history\":1}\n"
        "{\"index\":0,\"time\":1,\"type\":\"invoke\",\"client\":3,\"f\":\"add\",\"value\":1}\n"
        "{\"index\":1,\"time\":1,\"type\":\"invoke\",\"client\":4,\"f\":\"read\"}\n"
        "{\"index\":2,\"time\":1,\"type\":\"ok\",\"client\":4,\"value\":[1]}\n");

    EXPECT_EQ(imported.model, "set");
    EXPECT_EQ(operations_of(imported), "0- 3 add  1 info\n1-2 4 read  nil ok [1]\n");
}

}  // namespace
}  // namespace squall::history::formats
