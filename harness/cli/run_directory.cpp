#include "harness/cli/run_directory.hpp"

#include <ctime>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/failure.hpp"
#include "harness/report/markdown.hpp"
#include "harness/report/results_json.hpp"
#include "nemesis/fault_class.hpp"

namespace squall::harness::cli {
namespace {

namespace fs = std::filesystem;

std::string profile_of(const Plan& plan) {
    if (plan.fault_classes.empty()) {
        return "none";
    }
    if (plan.fault_classes.size() == nemesis::fault_classes().size()) {
        return "all";
    }
    return fmt::format("{}", fmt::join(plan.fault_classes, "+"));
}

void point_latest_at(const fs::path& directory) {
    const fs::path link = directory.parent_path() / "latest";
    const fs::path temporary =
        directory.parent_path() / (".latest-" + directory.filename().string());
    std::error_code ignored;  // A convenience: two runs at once may race for it.
    fs::remove(temporary, ignored);
    fs::create_directory_symlink(directory.filename(), temporary, ignored);
    fs::rename(temporary, link, ignored);
}

}  // namespace

std::string make_run_directory(const Plan& plan, const std::string& out) {
    std::error_code error;
    if (!out.empty()) {
        if (fs::exists(out, error)) {
            throw UsageError("--out: " + out + " exists already; name a new directory");
        }
        if (!fs::create_directories(out, error)) {
            throw Failure("cannot create the run directory " + out + ": " + error.message());
        }
        return out;
    }
    const std::string name = fmt::format("{:%Y%m%dT%H%M%S}-{}-{}-{}-{}",
                                         fmt::gmtime(std::time(nullptr)),
                                         plan.system,
                                         plan.workload,
                                         profile_of(plan),
                                         plan.seed);
    fs::create_directories("runs", error);
    if (error) {
        throw Failure("cannot create the directory runs here: " + error.message() +
                      "; name another with --out");
    }
    // Two runs of one seed may start within a second.
    for (int suffix = 0; suffix < 100; ++suffix) {
        const fs::path path =
            fs::path("runs") / (suffix == 0 ? name : fmt::format("{}-{}", name, suffix));
        if (fs::create_directory(path, error)) {
            point_latest_at(path);
            return path.string();
        }
    }
    throw Failure("cannot create the run directory runs/" + name + ": " + error.message());
}

void write_file(const std::string& path, const std::string& content) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << content;
    file.close();
    if (!file) {
        throw Failure("cannot write " + path + ": " + std::generic_category().message(errno));
    }
}

void write_reports(const std::string& directory, const Results& results) {
    write_file(directory + "/results.json", report::results_json(results));
    write_file(directory + "/report.md", report::markdown(results));
}

}  // namespace squall::harness::cli
