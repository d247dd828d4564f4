// For systems that elect and do nothing else: every client asks its node who leads, and in which
// term.
#include "workloads/workload.hpp"

namespace squall::workloads {

namespace {

class ElectionGenerator final : public Generator {
  public:
    [[nodiscard]] Request operation(std::uint32_t /*slot*/, std::uint64_t /*ordinal*/) override {
        return who_leads();
    }

    void observe(const Request& /*request*/, const history::Event& /*completion*/) override {}

    [[nodiscard]] std::vector<Request> final_requests() const override { return {who_leads()}; }

  private:
    [[nodiscard]] static Request who_leads() { return {"leader", "election", {}}; }
};

class ElectionWorkload final : public Workload {
  public:
    [[nodiscard]] std::string_view name() const override { return "election"; }

    [[nodiscard]] std::string_view description() const override {
        return "asks every node who leads, and in which term; no term may have two leaders";
    }

    [[nodiscard]] std::string_view model() const override { return ""; }

    [[nodiscard]] std::unique_ptr<Generator> generator(
        const GeneratorConfig& /*config*/) const override {
        return std::make_unique<ElectionGenerator>();
    }
};

}  // namespace

const Workload& election_workload() {
    static const ElectionWorkload instance;
    return instance;
}

}  // namespace squall::workloads
