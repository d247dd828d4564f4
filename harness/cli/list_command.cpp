#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "checker/model.hpp"
#include "harness/cli/commands.hpp"
#include "harness/judge.hpp"
#include "harness/systems/system.hpp"
#include "nemesis/fault_class.hpp"
#include "workloads/workload.hpp"

namespace squall::harness::cli {
namespace {

int run() {
    fmt::print("systems\n");
    for (const systems::System* system : systems::systems()) {
        fmt::print("  {:<18} {}\n", system->name(), system->description());
    }
    fmt::print("workloads\n");
    for (const workloads::Workload* workload : workloads::workloads()) {
        fmt::print("  {:<18} {} (model {})\n",
                   workload->name(),
                   workload->description(),
                   workload->model());
    }
    fmt::print("faults\n");
    for (const nemesis::FaultClass* fault : nemesis::fault_classes()) {
        fmt::print("  {:<18} {} (needs {})\n", fault->name(), fault->description(), fault->needs());
    }
    fmt::print("models\n");
    for (const checker::Model* model : checker::models()) {
        fmt::print("  {}\n", model->name());
    }
    fmt::print("detectors\n");
    for (const Detector& detector : detectors()) {
        fmt::print("  {:<18} {}\n", detector.name, detector.description);
    }
    fmt::print("bugs\n");
    for (const systems::System* system : systems::systems()) {
        for (const systems::Bug& bug : system->bugs()) {
            fmt::print("  {:<18} {} ({})\n", bug.slug, bug.what, system->name());
        }
    }
    return 0;
}

}  // namespace

void add_list_command(CLI::App& app, Command* chosen) {
    CLI::App* command =
        app.add_subcommand("list", "Systems, workloads, faults, models, detectors and bugs");
    command->callback([chosen] { *chosen = [] { return run(); }; });
}

}  // namespace squall::harness::cli
