#include "harness/suite/retention.hpp"

#include <algorithm>
#include <map>
#include <string>

namespace squall::harness::suite {

std::vector<store::KeptRun> to_delete(const std::vector<store::KeptRun>& runs,
                                      std::uint64_t bytes_max) {
    std::uint64_t held = 0;
    std::map<std::string, std::size_t> copies;
    for (const store::KeptRun& run : runs) {
        held += run.bytes;
        for (const std::string& signature : run.signatures) {
            ++copies[signature];
        }
    }
    std::vector<store::KeptRun> deleted;
    const auto remove = [&](const store::KeptRun& run) {
        held -= run.bytes;
        deleted.push_back(run);
    };
    for (const store::KeptRun& run : runs) {
        if (held > bytes_max && run.signatures.empty()) {
            remove(run);
        }
    }
    for (const store::KeptRun& run : runs) {
        const bool others = std::ranges::all_of(
            run.signatures, [&](const std::string& signature) { return copies[signature] > 1; });
        if (held > bytes_max && !run.signatures.empty() && others) {
            for (const std::string& signature : run.signatures) {
                --copies[signature];
            }
            remove(run);
        }
    }
    return deleted;
}

}  // namespace squall::harness::suite
