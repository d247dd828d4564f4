// What a simulated run leaves of its traces reads back as what was simulated.
#include "harness/sim/trace_files.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "harness/failure.hpp"
#include "harness/sim/simulate.hpp"
#include "tests/harness/sim/plans.hpp"

namespace squall::harness::sim {
namespace {

TEST(TraceFiles, ReadBackAsTheyWereSimulated) {
    const std::string directory =
        ::testing::TempDir() + "squall-trace-files-" + std::to_string(::getpid());
    const Simulation simulation = simulate(stormy_plan(3), {.keep_traces = true});
    std::map<history::NodeId, std::string> written;
    for (const checker::TraceRecord& record : simulation.traces) {
        written[record.node] += trace_line(record);
    }

    write_trace_files(directory, simulation.traces);

    ASSERT_FALSE(written.empty());
    for (const auto& [node, lines] : written) {
        const checker::LoadedTrace trace =
            checker::load_traces(directory + "/nodes/" + std::to_string(node) + "/trace");
        EXPECT_FALSE(trace.error) << *trace.error;
        std::string read;
        for (const checker::TraceRecord& record : trace.records) {
            read += trace_line(record);
        }
        EXPECT_EQ(read, lines) << "n" << node;
    }
    std::filesystem::remove_all(directory);
}

TEST(TraceFiles, DirectoryThatCannotBeWrittenIsNamed) {
    const std::vector<checker::TraceRecord> records{{.node = 1, .incarnation = 1}};

    EXPECT_THROW(write_trace_files("/proc/no-such-place", records), Failure);
}

}  // namespace
}  // namespace squall::harness::sim
