// The labs' general test: clients work for a while, each sure of what it must read, while servers
// crash and are split.
#include <memory>

#include <fmt/format.h>

#include "checker/linearizability.hpp"
#include "checker/model.hpp"
#include "tests/raft/mit/kv_scenario.hpp"

namespace squall::raft::mit {

namespace {

using server::Operation;
using server::Reply;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Appends to its own key and knows what must be there; or, with random keys, does anything.
class Client {
  public:
    Client(KvLab& lab, int number, int clients, bool random_keys)
        : lab_(lab),
          clerk_(lab.clerk()),
          number_(number),
          clients_(clients),
          random_keys_(random_keys) {}

    void go() {
        stopped_ = false;
        expected_.clear();
        count_ = 0;
        clerk_.call(Operation::put, key(), "", [this](const Reply&) { next(); });
    }

    void stop() { stopped_ = true; }

    [[nodiscard]] bool idle() const { return !clerk_.busy(); }

    [[nodiscard]] std::uint64_t operations() const { return operations_; }

    /// All of its appends are there, once and in order.
    void check() {
        if (!random_keys_) {
            expect(clerk_.get(key()));
        }
    }

  private:
    [[nodiscard]] std::string key() const { return fmt::format("{}", number_); }

    void next() {
        ++operations_;
        if (stopped_) {
            return;
        }
        if (random_keys_) {
            anything();
        } else if (lab_.below(1000) < 500) {
            const std::string value = fmt::format("x {} {} y", number_, count_++);
            expected_ += value;
            clerk_.call(Operation::append, key(), value, [this](const Reply&) { next(); });
        } else {
            clerk_.call(Operation::get, key(), "", [this](const Reply& reply) {
                expect(reply.value.value_or(""));
                next();
            });
        }
    }

    void anything() {
        const auto some = fmt::format("{}", lab_.below(static_cast<std::uint64_t>(clients_)));
        const std::string value = fmt::format("{}.{} ", number_, count_++);
        const std::uint64_t dice = lab_.below(1000);
        const Operation operation = dice < 500   ? Operation::append
                                    : dice < 600 ? Operation::put
                                                 : Operation::get;
        clerk_.call(
            operation, some, operation == Operation::get ? "" : value, [this](const Reply&) {
                next();
            });
    }

    void expect(const std::string& found) const {
        if (found != expected_) {
            throw Failed(
                fmt::format("client {} read \"{}\" instead of \"{}\"", number_, found, expected_));
        }
    }

    KvLab& lab_;
    KvLab::Clerk& clerk_;
    int number_;
    int clients_;
    bool random_keys_;
    bool stopped_ = false;
    int count_ = 0;
    std::uint64_t operations_ = 0;
    std::string expected_;
};

/// Splits the servers again and again while it lives and is on.
class Partitioner {
  public:
    explicit Partitioner(KvLab& lab) : lab_(lab) { step(); }

    void stop() { on_ = false; }

  private:
    void step() {
        if (on_) {
            lab_.repartition();
            const auto pause = election_timeout + milliseconds(static_cast<int>(lab_.below(200)));
            lab_.fleet.at(lab_.fleet.now() + pause, [this] { step(); });
        }
    }

    KvLab& lab_;
    bool on_ = true;
};

void expect_linearizable(const KvLab& lab) {
    const auto result =
        checker::check_linearizable(lab.history(), *checker::find_model("kv"), checker::Budget{});
    if (result.verdict != checker::Verdict::valid) {
        throw Failed(result.counterexample ? result.counterexample->sentence : result.reason);
    }
}

}  // namespace

void general_test(KvLab& lab, const General& general) {
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < general.clients; ++i) {
        clients.push_back(std::make_unique<Client>(lab, i, general.clients, general.random_keys));
    }
    std::vector<std::unique_ptr<Partitioner>> partitioners;
    for (int round = 0; round < 3; ++round) {
        for (const auto& client : clients) {
            client->go();
        }
        if (general.partitions) {
            lab.sleep(seconds(1));
            partitioners.push_back(std::make_unique<Partitioner>(lab));
        }
        lab.sleep(seconds(5));
        for (const auto& client : clients) {
            client->stop();
        }
        if (general.partitions) {
            partitioners.back()->stop();
            lab.heal();
            lab.sleep(election_timeout);
        }
        if (general.crash) {
            lab.crash_all();
            lab.sleep(election_timeout);
            lab.start_all();
        }
        for (const auto& client : clients) {
            lab.wait_until([&] { return client->idle(); }, seconds(20), "a client's last answer");
            client->check();
        }
    }
    double operations = 0;
    for (const auto& client : clients) {
        operations += static_cast<double>(client->operations());
    }
    lab.measures.note("operations", operations);
    if (general.random_keys) {
        expect_linearizable(lab);
    }
}

}  // namespace squall::raft::mit
