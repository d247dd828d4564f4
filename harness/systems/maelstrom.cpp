#include "harness/systems/maelstrom.hpp"

#include <array>

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

    [[nodiscard]] std::span<const std::string_view> workloads() const override {
        static constexpr std::array<std::string_view, 4> names{
            "lin-kv", "lin-kv-create", "election", "register"};
        return names;
    }
};

}  // namespace

const System& maelstrom() {
    static const Maelstrom system;
    return system;
}

}  // namespace squall::harness::systems
