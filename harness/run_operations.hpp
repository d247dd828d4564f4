// The operations in flight: invokes them, ends each exactly once, by an answer or by time, and
// counts. Knows nothing of slots, phases or faults. Part of Run.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "harness/run_output.hpp"

namespace squall::harness {

/// A logical client: one operation at a time. Its mutations are numbered from 1 without gaps: one
/// that certainly did not happen leaves its number to the next.
struct Session {
    ClientId client = 0;
    std::uint64_t done = 0;  ///< Mutations that ended ok.
};

/// Who waits for an operation: a slot of the main phase or a reader of the final one.
struct Owner {
    bool final_reader = false;
    std::uint32_t index = 0;
};

struct Completed {
    Owner owner;
    workloads::Request request;
    history::Event event;
};

class Operations {
  public:
    /// `output` lives longer.
    Operations(const Plan& plan, RunOutput& output);

    /// A client that never existed before.
    [[nodiscard]] Session new_session() { return Session{next_client_++}; }

    void invoke(Owner owner, const Session& session, NodeId node, workloads::Request request);

    /// Nothing when the operation is not open (any more).
    [[nodiscard]] std::optional<Completed> complete(OpId op, const Answer& answer);

    /// Ends the operations whose time is over.
    [[nodiscard]] std::vector<Completed> expire();

    [[nodiscard]] std::optional<Time> next_deadline() const;

    [[nodiscard]] std::size_t open() const { return open_.size(); }

    void count_into(Progress& progress) const;

  private:
    struct Open {
        Owner owner;
        ClientId client = 0;
        workloads::Request request;
        Time deadline{};
    };

    using OpenOperations = std::map<OpId, Open>;

    [[nodiscard]] Completed finish(OpenOperations::iterator position, const Answer& answer);

    Duration timeout_;
    RunOutput& output_;
    ClientId next_client_ = 0;
    OpId next_op_ = 1;
    /// All have the same timeout, so the order of ids is the order of deadlines.
    OpenOperations open_;
    std::uint64_t ok_ = 0;
    std::uint64_t fail_ = 0;
    std::uint64_t info_ = 0;
};

}  // namespace squall::harness
