// The scenarios of the key-value labs by name: 3A services, 3B snapshots.
#pragma once

#include <span>
#include <string_view>

#include "tests/raft/mit/kv_lab.hpp"
#include "tests/raft/mit/scenario.hpp"

namespace squall::raft::mit {

/// What a general test does for three times five seconds (the labs' GenericTest).
struct General {
    int clients = 1;
    bool crash = false;        ///< All servers go down and come back in between.
    bool partitions = false;   ///< Servers are split in two, anew about every second.
    bool random_keys = false;  ///< Clients share their keys, and a checker looks at what they saw.
};

struct KvScenario {
    std::string_view name;
    std::size_t servers = 5;
    General general;
    void (*run)(KvLab&) = nullptr;  ///< Instead of the general test.
    bool unreliable = false;
    bool snapshots = false;  ///< As if maxraftstate were 1000 bytes.
};

[[nodiscard]] std::span<const KvScenario> kv_scenarios();

[[nodiscard]] Outcome run(const KvScenario& scenario, LabOptions options);

/// Aborts when there is none.
[[nodiscard]] const KvScenario& find_kv_scenario(std::string_view name);

void general_test(KvLab& lab, const General& general);

/// The labs' maxraftstate, and what they allow.
inline constexpr double max_raft_state = 1000;
inline constexpr double log_bytes_allowed = 2 * max_raft_state;

}  // namespace squall::raft::mit
