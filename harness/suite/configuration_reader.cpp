// The [configuration.NAME] tables of a suite file: limits and timings of the nodes.
#include <chrono>

#include "harness/plan_limits.hpp"
#include "harness/suite/matrix_reader.hpp"

namespace squall::harness::suite {
namespace {

void read_timing(TomlFields& fields, NodeTiming& timing) {
    const auto read_ms = [&](const char* name, Duration& target) {
        double ms = std::chrono::duration<double, std::milli>(target).count();
        fields.read_number(name, ms, 1, 60'000);
        target =
            std::chrono::duration_cast<Duration>(std::chrono::duration<double, std::milli>(ms));
    };
    read_ms("heartbeat_ms", timing.heartbeat);
    read_ms("election_min_ms", timing.election_min);
    read_ms("election_max_ms", timing.election_max);
    if (timing.election_min <= timing.heartbeat) {
        fields.fail("election_min_ms", "must be more than heartbeat_ms");
    }
    if (timing.election_max <= timing.election_min) {
        fields.fail("election_max_ms", "must be more than election_min_ms");
    }
}

}  // namespace

void MatrixReader::read_configurations() {
    configurations_.emplace("default", Configuration{.name = "default", .limits = {}});
    for (auto& [name, fields] : root_.named_tables("configuration", limits::tables_max)) {
        Configuration configuration{.name = name, .limits = {}};
        NodeLimits node;
        bool limited = false;
        const auto limit = [&](const char* field, auto& target, auto least, auto most) {
            limited = fields.has(field) || limited;
            fields.read_whole(field, target, least, most);
        };
        using Wide = std::uint64_t;
        using Narrow = std::uint32_t;
        constexpr Narrow bytes_max = Narrow{1} << 20U;
        limit("segment_bytes", node.segment_bytes, Wide{4096}, Wide{1} << 30U);
        limit("max_inflight", node.max_inflight, Narrow{1}, Narrow{65536});
        limit("max_append_bytes", node.max_append_bytes, Narrow{1}, bytes_max);
        limit("snapshot_chunk_bytes", node.snapshot_chunk_bytes, Narrow{1}, bytes_max);
        if (limited) {
            configuration.limits = node;
        }
        fields.read_whole("snapshot_interval",
                          configuration.snapshot_interval,
                          Wide{1},
                          harness::limits::snapshot_interval_max);
        read_timing(fields, configuration.timing);
        fields.read("bug", configuration.bug);
        fields.finish();
        if (name == "default" || name.find('/') != std::string::npos || name.empty()) {
            fields.fail("", "must have a name of its own, without a slash");
        }
        configurations_.emplace(name, std::move(configuration));
    }
}

}  // namespace squall::harness::suite
