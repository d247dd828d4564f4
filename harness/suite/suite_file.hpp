// A suite file (docs/suites.md) as a value: what is to be crossed with what, for how long, and what
// is known to fail. Pure: reading checks everything that can be checked without running anything.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/plan.hpp"

namespace squall::harness::suite {

/// Beyond these a suite would not end, or nobody could read what it says.
namespace limits {
inline constexpr std::size_t file_bytes_max = std::size_t{1} << 20U;
inline constexpr std::size_t cells_max = 5000;
inline constexpr std::size_t list_max = 100;
inline constexpr std::size_t tables_max = 200;
inline constexpr double budget_max_s = 7 * 24 * 3600;
inline constexpr unsigned jobs_max = 256;
}  // namespace limits

/// What the harness offers, by name.
struct Vocabulary {
    struct System {
        std::string name;
        std::vector<std::string> workloads;
        bool has_simulation = false;
        bool needs_program = false;
        std::vector<std::string> bugs;
        std::vector<std::string> simulated_faults;  ///< Of clusters with links.
        std::vector<std::string> process_faults;
        std::vector<std::string> link_faults;  ///< Those that one node alone cannot suffer.
    };

    std::vector<System> systems;

    /// Where a `bin` of the suite file is, absolute; empty: there is no program that can be run.
    /// Nothing: paths stay as they are.
    std::function<std::string(const std::string& bin)> find_program = {};

    [[nodiscard]] const System* find(const std::string& name) const;
    /// Of any system.
    [[nodiscard]] std::vector<std::string> all_faults() const;
};

enum class SuiteTier : std::uint8_t { sim, process };

[[nodiscard]] const char* to_string(SuiteTier tier);

struct Profile {
    std::string name;
    std::vector<std::string> faults;  ///< Classes.
    bool all = false;                 ///< Whatever the cluster can suffer.
    double interval_s = 3;
    std::string heal = "drawn";  ///< all, quorum, drawn.
};

struct Configuration {
    std::string name;
    std::optional<NodeLimits> limits;
    NodeTiming timing;
    std::uint64_t snapshot_interval = 200;
    std::string bug;
};

/// A system whose program is the user's.
struct Program {
    std::string name;
    std::vector<std::string> command;
    std::string leader_pattern;
    double latency_ms = 0;
    double election_timeout_s = 1;
};

struct Matrix {
    std::vector<SuiteTier> tiers;
    std::vector<std::string> systems;    ///< Or programs.
    std::vector<std::string> workloads;  ///< Empty: each system's usual one.
    std::vector<Profile> profiles;
    std::vector<std::uint32_t> nodes;
    std::vector<Configuration> configurations;
    bool swarm = false;  ///< One cell in which every seed draws all of the above.
    std::string bug;     ///< Of a swarm.
    double weight = 1;
    double time_limit_s = 20;  ///< Of one run.
    double rate = 0;           ///< 0: 150 simulated, 300 on processes.
    std::uint32_t clients_per_node = 2;
    std::uint32_t keys = 10;
    std::uint64_t seeds = 0;  ///< At most; 0: as many as fit.
};

/// Failures that are known and do not count.
struct Quarantine {
    std::string cell = "*";       ///< Pattern of a cell's name.
    std::string check = "*";      ///< Pattern of the first violated property.
    std::string signature = "*";  ///< Pattern of the group's name.
    std::string reason;
    std::string until;  ///< Last day that it holds for, as 2026-12-31; empty: for ever.
};

/// Cells that a pattern matches weigh so many times as much.
struct Weighting {
    std::string cell;
    double factor = 1;
};

struct Budget {
    double seconds = 0;                    ///< Of work, pauses between sessions aside.
    std::optional<int> until_minute = {};  ///< Or until this minute of the local day.
};

struct SuiteFile {
    std::string name;
    Budget budget{.seconds = 3600};
    std::optional<std::uint64_t> seed;  ///< Nothing: a fresh one each time.
    double cell_timeout_s = 0;          ///< 0: three times what an attempt was given, and a minute.
    std::uint32_t void_retries = 2;
    std::uint32_t failures_per_cell = 3;
    double shrink_s = 20;         ///< For a simulated failure.
    double process_shrink_s = 0;  ///< For the first failure of a group on processes.
    std::uint64_t disk_bytes = std::uint64_t{20} << 30U;
    unsigned jobs = 2;
    unsigned process_jobs = 0;  ///< 0: half of the jobs, at least one.
    std::vector<Program> programs;
    std::vector<Matrix> matrices;
    std::vector<std::string> include;  ///< Patterns; empty: all cells.
    std::vector<std::string> exclude;
    std::vector<Weighting> weightings;
    std::vector<Quarantine> quarantine;
};

/// "90s", "8h", "until 02:00". Throws UsageError, with `what` before the problem.
[[nodiscard]] Budget budget_of(const std::string& what, const std::string& text);

/// Throws UsageError with `name:line:column: field: problem; remedy`.
[[nodiscard]] SuiteFile read_suite(const std::string& text,
                                   const std::string& name,
                                   const Vocabulary& vocabulary);

}  // namespace squall::harness::suite
