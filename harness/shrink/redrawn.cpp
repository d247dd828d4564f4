#include "harness/shrink/redrawn.hpp"

#include <utility>

namespace squall::harness::shrink {
namespace {

class Redrawn final : public Pass {
  public:
    Redrawn(std::unique_ptr<Pass> pass, std::uint64_t draws)
        : pass_(std::move(pass)), draws_(draws) {}

    /// A pass names the same candidate until its verdict is in.
    [[nodiscard]] std::optional<Plan> next(const Plan& best) override {
        auto candidate = pass_->next(best);
        if (candidate) {
            candidate->seed = best.seed + draw_;
        }
        return candidate;
    }

    void verdict(bool fails) override {
        if (!fails && draw_ < draws_) {
            ++draw_;
            return;
        }
        draw_ = 0;
        pass_->verdict(fails);
    }

  private:
    std::unique_ptr<Pass> pass_;
    std::uint64_t draws_;
    std::uint64_t draw_ = 0;
};

}  // namespace

std::unique_ptr<Pass> redrawn(std::unique_ptr<Pass> pass, std::uint64_t draws) {
    return std::make_unique<Redrawn>(std::move(pass), draws);
}

}  // namespace squall::harness::shrink
