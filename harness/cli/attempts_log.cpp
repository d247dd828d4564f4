#include "harness/cli/attempts_log.hpp"

#include <sstream>

#include <fmt/format.h>

#include "harness/failure.hpp"
#include "history/random.hpp"

namespace squall::harness::cli {
namespace {

std::uint64_t hash_of(const Plan& plan) {
    return history::stream_hash(to_json(plan));
}

}  // namespace

AttemptsLog::AttemptsLog(const std::string& path, const std::string& subject) {
    const std::string header = "squall_attempts 1 " + subject;
    {
        std::ifstream before(path);
        std::string line;
        if (std::getline(before, line) && line == header) {
            while (std::getline(before, line)) {
                std::istringstream words(line);
                std::uint64_t hash = 0;
                shrink::Tried tried;
                std::string end;
                words >> std::hex >> hash >> std::dec >> tried.rate.failed >> tried.rate.runs >>
                    end;
                tried.fails = tried.rate.failed > 0;
                if (end == "." && tried.rate.runs > 0) {  // Else a line that was cut short.
                    known_[hash] = tried;
                }
            }
        }
    }
    file_.open(path, std::ios::trunc);
    file_ << header << '\n';
    for (const auto& [hash, tried] : known_) {
        file_ << fmt::format("{:016x} {} {} .\n", hash, tried.rate.failed, tried.rate.runs);
    }
    if (!file_.flush()) {
        throw Failure("cannot write " + path);
    }
}

std::optional<shrink::Tried> AttemptsLog::recall(const Plan& plan) const {
    const auto found = known_.find(hash_of(plan));
    return found == known_.end() ? std::nullopt : std::optional(found->second);
}

void AttemptsLog::learn(const Plan& plan, const shrink::Tried& tried) {
    const std::uint64_t hash = hash_of(plan);
    if (known_.emplace(hash, tried).second) {
        file_ << fmt::format("{:016x} {} {} .\n", hash, tried.rate.failed, tried.rate.runs);
        file_.flush();
    }
}

}  // namespace squall::harness::cli
