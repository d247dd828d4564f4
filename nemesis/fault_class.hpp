// A fault class makes a schedule from a seed and resolves its entries to faults. Pure. To add one:
// a file with the class, a line in registry.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "nemesis/fault.hpp"

namespace squall::nemesis {

struct ScheduleParameters {
    std::uint64_t seed = 0;
    std::uint32_t nodes = 5;
    Duration length{};            ///< Of the main phase. Faults end before it.
    Duration interval{};          ///< Mean time between two injections of a class.
    Duration election_timeout{};  ///< Upper one; durations are drawn in terms of it.
    FaultId first_id = 1;         ///< Ids are first_id, first_id + 1, ...
};

class FaultClass {
  public:
    virtual ~FaultClass() = default;

    [[nodiscard]] virtual std::string_view name() const = 0;

    /// One line for `squall list` and the documentation.
    [[nodiscard]] virtual std::string_view description() const = 0;

    /// What the cluster must be able to do: links, processes.
    [[nodiscard]] virtual std::string_view needs() const = 0;

    /// The entries of one run, ascending by time. The first comes within the first interval (and
    /// within the first third of the run), so that short runs have some.
    [[nodiscard]] virtual std::vector<PlannedFault> schedule(
        const ScheduleParameters& parameters) const = 0;

    /// Decides the entry's targets. Nothing when there are none now (all are down...).
    [[nodiscard]] virtual std::optional<Fault> resolve(const PlannedFault& planned,
                                                       const ClusterView& view) const = 0;
};

[[nodiscard]] std::span<const FaultClass* const> fault_classes();

[[nodiscard]] const FaultClass* find_fault_class(std::string_view name);

/// The schedules of several classes merged by time, with unique ids.
[[nodiscard]] std::vector<PlannedFault> make_schedule(std::span<const FaultClass* const> classes,
                                                      const ScheduleParameters& parameters);

}  // namespace squall::nemesis
