#include "harness/cli/suite_input.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/cli/plan_check.hpp"
#include "harness/failure.hpp"
#include "harness/suite/toml_fields.hpp"
#include "harness/systems/system.hpp"
#include "history/text_input.hpp"
#include "nemesis/fault_class.hpp"

namespace squall::harness::cli {
namespace {

namespace fs = std::filesystem;

bool is_there(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(path, ignored);
}

/// scripts/ of the tree that this program was built in, or of the working directory.
std::vector<fs::path> script_folders() {
    std::vector<fs::path> folders = {"scripts"};
    std::error_code error;
    for (fs::path above = fs::read_symlink("/proc/self/exe", error).parent_path();
         !error && above.has_relative_path();
         above = above.parent_path()) {
        if (is_there(above / "scripts" / "suites")) {
            folders.push_back(above / "scripts");
            break;
        }
    }
    return folders;
}

/// Empty: it cannot be run.
std::string program_at(const fs::path& path) {
    std::error_code error;
    const bool runs = fs::is_regular_file(path, error) && ::access(path.c_str(), X_OK) == 0;
    return runs ? path.lexically_normal().string() : "";
}

std::vector<std::string> names_of_suites() {
    std::vector<std::string> names;
    for (const fs::path& folder : script_folders()) {
        std::error_code error;
        for (fs::directory_iterator entry(folder / "suites", error), end; !error && entry != end;
             entry.increment(error)) {
            if (entry->path().extension() == ".toml") {
                names.push_back(entry->path().stem().string());
            }
        }
    }
    return names;
}

}  // namespace

std::string find_suite_file(const std::string& name) {
    const bool bare = name.find('/') == std::string::npos && !name.ends_with(".toml");
    if (is_there(name) && !bare) {
        return name;
    }
    const fs::path relative = bare ? fs::path("suites") / (name + ".toml") : fs::path(name);
    for (const fs::path& folder : script_folders()) {
        if (relative.is_relative() && is_there(folder / relative)) {
            const std::string found = (folder / relative).lexically_normal().string();
            if (!bare) {
                fmt::print(stderr, "squall: there is no {} here; taking {}\n", name, found);
            }
            return found;
        }
    }
    throw UsageError(
        fmt::format("{}: there is no such suite{}",
                    history::printable(name),
                    suite::suggestion(fs::path(name).stem().string(), names_of_suites())));
}

std::string read_suite_text(const std::string& path) {
    if (const std::string obstacle = history::obstacle_to_reading(path); !obstacle.empty()) {
        throw UsageError(path + ": " + obstacle);
    }
    std::ifstream file(path, std::ios::binary);
    std::string text(suite::limits::file_bytes_max + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text;
}

suite::Vocabulary suite_vocabulary(const std::string& suite_file) {
    constexpr std::uint32_t some_nodes = 3;
    suite::Vocabulary vocabulary;
    vocabulary.find_program = [folder = fs::absolute(suite_file).parent_path()](
                                  const std::string& bin) { return program_at(folder / bin); };
    for (const systems::System* system : systems::systems()) {
        suite::Vocabulary::System entry{.name = std::string(system->name()),
                                        .workloads = {},
                                        .bugs = {},
                                        .simulated_faults = {},
                                        .process_faults = {},
                                        .link_faults = {}};
        for (const std::string_view workload : system->workloads()) {
            entry.workloads.emplace_back(workload);
        }
        entry.needs_program = system->over_sockets() == nullptr;
        entry.has_simulation = !entry.needs_program;
        for (const systems::Bug& bug : system->bugs()) {
            entry.bugs.emplace_back(bug.slug);
        }
        entry.simulated_faults = possible_fault_classes(*system, Tier::simulation, some_nodes);
        entry.process_faults = possible_fault_classes(*system, Tier::processes, some_nodes);
        for (const nemesis::FaultClass* fault : nemesis::fault_classes()) {
            if (fault->needs() == "links") {
                entry.link_faults.emplace_back(fault->name());
            }
        }
        vocabulary.systems.push_back(std::move(entry));
    }
    return vocabulary;
}

}  // namespace squall::harness::cli
