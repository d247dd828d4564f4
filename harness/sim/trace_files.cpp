#include "harness/sim/trace_files.hpp"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <map>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/failure.hpp"
#include "harness/overloaded.hpp"

namespace squall::harness::sim {
namespace {

std::string effects(const std::vector<checker::TraceEffect>& told) {
    if (told.empty()) {
        return {};
    }
    std::vector<std::string> texts;
    texts.reserve(told.size());
    for (const checker::TraceEffect& effect : told) {
        texts.push_back(
            effect.session == 0 ? "null" : fmt::format("[{},{}]", effect.session, effect.sequence));
    }
    return fmt::format(R"(,"effects":[{}])", fmt::join(texts, ","));
}

std::string fields(const checker::TraceBody& body) {
    return std::visit(
        Overloaded{[](const checker::TraceInit& init) {
                       return fmt::format(
                           R"("init","term":{},"vote":{},"snapshot_term":{},"snapshot_index":{},)"
                           R"("last_term":{},"last_index":{},"hash":"{:016x}")",
                           init.term,
                           init.vote,
                           init.snapshot_term,
                           init.snapshot_index,
                           init.last_term,
                           init.last_index,
                           init.hash);
                   },
                   [](const checker::TraceHardState& state) {
                       return fmt::format(
                           R"("hard_state","term":{},"vote":{})", state.term, state.vote);
                   },
                   [](const checker::TraceRole& role) {
                       return fmt::format(R"("role","role":"{}","term":{},"leader":{})",
                                          role.role,
                                          role.term,
                                          role.leader);
                   },
                   [](const checker::TraceAppend& append) {
                       return fmt::format(R"("append","first":{},"terms":[{}])",
                                          append.first,
                                          fmt::join(append.terms, ","));
                   },
                   [](const checker::TraceDurable& durable) {
                       return fmt::format(
                           R"("durable","term":{},"index":{})", durable.term, durable.index);
                   },
                   [](const checker::TraceCommit& commit) {
                       std::vector<std::string> match;
                       for (const auto& [node, index] : commit.match) {
                           match.push_back(fmt::format(R"("{}":{})", node, index));
                       }
                       return fmt::format(R"("commit","index":{},"term":{},"match":{{{}}})",
                                          commit.index,
                                          commit.term,
                                          fmt::join(match, ","));
                   },
                   [](const checker::TraceApply& apply) {
                       std::vector<std::string> hashes;
                       for (const std::uint64_t hash : apply.hashes) {
                           hashes.push_back(fmt::format(R"("{:016x}")", hash));
                       }
                       return fmt::format(R"("apply","first":{},"terms":[{}],"hashes":[{}]{})",
                                          apply.first,
                                          fmt::join(apply.terms, ","),
                                          fmt::join(hashes, ","),
                                          effects(apply.effects));
                   },
                   [](const checker::TraceSnapshot& snapshot) {
                       return fmt::format(
                           R"("snapshot","installed":{},"term":{},"index":{},"hash":"{:016x}")",
                           snapshot.installed,
                           snapshot.term,
                           snapshot.index,
                           snapshot.hash);
                   },
                   [](const checker::TraceBound& bound) {
                       return fmt::format(R"("bound","what":"{}","value":{},"limit":{})",
                                          bound.what,
                                          bound.value,
                                          bound.limit);
                   }},
        body);
}

}  // namespace

std::string trace_line(const checker::TraceRecord& record) {
    return fmt::format(R"({{"seq":{},"t":{},"node":{},"inc":{},"type":{}}})"
                       "\n",
                       record.sequence,
                       record.raw_time_ns,
                       record.node,
                       record.incarnation,
                       fields(record.body));
}

void write_trace_files(const std::string& directory,
                       std::span<const checker::TraceRecord> records) {
    std::map<std::pair<history::NodeId, std::uint64_t>, std::string> lives;
    for (const checker::TraceRecord& record : records) {
        std::string& life = lives[{record.node, record.incarnation}];
        if (life.empty()) {
            life = fmt::format(R"({{"squall_trace":1,"node":{},"inc":{}}})"
                               "\n",
                               record.node,
                               record.incarnation);
        }
        life += trace_line(record);
    }
    for (const auto& [life, content] : lives) {
        const std::string parent = fmt::format("{}/nodes/{}/trace", directory, life.first);
        std::error_code ignored;  // Opening the file says what is wrong.
        std::filesystem::create_directories(parent, ignored);
        const std::string path = fmt::format("{}/trace-{}.jsonl", parent, life.second);
        std::ofstream file(path, std::ios::binary | std::ios::trunc);
        file << content;
        file.close();
        if (!file) {
            throw Failure("cannot write " + path + ": " + std::generic_category().message(errno));
        }
    }
}

}  // namespace squall::harness::sim
