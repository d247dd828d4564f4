#include "harness/triage/unheard.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "harness/triage/reigns.hpp"

namespace squall::harness::triage {
namespace {

using history::Time;

/// When a majority had last been heard: the time that so many nodes were heard at or after.
Time majority_heard_at(std::vector<Time> heard, std::size_t others) {
    std::ranges::nth_element(
        heard, heard.begin() + static_cast<std::ptrdiff_t>(others - 1), std::greater<>());
    return heard[others - 1];
}

bool unheard(const Reign& reign,
             std::span<const NodeMessage> messages,
             std::uint32_t nodes,
             Time patience) {
    const std::size_t others = nodes / 2;  // That make a majority with the node itself.
    if (others == 0) {
        return false;
    }
    std::vector<const NodeMessage*> heard;  // In the order in which they came.
    for (const NodeMessage& message : messages) {
        if (message.to == reign.node && message.from >= 1 && message.from <= nodes &&
            message.fate == Fate::arrived) {
            heard.push_back(&message);
        }
    }
    std::ranges::stable_sort(heard, {}, &NodeMessage::received);
    // What was said before the first message that was kept is not known.
    const Time known = messages.empty() ? reign.begin : messages.front().sent;
    std::vector<Time> last(nodes, std::max(reign.begin, known));
    auto next = heard.begin();
    Time unheard_since = Time::max();
    for (const NodeMessage& message : messages) {
        if (message.from != reign.node || message.to == 0 || message.sent < reign.begin ||
            message.sent >= reign.end) {
            continue;
        }
        for (; next != heard.end() && (*next)->received <= message.sent; ++next) {
            Time& of_sender = last[(*next)->from - 1];
            of_sender = std::max(of_sender, (*next)->received);
        }
        std::vector<Time> of_others = last;
        of_others[reign.node - 1] = Time::min();
        if (message.sent - majority_heard_at(std::move(of_others), others) <= patience) {
            unheard_since = Time::max();
            continue;
        }
        // One that was paused may say something before it notices.
        unheard_since = std::min(unheard_since, message.sent);
        if (message.sent - unheard_since > patience) {
            return true;
        }
    }
    return false;
}

}  // namespace

bool led_unheard(std::span<const checker::TraceRecord> records,
                 std::span<const NodeMessage> messages,
                 std::uint32_t nodes,
                 Time patience) {
    return std::ranges::any_of(reigns_of(records), [&](const Reign& reign) {
        return reign.node >= 1 && reign.node <= nodes && unheard(reign, messages, nodes, patience);
    });
}

}  // namespace squall::harness::triage
