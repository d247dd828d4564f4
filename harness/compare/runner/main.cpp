// squall-runner: the simulator of one build, and nothing but that. It judges nothing: whoever asks
// it gets recordings and judges them, so that two builds have one judge.
//
// On standard input "run BYTES\n" and a plan of so many bytes, answered by one line of JSON with
// the digest of the recording; then "record\n" for the recording itself, answered by its length,
// a newline and its bytes. The end of the input ends it.
#include <charconv>
#include <cstdio>
#include <ctime>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/compare/recorded_run.hpp"
#include "harness/failure.hpp"
#include "harness/sim/simulate.hpp"

namespace {

using namespace squall::harness;  // NOLINT(google-build-using-namespace)

constexpr std::size_t plan_bytes_max = std::size_t{256} << 20U;

std::uint64_t processor_time_ns() {
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000U +
           static_cast<std::uint64_t>(time.tv_nsec);
}

void say(const std::string& bytes) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) != bytes.size() ||
        std::fflush(stdout) != 0) {
        throw Failure("nobody listens");
    }
}

struct Recording {
    std::string bytes;
    std::string line;
};

Recording run(const std::string& text) {
    Recording recording;
    nlohmann::ordered_json line;
    try {
        const Plan plan = plan_from_json(text, "plan");
        const std::uint64_t begun = processor_time_ns();
        sim::Simulation simulation = sim::simulate(plan, {.keep_traces = true});
        line["processor_ns"] = processor_time_ns() - begun;
        compare::RecordedRun run{.record = std::move(simulation.record),
                                 .traces = std::move(simulation.traces),
                                 .traffic = {simulation.messages_sent, simulation.payload_bytes}};
        recording.bytes = compare::encode(run);
        line["digest"] = compare::digest(recording.bytes);
    } catch (const std::exception& error) {
        line["error"] = error.what();
    }
    recording.line =
        line.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace) + "\n";
    return recording;
}

std::string read_line() {
    std::string line;
    for (int c = std::getchar(); c != EOF && c != '\n' && line.size() < 64; c = std::getchar()) {
        line.push_back(static_cast<char>(c));
    }
    return line;
}

void serve() {
    say(fmt::format("{{\"squall_runner\":{}}}\n", compare::runner_version));
    Recording last;
    for (std::string line = read_line(); !line.empty(); line = read_line()) {
        if (line == "record") {
            say(fmt::format("{}\n", last.bytes.size()));
            say(last.bytes);
            continue;
        }
        std::size_t size = 0;
        const std::string_view digits =
            std::string_view(line).substr(std::min<std::size_t>(line.size(), 4));
        const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), size);
        if (!line.starts_with("run ") || parsed.ec != std::errc{} || size > plan_bytes_max) {
            throw Failure("asked for something else than a run");
        }
        std::string plan(size, '\0');
        if (std::fread(plan.data(), 1, size, stdin) != size) {
            throw Failure("a plan is cut short");
        }
        last = run(plan);
        say(last.line);
    }
}

}  // namespace

int main() {
    try {
        serve();
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "squall-runner: %s\n", error.what());
        return 3;
    }
}
