#include "harness/suite/matrix_reader.hpp"

#include <algorithm>
#include <chrono>
#include <sstream>

#include <fmt/format.h>

#include "harness/plan_limits.hpp"
#include "history/text_input.hpp"

namespace squall::harness::suite {
namespace {

using history::printable;

/// A list of one, as by default.
template <typename Value>
void otherwise(std::vector<Value>& list, Value value) {
    if (list.empty()) {
        list.push_back(std::move(value));
    }
}

template <typename Map>
std::vector<std::string> keys_of(const Map& map) {
    std::vector<std::string> keys;
    for (const auto& [key, value] : map) {
        keys.push_back(key);
    }
    return keys;
}

}  // namespace

MatrixReader::MatrixReader(TomlFields& root,
                           const std::vector<Program>& programs,
                           const Vocabulary& vocabulary)
    : root_(root), programs_(programs), vocabulary_(vocabulary) {}

std::vector<Matrix> MatrixReader::read() {
    read_profiles();
    read_configurations();
    std::vector<Matrix> matrices;
    for (TomlFields& fields : root_.tables("matrix", limits::tables_max)) {
        matrices.push_back(read_matrix(fields));
        fields.finish();
    }
    if (matrices.empty()) {
        root_.fail("matrix", "is missing; add a [[matrix]] that says what is to be run");
    }
    return matrices;
}

std::vector<std::string> MatrixReader::classes(const TomlFields& fields,
                                               const Placed& named) const {
    const std::vector<std::string> known = vocabulary_.all_faults();
    std::vector<std::string> chosen;
    std::istringstream in(named.text);
    for (std::string name; std::getline(in, name, '+');) {
        if (std::ranges::find(known, name) == known.end()) {
            std::vector<std::string> names = known;
            names.insert(names.end(), {"all", "none"});
            for (const auto& [profile, unused] : profiles_) {
                names.push_back(profile);
            }
            fields.fail(named,
                        fmt::format("there is no fault or profile \"{}\"{}",
                                    printable(name),
                                    suggestion(name, names)));
        }
        if (std::ranges::find(chosen, name) == chosen.end()) {
            chosen.push_back(name);
        }
    }
    return chosen;
}

Profile MatrixReader::profile(const TomlFields& fields, const Placed& named) const {
    if (const auto found = profiles_.find(named.text); found != profiles_.end()) {
        return found->second;
    }
    Profile profile{.name = named.text, .faults = {}};
    profile.all = named.text == "all";
    if (named.text.empty()) {
        fields.fail(named, "is empty; name faults such as \"kill+partition\", all or none");
    }
    if (named.text != "all" && named.text != "none") {
        profile.faults = classes(fields, named);
    }
    return profile;
}

void MatrixReader::read_profiles() {
    for (auto& [name, fields] : root_.named_tables("profile", limits::tables_max)) {
        Profile profile{.name = name, .faults = {}};
        std::vector<Placed> faults;
        fields.read_texts("faults", faults, limits::list_max);
        if (faults.empty()) {
            fields.fail("faults", "is missing; name classes (see squall list), or all");
        }
        for (const Placed& fault : faults) {
            if (fault.text == "all") {
                profile.all = true;
                continue;
            }
            for (std::string& each : classes(fields, fault)) {
                profile.faults.push_back(std::move(each));
            }
        }
        const double least = std::chrono::duration<double>(harness::limits::interval_min).count();
        const double most = std::chrono::duration<double>(harness::limits::interval_max).count();
        fields.read_time("interval", profile.interval_s, least, most);
        fields.read("heal", profile.heal);
        if (profile.heal != "all" && profile.heal != "quorum" && profile.heal != "drawn") {
            fields.fail("heal", "must be all, quorum or drawn");
        }
        fields.finish();
        if (name.find('/') != std::string::npos || name.empty()) {
            fields.fail("", "must have a name without a slash");
        }
        profiles_.emplace(name, std::move(profile));
    }
}

Matrix MatrixReader::read_matrix(TomlFields& fields) {
    Matrix matrix;
    std::vector<Placed> names;
    fields.read_texts("tiers", names, 2);
    for (const Placed& name : names) {
        if (name.text != "sim" && name.text != "process") {
            fields.fail(name,
                        fmt::format("there is no tier \"{}\"{}",
                                    printable(name.text),
                                    suggestion(name.text, {"sim", "process"})));
        }
        matrix.tiers.push_back(name.text == "sim" ? SuiteTier::sim : SuiteTier::process);
    }
    otherwise(matrix.tiers, SuiteTier::sim);
    fields.read_number("weight", matrix.weight, 0.001, 1000);
    fields.read_whole("seeds", matrix.seeds, std::uint64_t{1}, std::uint64_t{1'000'000'000});
    fields.read("swarm", matrix.swarm);
    if (matrix.swarm) {
        read_swarm(fields, matrix);
        return matrix;
    }
    read_systems(fields, matrix);
    read_dimensions(fields, matrix);
    read_load(fields, matrix);
    return matrix;
}

void MatrixReader::read_swarm(TomlFields& fields, Matrix& matrix) const {
    fields.read("bug", matrix.bug);
    matrix.systems = {"raft-node"};
    if (matrix.tiers != std::vector{SuiteTier::sim}) {
        fields.fail("tiers", "a swarm is simulated; name the tier sim alone");
    }
    const auto* system = vocabulary_.find("raft-node");
    if (!matrix.bug.empty() &&
        (system == nullptr || std::ranges::find(system->bugs, matrix.bug) == system->bugs.end())) {
        fields.fail("bug", "there is no such bug (see squall list)");
    }
}

void MatrixReader::read_systems(TomlFields& fields, Matrix& matrix) {
    std::vector<std::string> known;
    for (const auto& system : vocabulary_.systems) {
        if (!system.needs_program) {
            known.push_back(system.name);
        }
    }
    for (const Program& program : programs_) {
        known.push_back(program.name);
    }
    std::vector<Placed> names;
    fields.read_texts("systems", names, limits::list_max);
    for (const Placed& name : names) {
        if (std::ranges::find(known, name.text) == known.end()) {
            fields.fail(name,
                        fmt::format("there is no system or program \"{}\"{}",
                                    printable(name.text),
                                    suggestion(name.text, known)));
        }
        matrix.systems.push_back(name.text);
    }
    otherwise(matrix.systems, std::string("raft-node"));
    std::vector<std::string> offered;
    for (const std::string& name : matrix.systems) {
        const auto* system = vocabulary_.find(name);
        // A program of the user's speaks the protocol of the one system that needs programs.
        for (const auto& each : vocabulary_.systems) {
            if (&each == system || (system == nullptr && each.needs_program)) {
                offered.insert(offered.end(), each.workloads.begin(), each.workloads.end());
            }
        }
    }
    names.clear();
    fields.read_texts("workloads", names, limits::list_max);
    for (const Placed& name : names) {
        if (std::ranges::find(offered, name.text) == offered.end()) {
            fields.fail(name,
                        fmt::format("none of the systems has a workload \"{}\"{}",
                                    printable(name.text),
                                    suggestion(name.text, offered)));
        }
        matrix.workloads.push_back(name.text);
    }
}

void MatrixReader::read_dimensions(TomlFields& fields, Matrix& matrix) {
    std::vector<Placed> names;
    fields.read_texts("profiles", names, limits::list_max);
    for (const Placed& name : names) {
        matrix.profiles.push_back(profile(fields, name));
    }
    otherwise(matrix.profiles, Profile{.name = "all", .faults = {}, .all = true});
    names.clear();
    fields.read_texts("configurations", names, limits::list_max);
    for (const Placed& name : names) {
        const auto found = configurations_.find(name.text);
        if (found == configurations_.end()) {
            fields.fail(name,
                        fmt::format("there is no [configuration.{}]{}",
                                    printable(name.text),
                                    suggestion(name.text, keys_of(configurations_))));
        }
        for (const std::string& system_name : matrix.systems) {
            const auto* system = vocabulary_.find(system_name);
            if (!found->second.bug.empty() &&
                (system == nullptr ||
                 std::ranges::find(system->bugs, found->second.bug) == system->bugs.end())) {
                fields.fail(name,
                            fmt::format("{} has no bug \"{}\" to switch on (see squall list)",
                                        system_name,
                                        printable(found->second.bug)));
            }
        }
        matrix.configurations.push_back(found->second);
    }
    otherwise(matrix.configurations, configurations_.at("default"));
    fields.read_whole_list(
        "nodes", matrix.nodes, std::uint32_t{1}, harness::limits::nodes_max, limits::list_max);
    otherwise(matrix.nodes, std::uint32_t{5});
}

void MatrixReader::read_load(TomlFields& fields, Matrix& matrix) const {
    fields.read_time("time_limit", matrix.time_limit_s, 1, 3600);
    fields.read_number("rate", matrix.rate, 0.1, 10'000);
    fields.read_whole("clients_per_node", matrix.clients_per_node, 1, 100);
    fields.read_whole("keys", matrix.keys, 1, harness::limits::keys_max);
}

}  // namespace squall::harness::suite
