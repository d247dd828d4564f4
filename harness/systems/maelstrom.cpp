#include "harness/systems/maelstrom.hpp"

namespace squall::harness::systems {

namespace {

class Maelstrom final : public System {
  public:
    [[nodiscard]] std::string_view name() const override { return "maelstrom"; }

    [[nodiscard]] std::string_view description() const override {
        return "your own program, which speaks Maelstrom's protocol (--bin)";
    }

    [[nodiscard]] Capabilities capabilities() const override {
        return {.links = true, .processes = true, .clocks = true};
    }
};

}  // namespace

const System& maelstrom() {
    static const Maelstrom system;
    return system;
}

}  // namespace squall::harness::systems
