#include <algorithm>
#include <array>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/report/page_data.hpp"

namespace squall::harness::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t buckets_wanted = 300;
constexpr Duration width_min = std::chrono::milliseconds(50);

/// A round length of time, so that rates per bucket are easy to read.
Duration bucket_width(Time end) {
    const Duration exact = std::max<Duration>(end / buckets_wanted, width_min);
    for (Duration unit = width_min;; unit *= 10) {
        for (const int factor : {1, 2, 4, 10}) {
            if (unit * factor >= exact) {
                return unit * factor;
            }
        }
    }
}

struct Bucket {
    std::array<std::uint64_t, 3> outcomes{};
    std::vector<std::int64_t> latencies;  ///< Of ok, in microseconds.

    /// The latency that a share of the operations did not exceed.
    std::int64_t latency(double share) {
        const auto last = static_cast<double>(latencies.size() - 1);
        const auto place = latencies.begin() + static_cast<std::ptrdiff_t>(last * share);
        std::ranges::nth_element(latencies, place);
        return *place;
    }
};

std::vector<Bucket> fill_buckets(std::span<const history::Operation> operations,
                                 Duration width,
                                 Time end) {
    std::vector<Bucket> buckets(static_cast<std::size_t>(end / width) + 1);
    for (const history::Operation& operation : operations) {
        if (operation.final_read) {
            continue;  // The load of the run is over.
        }
        const bool ended = operation.completed_at.count() != 0;
        const Time at =
            std::clamp<Time>(ended ? operation.completed_at : operation.invoked_at, Time{}, end);
        Bucket& bucket = buckets[static_cast<std::size_t>(at / width)];
        ++bucket.outcomes.at(static_cast<std::size_t>(operation.outcome));
        if (operation.outcome == history::Outcome::ok) {
            bucket.latencies.push_back((operation.completed_at - operation.invoked_at).count() /
                                       1000);
        }
    }
    return buckets;
}

}  // namespace

Json page_series(std::span<const history::Operation> operations, Time end) {
    const Duration width = bucket_width(end);
    std::array<Json, 3> outcomes{Json::array(), Json::array(), Json::array()};
    constexpr std::array shares{0.5, 0.99, 1.0};
    std::array<Json, 3> latencies{Json::array(), Json::array(), Json::array()};
    for (Bucket& bucket : fill_buckets(operations, width, end)) {
        for (std::size_t i = 0; i < outcomes.size(); ++i) {
            outcomes.at(i).push_back(bucket.outcomes.at(i));
            latencies.at(i).push_back(
                bucket.latencies.empty() ? Json() : Json(bucket.latency(shares.at(i))));
        }
    }
    return {{"width", width.count() / 1000},
            {"ok", outcomes[0]},
            {"fail", outcomes[1]},
            {"info", outcomes[2]},
            {"p50", latencies[0]},
            {"p99", latencies[1]},
            {"max", latencies[2]}};
}

}  // namespace squall::harness::report
