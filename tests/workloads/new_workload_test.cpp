// How to add a workload: this file's class would go to workloads/blind_writes.cpp with a line in
// registry.cpp, and nothing else would change: it is judged by an existing model.
#include <gtest/gtest.h>

#include "workloads/workload.hpp"

namespace squall::workloads {
namespace {

class BlindWrites final : public Workload {
  public:
    [[nodiscard]] std::string_view name() const override { return "blind-writes"; }

    [[nodiscard]] std::string_view description() const override {
        return "each slot writes its own key and never looks";
    }

    [[nodiscard]] std::string_view model() const override { return "register"; }

    [[nodiscard]] std::unique_ptr<Generator> generator(
        const GeneratorConfig& config) const override {
        return std::make_unique<Writes>(config);
    }

  private:
    class Writes final : public Generator {
      public:
        explicit Writes(const GeneratorConfig& config) : config_(config) {}

        [[nodiscard]] Request operation(std::uint32_t slot, std::uint64_t ordinal) override {
            return Request{"write", std::to_string(slot), static_cast<std::int64_t>(ordinal)};
        }

        void observe(const Request& /*request*/, const history::Event& /*completion*/) override {}

        [[nodiscard]] std::vector<Request> final_requests() const override {
            std::vector<Request> requests;
            for (std::uint32_t slot = 0; slot < config_.slots; ++slot) {
                requests.push_back(Request{"read", std::to_string(slot), {}});
            }
            return requests;
        }

      private:
        GeneratorConfig config_;
    };
};

TEST(NewWorkload, MakesOperationsAndFinalReads) {
    const BlindWrites workload;
    const auto generator = workload.generator(GeneratorConfig{1, 3, 1, 1});

    EXPECT_EQ(generator->operation(2, 7), (Request{"write", "2", std::int64_t{7}}));
    EXPECT_EQ(generator->final_requests().size(), 3U);
}

}  // namespace
}  // namespace squall::workloads
