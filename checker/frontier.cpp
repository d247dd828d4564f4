#include "checker/frontier.hpp"

#include <algorithm>

namespace squall::checker {

void Frontier::open(const SearchOperation& operation) {
    const auto later = std::find_if(open_.begin(), open_.end(), [&](const SearchOperation* other) {
        return other->completed > operation.completed;
    });
    open_.insert(later, &operation);
}

std::vector<Crashed>::iterator Frontier::find(std::uint32_t kind) {
    return std::find_if(crashed_.begin(), crashed_.end(), [&](const Crashed& crashed) {
        return crashed.kind == kind;
    });
}

void Frontier::forward() {
    const SearchEvent& passed = event();
    ++position_;
    switch (passed.type) {
        case SearchEvent::Type::invoke:
            open(input_->operations[passed.subject]);
            return;
        case SearchEvent::Type::complete:
            open_.erase(open_.begin());
            return;
        case SearchEvent::Type::expire:
            crashed_.erase(find(passed.subject));
            return;
        case SearchEvent::Type::crash:
            break;
    }
    const SearchOperation& operation = input_->operations[passed.subject];
    if (const auto known = find(operation.kind); known != crashed_.end()) {
        ++known->available;
    } else {
        crashed_.push_back({operation.kind, operation.slot, 1});
    }
}

void Frontier::backward() {
    --position_;
    const SearchEvent& passed = event();
    switch (passed.type) {
        case SearchEvent::Type::invoke:
            open_.erase(std::find(open_.begin(), open_.end(), &input_->operations[passed.subject]));
            return;
        case SearchEvent::Type::complete:
            open(input_->operations[passed.subject]);
            return;
        case SearchEvent::Type::expire:
            crashed_.push_back({passed.subject,
                                input_->lane_of[passed.subject],
                                input_->crash_counts[passed.subject]});
            return;
        case SearchEvent::Type::crash:
            break;
    }
    const auto known = find(input_->operations[passed.subject].kind);
    if (--known->available == 0) {
        crashed_.erase(known);
    }
}

}  // namespace squall::checker
