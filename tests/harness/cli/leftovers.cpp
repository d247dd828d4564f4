#include "leftovers.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

namespace squall::harness::cli {

namespace fs = std::filesystem;

namespace {

/// Of listening IPv4 sockets: inode -> address.
std::map<std::string, std::string> listeners() {
    std::map<std::string, std::string> found;
    std::ifstream table("/proc/net/tcp");
    std::string line;
    std::getline(table, line);  // The heading.
    while (std::getline(table, line)) {
        std::istringstream fields(line);
        std::vector<std::string> words(std::istream_iterator<std::string>(fields), {});
        constexpr std::size_t inode = 9;
        if (words.size() > inode && words[3] == "0A") {
            found.emplace(words[inode], words[1]);
        }
    }
    return found;
}

}  // namespace

std::string content_of(const std::string& path) {
    // A process may end between the opening of a file of its in /proc and the reading. This way
    // that is an empty text; an iterator over the file would throw.
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::string mark_of(const std::string& value) {
    return "SQUALL_TEST_MARK=" + value;
}

std::vector<FoundProcess> processes_with(const std::string& mark) {
    const std::string wanted = mark + '\0';
    std::vector<FoundProcess> found;
    std::error_code error;
    for (fs::directory_iterator entry("/proc", error), end; entry != end; entry.increment(error)) {
        const pid_t id = std::atoi(entry->path().filename().c_str());
        if (id <= 0 || content_of(entry->path() / "environ").find(wanted) == std::string::npos) {
            continue;
        }
        FoundProcess process{id, '?', content_of(entry->path() / "cmdline")};
        std::replace(process.command.begin(), process.command.end(), '\0', ' ');
        const std::string stat = content_of(entry->path() / "stat");
        const std::size_t end_of_name = stat.rfind(") ");
        if (end_of_name != std::string::npos && end_of_name + 2 < stat.size()) {
            process.state = stat[end_of_name + 2];
        }
        found.push_back(std::move(process));
    }
    return found;
}

std::vector<FoundProcess> naming(const std::vector<FoundProcess>& processes,
                                 const std::string& part) {
    std::vector<FoundProcess> found;
    std::copy_if(processes.begin(), processes.end(), std::back_inserter(found), [&](const auto& p) {
        return p.command.find(part) != std::string::npos;
    });
    return found;
}

std::set<std::string> listening() {
    std::set<std::string> addresses;
    for (const auto& [inode, address] : listeners()) {
        addresses.insert(address);
    }
    return addresses;
}

std::set<std::string> listening(const std::vector<FoundProcess>& processes) {
    const std::map<std::string, std::string> all = listeners();
    std::set<std::string> addresses;
    for (const FoundProcess& process : processes) {
        std::error_code error;
        const fs::path descriptors = "/proc/" + std::to_string(process.id) + "/fd";
        for (fs::directory_iterator entry(descriptors, error), end; entry != end;
             entry.increment(error)) {
            std::error_code gone;
            const std::string target = fs::read_symlink(entry->path(), gone);
            constexpr std::string_view prefix = "socket:[";
            if (target.starts_with(prefix)) {
                const auto inode = target.substr(prefix.size(), target.size() - prefix.size() - 1);
                if (const auto socket = all.find(inode); socket != all.end()) {
                    addresses.insert(socket->second);
                }
            }
        }
    }
    return addresses;
}

std::set<std::string> files_in(const std::string& directory, bool all) {
    std::set<std::string> names;
    std::error_code error;
    for (fs::directory_iterator entry(directory, error), end; entry != end;
         entry.increment(error)) {
        const std::string name = entry->path().filename();
        if (all || name.find("squall") != std::string::npos) {
            names.insert(name);
        }
    }
    return names;
}

std::string to_string(const std::vector<FoundProcess>& processes) {
    std::string text;
    for (const FoundProcess& process : processes) {
        text += std::to_string(process.id) + " (" + process.state + ") " + process.command + "\n";
    }
    return text;
}

}  // namespace squall::harness::cli
