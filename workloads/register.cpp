// Independent registers: read, write, compare-and-set; also under the name and with the keys that
// Maelstrom has for them.
#include <map>

#include <fmt/format.h>

#include "history/random.hpp"
#include "workloads/key_columns.hpp"
#include "workloads/workload.hpp"

namespace squall::workloads {

namespace {

using history::Value;

// Slots alternate between stretches of mostly reading and mostly changing. Over the run that is
// half reads, a quarter writes and a quarter cas; but a client of a node that is cut off can go on
// reading there instead of waiting for one mutation after the other to time out.
constexpr std::uint64_t stretch = 16;
constexpr std::uint64_t reads_when_reading = 85;   // percent
constexpr std::uint64_t reads_when_changing = 15;  // percent

constexpr std::int64_t never_written = 0;

/// What distinguishes the workloads of this file.
struct Kind {
    std::string_view name;
    std::string_view description;
    std::string_view model;
    std::string_view key_prefix;
    std::string_view conditional;  ///< Name of the compare-and-set.
    bool creates = false;          ///< It sets a key that is missing, whatever it expects.
};

class RegisterGenerator final : public Generator {
  public:
    RegisterGenerator(const Kind& kind, const GeneratorConfig& config)
        : kind_(kind),
          config_(config),
          stream_(config.seed, "workloads/register"),
          columns_(config) {}

    [[nodiscard]] Request operation(std::uint32_t slot, std::uint64_t ordinal) override {
        const std::uint64_t column = stream_.below(config_.keys, slot, ordinal * draws);
        const std::uint64_t key = columns_.key(column, ordinal);
        const Register& state = registers_[key];
        Request request{"read", name_of(key), Value()};
        if (reads(slot, ordinal)) {
            return request;
        }
        const Value fresh = fresh_value(slot, ordinal);
        // Nothing is known to compare with until somebody has seen a value; but what creates a
        // missing key may also compare with what nobody ever writes.
        const bool cas = stream_.below(2, slot, ordinal * draws + 2) == 0;
        if (cas && (!state.last.is_null() || kind_.creates)) {
            request.function = kind_.conditional;
            request.value =
                Value(Value::List{state.last.is_null() ? Value(never_written) : state.last, fresh});
        } else {
            request.function = "write";
            request.value = fresh;
        }
        return request;
    }

    void observe(const Request& request, const history::Event& completion) override {
        if (completion.type != history::EventType::ok) {
            return;
        }
        Value seen = completion.value;
        if (request.function == "write") {
            seen = request.value;
        } else if (is_conditional(request.function) && completion.applied.value_or(false)) {
            seen = request.value.as_list()->back();
        }
        const auto found = registers_.find(number_of(request.key));
        if (found != registers_.end() && !seen.is_null()) {
            found->second.last = std::move(seen);
        }
    }

    [[nodiscard]] std::vector<Request> final_requests() const override {
        std::vector<Request> requests;
        requests.reserve(registers_.size());
        for (const auto& [key, state] : registers_) {
            requests.push_back(Request{"read", name_of(key), Value()});
        }
        return requests;
    }

  private:
    struct Register {
        Value last;  ///< Seen by any client, most recently.
    };

    static constexpr std::uint64_t draws = 3;  // Random numbers per operation.

    [[nodiscard]] std::string name_of(std::uint64_t key) const {
        return fmt::format("{}{}", kind_.key_prefix, key);
    }

    [[nodiscard]] std::uint64_t number_of(const std::string& name) const {
        return std::stoull(name.substr(kind_.key_prefix.size()));
    }

    [[nodiscard]] bool reads(std::uint32_t slot, std::uint64_t ordinal) const {
        const history::Stream phase(config_.seed, "workloads/register/stretch");
        const bool reading = phase.below(2, slot, ordinal / stretch) == 0;
        return stream_.below(100, slot, ordinal * draws + 1) <
               (reading ? reads_when_reading : reads_when_changing);
    }

    /// No two writes of a run carry the same value.
    [[nodiscard]] Value fresh_value(std::uint32_t slot, std::uint64_t ordinal) const {
        return static_cast<std::int64_t>(1 + ordinal * config_.slots + slot);
    }

    const Kind& kind_;
    GeneratorConfig config_;
    history::Stream stream_;
    KeyColumns columns_;
    std::map<std::uint64_t, Register> registers_;  ///< Every key touched, by number.
};

class RegisterWorkload final : public Workload {
  public:
    explicit RegisterWorkload(const Kind& kind) : kind_(kind) {}

    [[nodiscard]] std::string_view name() const override { return kind_.name; }

    [[nodiscard]] std::string_view description() const override { return kind_.description; }

    [[nodiscard]] std::string_view model() const override { return kind_.model; }

    [[nodiscard]] std::unique_ptr<Generator> generator(
        const GeneratorConfig& config) const override {
        return std::make_unique<RegisterGenerator>(kind_, config);
    }

  private:
    Kind kind_;
};

}  // namespace

const Workload& register_workload() {
    static const RegisterWorkload instance(
        {.name = "register",
         .description = "independent registers: read, write, compare-and-set; must be linearizable",
         .model = "register",
         .key_prefix = "k",
         .conditional = "cas"});
    return instance;
}

const Workload& lin_kv_workload() {
    static const RegisterWorkload instance(
        {.name = "lin-kv",
         .description = "Maelstrom's: the same under numbers as keys",
         .model = "register",
         .key_prefix = "",
         .conditional = "cas"});
    return instance;
}

const Workload& lin_kv_create_workload() {
    static const RegisterWorkload instance(
        {.name = "lin-kv-create",
         .description = "lin-kv whose compare-and-set creates a key that is missing "
                        "(create_if_not_exists)",
         .model = "creating-register",
         .key_prefix = "",
         .conditional = "cas-or-create",
         .creates = true});
    return instance;
}

}  // namespace squall::workloads
