// The final phase: every key that was touched is read through every node, so that an acknowledged
// write which got lost shows. A few readers per node share the keys; a read that fails is asked
// again until the recovery bound has passed since the reader's last success. Part of Run.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <set>
#include <utility>
#include <vector>

#include "harness/run_operations.hpp"

namespace squall::harness {

class FinalReads {
  public:
    /// All arguments live longer.
    FinalReads(const Plan& plan, RunOutput& output, Operations& operations);

    /// `gone`: nodes that are not asked at all, and noted instead.
    void start(std::vector<workloads::Request> requests, const std::vector<NodeId>& gone);

    void run_due();
    void completed(std::uint32_t reader, history::EventType outcome);

    [[nodiscard]] bool done() const { return due_.empty() && reading_ == 0; }

    [[nodiscard]] std::optional<Time> next_due() const;

  private:
    struct Reader {
        Session session;
        NodeId node = 0;
        std::size_t next = 0;  ///< Of the requests.
        Time give_up{};
    };

    using Due = std::pair<Time, std::uint32_t>;

    /// Bounded, however slowly the reads succeed.
    [[nodiscard]] Time give_up_at() const;
    void note_unserved(NodeId node, const std::string& why);

    const Plan& plan_;
    RunOutput& output_;
    Operations& operations_;
    std::vector<workloads::Request> requests_;
    std::vector<Reader> readers_;
    std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
    std::size_t reading_ = 0;
    Time end_{};
    std::set<NodeId> unserved_;
};

}  // namespace squall::harness
