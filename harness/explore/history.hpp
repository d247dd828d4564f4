// What must never be contradicted later: who led which term, who voted for whom, what was
// committed, and what a read has to see. Part of the state, for two ways to one cluster may differ
// in it. Judges every fact that comes: the paper's properties (figure 3) as far as they span nodes
// and time.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/explore/facts.hpp"
#include "harness/explore/locals.hpp"

namespace squall::harness::explore {

class History {
  public:
    explicit History(std::uint32_t nodes) : promises_(nodes) {}

    History(std::uint32_t nodes, std::string_view image);

    void write_image(std::string& out, std::span<const raft::NodeId> names = {}) const;

    /// `node` tells it; `nodes` are the images of all after the step, from n1 on. What it
    /// contradicts. Fits the properties' names of checker/trace.hpp.
    [[nodiscard]] std::optional<Violation> add(raft::NodeId node,
                                               const Fact& fact,
                                               const Locals& locals,
                                               std::span<const ImageId> nodes);

  private:
    struct Leader {
        raft::NodeId node = raft::no_node;
        LogNumber log = 0;  ///< With which it was elected.
    };

    struct Chosen {
        raft::Term term = 0;
        std::uint64_t content = 0;  ///< 0: nobody has applied it.
        raft::Term committed_in = 0;
    };

    struct Read {
        raft::NodeId node = raft::no_node;
        std::uint64_t id = 0;
        raft::Index floor = 0;  ///< Committed when it began.
    };

    struct Teller;

    [[nodiscard]] std::optional<Violation> voted(const Teller& teller, const Fact& fact);
    [[nodiscard]] std::optional<Violation> led(const Teller& teller, const Fact& fact);
    [[nodiscard]] std::optional<Violation> committed(const Teller& teller, const Fact& fact);
    [[nodiscard]] std::optional<Violation> learned(const Teller& teller, const Fact& fact) const;
    [[nodiscard]] std::optional<Violation> applied(const Teller& teller, const Fact& fact);
    [[nodiscard]] std::optional<Violation> confirmed(const Teller& teller, const Fact& fact) const;

    std::vector<Leader> leaders_;            ///< By term, from 1.
    std::vector<raft::HardState> promises_;  ///< By node, from 0: its last vote on the wire.
    std::vector<Chosen> chosen_;             ///< By index, from 1.
    std::vector<Read> reads_;
};

}  // namespace squall::harness::explore
