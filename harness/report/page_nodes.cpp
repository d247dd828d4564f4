#include <map>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/report/page_data.hpp"

namespace squall::harness::report {
namespace {

using Json = nlohmann::ordered_json;

struct Point {
    std::int64_t at = 0;
    std::uint64_t value = 0;
};

struct Lane {
    Json roles = Json::array();  ///< [time, role, term, leader] whenever one of them changed.
    Json starts = Json::array();
    std::vector<std::int64_t> last_heard;  ///< Time of the last record of each life.
    std::uint64_t roles_dropped = 0;
    Json snapshots = Json::array();  ///< [time, whether a leader sent it, index].
    std::uint64_t snapshots_total = 0;
    std::vector<Point> commit;
    std::vector<Point> applied;
    std::vector<Point> durable;
};

/// Keeps first and last and evenly many between.
Json thinned(const std::vector<Point>& points, std::size_t most) {
    Json kept = Json::array();
    const std::size_t step = points.size() / most + 1;
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (i % step == 0 || i + 1 == points.size()) {
            kept.push_back({points[i].at, points[i].value});
        }
    }
    return kept;
}

void add(const checker::TraceBody& body, std::int64_t at, std::size_t roles_max, Lane& lane) {
    if (const auto* durable = std::get_if<checker::TraceDurable>(&body)) {
        lane.durable.push_back({at, durable->index});
    } else if (const auto* role = std::get_if<checker::TraceRole>(&body)) {
        if (lane.roles.size() < roles_max) {
            lane.roles.push_back({at, role->role, role->term, role->leader});
        } else {
            ++lane.roles_dropped;
        }
    } else if (const auto* commit = std::get_if<checker::TraceCommit>(&body)) {
        lane.commit.push_back({at, commit->index});
    } else if (const auto* apply = std::get_if<checker::TraceApply>(&body)) {
        lane.applied.push_back({at, apply->first + apply->terms.size() - 1});
    } else if (const auto* snapshot = std::get_if<checker::TraceSnapshot>(&body)) {
        ++lane.snapshots_total;
        if (lane.snapshots.size() < roles_max) {
            lane.snapshots.push_back({at, snapshot->installed, snapshot->index});
        }
        if (snapshot->installed) {
            lane.applied.push_back({at, snapshot->index});
        }
    } else if (const auto* init = std::get_if<checker::TraceInit>(&body)) {
        lane.starts.push_back(at);
        lane.last_heard.push_back(at);
        lane.roles.push_back({at, "follower", init->term, 0});
        lane.commit.push_back({at, init->snapshot_index});
        lane.applied.push_back({at, init->snapshot_index});
        lane.durable.push_back({at, init->last_index});
    }
}

}  // namespace

Json page_nodes(std::span<const checker::TraceRecord> traces,
                Time origin,
                const PageLimits& limits) {
    std::map<NodeId, Lane> lanes;
    for (const checker::TraceRecord& record : traces) {
        const std::int64_t at = (record.raw_time_ns - origin.count()) / 1000;
        Lane& lane = lanes[record.node];
        add(record.body, at, limits.rows, lane);
        if (!lane.last_heard.empty()) {
            lane.last_heard.back() = at;
        }
    }
    Json nodes = Json::array();
    for (const auto& [node, lane] : lanes) {
        nodes.push_back({{"node", node},
                         {"starts", lane.starts},
                         {"last_heard", lane.last_heard},
                         {"roles", lane.roles},
                         {"roles_dropped", lane.roles_dropped},
                         {"snapshots", lane.snapshots},
                         {"snapshots_total", lane.snapshots_total},
                         {"durable", thinned(lane.durable, limits.points)},
                         {"commit", thinned(lane.commit, limits.points)},
                         {"applied", thinned(lane.applied, limits.points)}});
    }
    return nodes;
}

}  // namespace squall::harness::report
