// Where the bugs of the zoo sit in the sources that the tests were built from.
#pragma once

#include <array>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#include "harness/compare/neighbours.hpp"

namespace squall::harness::compare {

[[nodiscard]] inline std::vector<BugSite> sites_of_today() {
    FILE* pipe =
        ::popen("cd '" SQUALL_SOURCE_DIR
                "' && git grep --no-index -n -p -F -e 'zoo::Bug::' -- raft | sed 's/^/tree:/'",
                "r");
    if (pipe == nullptr) {
        throw std::runtime_error("git grep could not be started");
    }
    std::array<char, 4096> buffer{};
    std::string said;
    while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) {
        said += buffer.data();
    }
    ::pclose(pipe);
    return bug_sites_in(said);
}

}  // namespace squall::harness::compare
