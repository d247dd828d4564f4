#include "harness/plan_operations.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/json_fields.hpp"
#include "harness/plan_limits.hpp"

namespace squall::harness {
namespace {

using Json = nlohmann::ordered_json;
using history::Value;
using workloads::Request;

constexpr std::size_t text_bytes_max = std::size_t{1} << 16U;

/// How many arguments a function takes.
struct Function {
    std::string_view name;
    std::size_t arguments;
};

constexpr std::array known_functions{Function{"read", 0},
                                     Function{"leader", 0},
                                     Function{"echo", 0},
                                     Function{"write", 1},
                                     Function{"append", 1},
                                     Function{"add", 1},
                                     Function{"cas", 2},
                                     Function{"cas-or-create", 2}};

Json write_value(const Value& value) {
    if (const auto* number = value.as_int()) {
        return *number;
    }
    if (const auto* text = value.as_string()) {
        return *text;
    }
    Json list = Json::array();
    if (const auto* elements = value.as_list()) {
        for (const Value& element : *elements) {
            list.push_back(write_value(element));
        }
        return list;
    }
    return nullptr;
}

class OperationReader {
  public:
    OperationReader(const Json& json, const std::string& file, std::string path, const Plan& plan)
        : fields_(json, file, std::move(path)), plan_(plan) {}

    PlannedOperation read() {
        PlannedOperation operation;
        fields_.read_unsigned("slot", operation.slot, 0, plan_.concurrency - 1);
        fields_.read_unsigned("node", operation.node, 1, plan_.nodes);
        fields_.read_ms("at_ms", operation.at, Duration::zero(), limits::duration_max);
        Request& request = operation.request;
        fields_.read("function", request.function);
        fields_.read("key", request.key);
        if (const auto* workload = workloads::find_workload(plan_.workload)) {
            request.object = workload->object();
        }
        if (request.key.size() > text_bytes_max) {
            fields_.fail("key", fmt::format("is longer than {} bytes", text_bytes_max));
        }
        const Json* value = fields_.find("value");
        request.value = arguments(request.function, value == nullptr ? Json() : *value);
        fields_.finish();
        return operation;
    }

  private:
    Value arguments(const std::string& function, const Json& json) const {
        const auto* const known = std::ranges::find(known_functions, function, &Function::name);
        if (known == known_functions.end()) {
            fields_.fail("function",
                         "must be read, write, cas, cas-or-create, append, add, leader or echo");
        }
        if (known->arguments == 0 && !json.is_null()) {
            fields_.fail("value", fmt::format("must be null or absent, for a {}", function));
        }
        if (known->arguments < 2) {
            return known->arguments == 0 ? Value() : scalar(json);
        }
        if (!json.is_array() || json.size() != 2) {
            fields_.fail("value", "must be [expected, new]");
        }
        return Value::List{scalar(json[0]), scalar(json[1])};
    }

    Value scalar(const Json& json) const {
        if (json.is_string() && json.get_ref<const std::string&>().size() <= text_bytes_max) {
            return json.get<std::string>();
        }
        if (!json.is_number_integer() ||
            (json.is_number_unsigned() && json.get<std::uint64_t>() > INT64_MAX)) {
            fields_.fail("value", "must be made of integers of 64 bits and short strings");
        }
        return json.get<std::int64_t>();
    }

    JsonFields fields_;
    const Plan& plan_;
};

class ListedGenerator final : public workloads::Generator {
  public:
    explicit ListedGenerator(const Plan& plan) : by_slot_(plan.concurrency) {
        for (const PlannedOperation& operation : *plan.operations) {
            by_slot_.at(operation.slot).push_back(&operation);
        }
        std::set<std::string> keys;
        for (const PlannedOperation& operation : *plan.operations) {
            const Request& request = operation.request;
            if (keys.insert(request.key).second) {
                finals_.push_back(request.function == "leader" || request.function == "echo"
                                      ? request
                                      : Request{"read", request.key, {}, request.object});
            }
        }
    }

    [[nodiscard]] Request operation(std::uint32_t slot, std::uint64_t ordinal) override {
        return by_slot_.at(slot).at(ordinal)->request;
    }

    void observe(const Request& /*request*/, const history::Event& /*completion*/) override {}

    [[nodiscard]] std::vector<Request> final_requests() const override { return finals_; }

  private:
    std::vector<std::vector<const PlannedOperation*>> by_slot_;
    std::vector<Request> finals_;
};

}  // namespace

Json operations_to_json(const std::vector<PlannedOperation>& operations) {
    Json json = Json::array();
    for (const PlannedOperation& operation : operations) {
        Json entry{{"slot", operation.slot},
                   {"node", operation.node},
                   {"at_ms", JsonFields::to_ms(operation.at)},
                   {"function", operation.request.function},
                   {"key", operation.request.key}};
        if (!operation.request.value.is_null()) {
            entry["value"] = write_value(operation.request.value);
        }
        json.push_back(std::move(entry));
    }
    return json;
}

std::vector<PlannedOperation> operations_from_json(const Json& json,
                                                   const std::string& file,
                                                   const Plan& plan) {
    const JsonFields fields(Json::object(), file, "");
    if (!json.is_array()) {
        fields.fail("operations", "must be an array");
    }
    if (static_cast<double>(json.size()) > limits::operations_max) {
        fields.fail("operations", "are more than memory is for");
    }
    std::vector<PlannedOperation> operations;
    for (const Json& entry : json) {
        const std::string path = fmt::format("operations[{}]", operations.size());
        PlannedOperation operation = OperationReader(entry, file, path, plan).read();
        if (!operations.empty() && operation.at < operations.back().at) {
            fields.fail(path + ".at_ms", "must not come before the entry above");
        }
        operations.push_back(std::move(operation));
    }
    return operations;
}

std::unique_ptr<workloads::Generator> listed_generator(const Plan& plan) {
    return std::make_unique<ListedGenerator>(plan);
}

}  // namespace squall::harness
