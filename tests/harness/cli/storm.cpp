#include "storm.hpp"

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace squall::harness::cli {

namespace fs = std::filesystem;

Storm::Storm() {
    std::string pattern = ::testing::TempDir() + "squall-storm-XXXXXX";
    directory_ = ::mkdtemp(pattern.data());
    run_ = directory_ + "/run";
    mark_ = mark_of(directory_);
    fs::create_directory(directory_ + "/tmp");
}

Storm::~Storm() {
    for (const FoundProcess& process : running()) {
        ::kill(process.id, SIGKILL);
    }
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
}

pid_t Storm::start(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), SQUALL_PROGRAM);
    std::vector<char*> words;
    for (std::string& argument : arguments) {
        words.push_back(argument.data());
    }
    words.push_back(nullptr);
    const std::string out_file = directory_ + "/squall.log";
    const std::string temporary = directory_ + "/tmp";
    const pid_t pid = ::fork();
    if (pid == 0) {
        const int out = ::open(out_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
        ::dup2(out, STDOUT_FILENO);
        ::dup2(out, STDERR_FILENO);
        ::setenv("TMPDIR", temporary.c_str(), 1);
        ::setenv("SQUALL_TEST_MARK", directory_.c_str(), 1);
        ::execv(words[0], words.data());
        ::_exit(127);
    }
    return pid;
}

int Storm::exit_code(pid_t pid, rusage* usage) {
    int status = 0;
    ::wait4(pid, &status, 0, usage);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::vector<FoundProcess> Storm::running() const {
    return processes_with(mark_);
}

bool Storm::nothing_left() const {
    return eventually(std::chrono::seconds(5), [this] { return running().empty(); });
}

std::string Storm::node_script(const std::string& script) const {
    const std::string path = directory_ + "/node.sh";
    std::ofstream(path) << "#!/bin/sh\nnode=" RAFT_NODE "\n" << script << "\n";
    fs::permissions(path, fs::perms::owner_all);
    return path;
}

std::string Storm::history() const {
    return content_of(run_ + "/history.jsonl");
}

std::string Storm::log() const {
    return content_of(directory_ + "/squall.log");
}

int Storm::check(const std::string& run) const {
    return exit_code(start({"check", run + "/history.jsonl"}));
}

}  // namespace squall::harness::cli
