// Objects that only grow: lists to append to, sets to add to, counters. What is lost, applied twice
// or read too early shows in every later read, not only in the next one.
#include <set>

#include <fmt/format.h>

#include "history/random.hpp"
#include "workloads/key_columns.hpp"
#include "workloads/workload.hpp"

namespace squall::workloads {

namespace {

using history::Value;

// As in the register workload: slots alternate between mostly reading and mostly changing.
constexpr std::uint64_t stretch = 16;
constexpr std::uint64_t reads_when_reading = 75;   // percent
constexpr std::uint64_t reads_when_changing = 15;  // percent

/// What distinguishes the workloads of this file.
struct Kind {
    std::string_view name;
    std::string_view description;
    std::string_view model;
    std::string_view key_prefix;
    std::string_view mutation;
    Object object = Object::list;
};

class GrowingGenerator final : public Generator {
  public:
    GrowingGenerator(const Kind& kind, const GeneratorConfig& config)
        : kind_(kind),
          config_(config),
          columns_(config),
          choices_(config.seed, "workloads/growing"),
          stretches_(config.seed, "workloads/growing/stretch") {}

    [[nodiscard]] Request operation(std::uint32_t slot, std::uint64_t ordinal) override {
        const std::uint64_t column = choices_.below(config_.keys, slot, ordinal * draws);
        const std::uint64_t key = columns_.key(column, ordinal);
        touched_.insert(key);
        if (reads(slot, ordinal)) {
            return read_of(key);
        }
        return {std::string(kind_.mutation),
                name_of(key),
                kind_.object == Object::counter ? Value{1} : fresh_value(slot, ordinal),
                kind_.object};
    }

    void observe(const Request& /*request*/, const history::Event& /*completion*/) override {}

    [[nodiscard]] std::vector<Request> final_requests() const override {
        std::vector<Request> requests;
        requests.reserve(touched_.size());
        for (const std::uint64_t key : touched_) {
            requests.push_back(read_of(key));
        }
        return requests;
    }

  private:
    static constexpr std::uint64_t draws = 2;  // Random numbers per operation.

    [[nodiscard]] std::string name_of(std::uint64_t key) const {
        return fmt::format("{}{}", kind_.key_prefix, key);
    }

    [[nodiscard]] Request read_of(std::uint64_t key) const {
        return {std::string("read"), name_of(key), Value(), kind_.object};
    }

    [[nodiscard]] bool reads(std::uint32_t slot, std::uint64_t ordinal) const {
        const bool reading = stretches_.below(2, slot, ordinal / stretch) == 0;
        return choices_.below(100, slot, ordinal * draws + 1) <
               (reading ? reads_when_reading : reads_when_changing);
    }

    /// No two mutations of a run carry the same value.
    [[nodiscard]] Value fresh_value(std::uint32_t slot, std::uint64_t ordinal) const {
        return static_cast<std::int64_t>(1 + ordinal * config_.slots + slot);
    }

    const Kind& kind_;
    GeneratorConfig config_;
    KeyColumns columns_;
    history::Stream choices_;
    history::Stream stretches_;
    std::set<std::uint64_t> touched_;
};

class GrowingWorkload final : public Workload {
  public:
    explicit GrowingWorkload(const Kind& kind) : kind_(kind) {}

    [[nodiscard]] std::string_view name() const override { return kind_.name; }

    [[nodiscard]] std::string_view description() const override { return kind_.description; }

    [[nodiscard]] std::string_view model() const override { return kind_.model; }

    [[nodiscard]] Object object() const override { return kind_.object; }

    [[nodiscard]] std::uint32_t operations_per_key_max() const override {
        return kind_.object == Object::counter ? Workload::operations_per_key_max() : 20'000;
    }

    [[nodiscard]] std::unique_ptr<Generator> generator(
        const GeneratorConfig& config) const override {
        return std::make_unique<GrowingGenerator>(kind_, config);
    }

  private:
    Kind kind_;
};

}  // namespace

const Workload& append_workload() {
    static const GrowingWorkload instance(
        {.name = "append",
         .description = "independent lists: append a new element, read the whole list",
         .model = "append-list",
         .key_prefix = "l",
         .mutation = "append",
         .object = Object::list});
    return instance;
}

const Workload& set_workload() {
    static const GrowingWorkload instance(
        {.name = "set",
         .description = "independent sets: add a new element, read the whole set",
         .model = "set",
         .key_prefix = "s",
         .mutation = "add",
         .object = Object::set});
    return instance;
}

const Workload& counter_workload() {
    static const GrowingWorkload instance({.name = "counter",
                                           .description = "independent counters: add one, read",
                                           .model = "counter",
                                           .key_prefix = "c",
                                           .mutation = "add",
                                           .object = Object::counter});
    return instance;
}

}  // namespace squall::workloads
