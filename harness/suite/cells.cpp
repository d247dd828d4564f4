#include "harness/suite/cells.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fnmatch.h>

#include "harness/failure.hpp"

namespace squall::harness::suite {
namespace {

constexpr double simulated_rate = 150;
constexpr double process_rate = 300;
/// Starting nodes, healing, settling, final reads, judging.
constexpr double around_a_run_s = 6;

class Expander {
  public:
    Expander(const SuiteFile& file, std::string file_name, const Vocabulary& vocabulary)
        : file_(file), file_name_(std::move(file_name)), vocabulary_(vocabulary) {}

    Expansion expand() {
        for (const Matrix& matrix : file_.matrices) {
            for (const SuiteTier tier : matrix.tiers) {
                expand(matrix, tier);
            }
        }
        if (done_.cells.empty()) {
            throw UsageError(fmt::format(
                "{}: matrix: no cell is left; what was left out: {}", file_name_, some_left_out()));
        }
        return std::move(done_);
    }

  private:
    void expand(const Matrix& matrix, SuiteTier tier) {
        if (matrix.swarm) {
            Cell cell{.name = matrix.bug.empty() ? "sim/swarm" : "sim/swarm/" + matrix.bug,
                      .swarm = true,
                      .like = {},
                      .heal = {}};
            cell.like.bug = matrix.bug;
            add(matrix, std::move(cell));
            return;
        }
        for (const std::string& system : matrix.systems) {
            for (const std::string& workload : workloads_of(matrix, system)) {
                for (const Profile& profile : matrix.profiles) {
                    for (const std::uint32_t nodes : matrix.nodes) {
                        for (const Configuration& configuration : matrix.configurations) {
                            add_combination(
                                matrix, tier, system, workload, {profile, nodes, configuration});
                        }
                    }
                }
            }
        }
    }

    struct Point {
        const Profile& profile;
        std::uint32_t nodes;
        const Configuration& configuration;
    };

    void add_combination(const Matrix& matrix,
                         SuiteTier tier,
                         const std::string& system,
                         const std::string& workload,
                         const Point& point) {
        Cell cell{.name = fmt::format("{}/{}/{}/{}/n{}/{}",
                                      to_string(tier),
                                      system,
                                      workload,
                                      point.profile.name,
                                      point.nodes,
                                      point.configuration.name),
                  .tier = tier,
                  .like = {},
                  .heal = point.profile.heal};
        if (std::string obstacle = obstacle_to(tier, system, workload, point); !obstacle.empty()) {
            done_.left_out.push_back({cell.name, std::move(obstacle)});
            return;
        }
        set_plan(cell, matrix, system, point);
        cell.like.workload = workload;
        cell.run_s = tier == SuiteTier::process ? matrix.time_limit_s + around_a_run_s : 0;
        add(matrix, std::move(cell));
    }

    [[nodiscard]] const Program* program(const std::string& name) const {
        const auto found = std::ranges::find(file_.programs, name, &Program::name);
        return found == file_.programs.end() ? nullptr : &*found;
    }

    /// Of the user's programs that of the system that needs one.
    [[nodiscard]] const Vocabulary::System& kind_of(const std::string& name) const {
        if (const auto* system = vocabulary_.find(name)) {
            return *system;
        }
        return *std::ranges::find_if(vocabulary_.systems, &Vocabulary::System::needs_program);
    }

    [[nodiscard]] std::vector<std::string> workloads_of(const Matrix& matrix,
                                                        const std::string& system) const {
        return matrix.workloads.empty() ? std::vector{kind_of(system).workloads.front()}
                                        : matrix.workloads;
    }

    [[nodiscard]] std::vector<std::string> possible_faults(SuiteTier tier,
                                                           const Vocabulary::System& system,
                                                           std::uint32_t nodes) const {
        std::vector<std::string> faults =
            tier == SuiteTier::sim ? system.simulated_faults : system.process_faults;
        if (nodes < 2) {
            std::erase_if(faults, [&](const std::string& fault) {
                return std::ranges::find(system.link_faults, fault) != system.link_faults.end();
            });
        }
        return faults;
    }

