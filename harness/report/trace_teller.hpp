// Walks the traces of all nodes in the order of time and puts into sentences what they tell. Of one
// run, used by trace_happenings alone.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "checker/trace.hpp"
#include "harness/report/happenings.hpp"

namespace squall::harness::report {

class TraceTeller {
  public:
    /// `exact`: the past knows every vote that was counted.
    TraceTeller(const ClusterPast& past, Time origin, const Concern& concern, bool exact)
        : past_(past), origin_(origin), concern_(concern), exact_(exact) {}

    void tell(const checker::TraceRecord& record);

    [[nodiscard]] std::vector<Happening> take() { return std::move(all_); }

  private:
    /// What is known of a node's log and promises, over its lives.
    struct Known {
        std::uint64_t term = 0;
        NodeId vote = 0;
        std::map<std::uint64_t, std::uint64_t> log;  ///< Term by index.
        std::uint64_t last = 0;
        std::uint64_t durable = 0;
        std::uint64_t commit = 0;
        std::string role = "follower";
        std::uint64_t led = 0;  ///< The term that it leads; 0: none.
    };

    struct Applied {
        NodeId node = 0;
        std::uint64_t term = 0;
        std::uint64_t hash = 0;
    };

    Happening& add(Weight weight, const char* kind, std::string text, std::string mark);

    [[nodiscard]] Time now() const { return Time(record_->raw_time_ns) - origin_; }

    /// `weight` where the violation is about one of these entries.
    [[nodiscard]] Weight if_concerned(std::uint64_t first,
                                      std::uint64_t last,
                                      Weight weight,
                                      Weight usual) const;

    // Elections and restarts.
    void on(const checker::TraceInit& init);
    void on(const checker::TraceHardState& state);
    void on(const checker::TraceRole& role);
    void restarted(const checker::TraceInit& init);
    void elected(const checker::TraceRole& role);

    // The log.
    void on(const checker::TraceAppend& append);
    void on(const checker::TraceDurable& durable);
    void on(const checker::TraceCommit& commit);
    void on(const checker::TraceApply& apply);
    void on(const checker::TraceSnapshot& snapshot);
    void on(const checker::TraceBound& bound);
    void remember(const checker::TraceAppend& append);
    void diverged(const checker::TraceApply& apply, std::size_t offset, const Applied& other);

    const ClusterPast& past_;
    Time origin_;
    const Concern& concern_;
    bool exact_;
    const checker::TraceRecord* record_ = nullptr;
    Known* known_ = nullptr;
    std::map<NodeId, Known> nodes_;
    std::map<std::uint64_t, NodeId> leader_of_;
    std::map<std::uint64_t, Applied> applied_;
    std::set<NodeId> diverged_;
    std::vector<Happening> all_;
};

}  // namespace squall::harness::report