    [[nodiscard]] std::string obstacle_to(SuiteTier tier,
                                          const std::string& system_name,
                                          const std::string& workload,
                                          const Point& point) const {
        const Vocabulary::System& system = kind_of(system_name);
        if (tier == SuiteTier::sim && !system.has_simulation) {
            return "programs of your own cannot be simulated";
        }
        if (std::ranges::find(system.workloads, workload) == system.workloads.end()) {
            return fmt::format("{} has no workload {}", system_name, workload);
        }
        const std::vector<std::string> possible = possible_faults(tier, system, point.nodes);
        for (const std::string& fault : point.profile.faults) {
            if (std::ranges::find(possible, fault) == possible.end()) {
                return fmt::format("{} cannot be done to {} {} of {}",
                                   fault,
                                   point.nodes,
                                   tier == SuiteTier::sim ? "simulated nodes" : "processes",
                                   system_name);
            }
        }
        return "";
    }

    void set_plan(Cell& cell,
                  const Matrix& matrix,
                  const std::string& system,
                  const Point& point) const {
        Plan& plan = cell.like;
        plan.system = kind_of(system).name;
        plan.timing = point.configuration.timing;
        if (const Program* own = program(system)) {
            plan.program = own->command;
            plan.leader_pattern = own->leader_pattern;
            plan.latency = history::from_seconds(own->latency_ms / 1000);
            plan.timing.election_max = history::from_seconds(own->election_timeout_s);
            plan.timing.election_min = plan.timing.election_max / 2;
            plan.timing.heartbeat = plan.timing.election_max / 12;
        }
        plan.nodes = point.nodes;
        plan.concurrency = matrix.clients_per_node * point.nodes;
        plan.rate = matrix.rate > 0 ? matrix.rate
                                    : (cell.tier == SuiteTier::sim ? simulated_rate : process_rate);
        plan.keys = matrix.keys;
        plan.time_limit = history::from_seconds(matrix.time_limit_s);
        plan.snapshot_interval = point.configuration.snapshot_interval;
        plan.limits = point.configuration.limits;
        plan.bug = point.configuration.bug;
        plan.fault_classes = point.profile.all
                                 ? possible_faults(cell.tier, kind_of(system), point.nodes)
                                 : point.profile.faults;
        plan.fault_interval = history::from_seconds(point.profile.interval_s);
    }

    void add(const Matrix& matrix, Cell cell) {
        if (!wanted(cell.name)) {
            done_.left_out.push_back({cell.name, "include and exclude leave it out"});
            return;
        }
        if (!names_.insert(cell.name).second) {
            throw UsageError(
                fmt::format("{}: matrix: the cell {} comes out of it twice; give one of the two a "
                            "[profile.NAME] or a [configuration.NAME] of its own",
                            file_name_,
                            cell.name));
        }
        cell.weight = matrix.weight;
        cell.seeds_max = matrix.seeds;
        for (const Weighting& weighting : file_.weightings) {
            if (matches(weighting.cell, cell.name)) {
                cell.weight *= weighting.factor;
            }
        }
        done_.cells.push_back(std::move(cell));
        if (done_.cells.size() > limits::cells_max) {
            throw UsageError(fmt::format(
                "{}: matrix: there are more than {} cells; make it smaller or several suites",
                file_name_,
                limits::cells_max));
        }
    }

    [[nodiscard]] bool wanted(const std::string& name) const {
        const auto matching = [&](const std::string& pattern) { return matches(pattern, name); };
        return (file_.include.empty() || std::ranges::any_of(file_.include, matching)) &&
               std::ranges::none_of(file_.exclude, matching);
    }

    [[nodiscard]] std::string some_left_out() const {
        if (done_.left_out.empty()) {
            return "nothing";
        }
        const LeftOut& first = done_.left_out.front();
        return fmt::format("{} ({}){}",
                           first.name,
                           first.reason,
                           done_.left_out.size() == 1
                               ? ""
                               : fmt::format(" and {} more", done_.left_out.size() - 1));
    }

    const SuiteFile& file_;
    std::string file_name_;
    const Vocabulary& vocabulary_;
    Expansion done_;
    std::set<std::string> names_;
};

}  // namespace

bool matches(const std::string& pattern, const std::string& text) {
    return ::fnmatch(pattern.c_str(), text.c_str(), FNM_NOESCAPE) == 0;
}

Expansion expand(const SuiteFile& file,
                 const std::string& file_name,
                 const Vocabulary& vocabulary) {
    return Expander(file, file_name, vocabulary).expand();
}

}  // namespace squall::harness::suite
