#include "checker/prefix_facts.hpp"

#include <algorithm>

namespace squall::checker {

using history::EventIndex;
using history::ValueId;
using history::ValueTable;

namespace {

constexpr EventIndex not_known = history::never_completed - 1;

}  // namespace

void PrefixFacts::ask(const ValueTable& values, ValueId id, EventIndex until) {
    if (values.kind(id) == ValueTable::Kind::text) {
        texts_.emplace_back(values.text(id), until);
        return;
    }
    if (values.kind(id) != ValueTable::Kind::list) {
        return;
    }
    lists_.resize(std::max(lists_.size(), values.size()));
    // What is asked for as long already, so are those that it begins with.
    while (lists_[id] < until) {
        lists_[id] = until;
        if (id == history::empty_list) {
            return;
        }
        id = values.front(id);
    }
}

void PrefixFacts::finish() {
    std::sort(texts_.begin(), texts_.end());
    for (std::size_t width = 1; width <= texts_.size(); width *= 2) {
        std::vector<EventIndex> level(texts_.size() - width + 1);
        for (std::size_t i = 0; i < level.size(); ++i) {
            level[i] = width == 1 ? texts_[i].second
                                  : std::max(maxima_.back()[i], maxima_.back()[i + width / 2]);
        }
        bytes_ += level.size() * sizeof(EventIndex);
        maxima_.push_back(std::move(level));
    }
    for (const auto& [text, until] : texts_) {
        bytes_ += sizeof(texts_[0]) + text.capacity();
    }
}

EventIndex PrefixFacts::until_of_text(std::string_view text) const {
    const auto from = std::lower_bound(
        texts_.begin(), texts_.end(), text, [](const auto& asked, std::string_view wanted) {
            return asked.first < wanted;
        });
    const auto to = std::partition_point(
        from, texts_.end(), [&](const auto& asked) { return asked.first.starts_with(text); });
    if (from == to) {
        return 0;
    }
    const auto begin = static_cast<std::size_t>(from - texts_.begin());
    const auto end = static_cast<std::size_t>(to - texts_.begin());
    std::size_t level = 0;
    while (std::size_t{2} << level <= end - begin) {
        ++level;
    }
    return std::max(maxima_[level][begin], maxima_[level][end - (std::size_t{1} << level)]);
}

EventIndex PrefixFacts::until(const ValueTable& values, ValueId id) {
    if (values.kind(id) == ValueTable::Kind::list) {
        return id < lists_.size() ? lists_[id] : 0;
    }
    if (values.kind(id) != ValueTable::Kind::text) {
        return history::never_completed;
    }
    if (id >= known_.size()) {
        known_.resize(values.size(), not_known);
    }
    if (known_[id] == not_known) {
        known_[id] = until_of_text(values.text(id));
    }
    return known_[id];
}

}  // namespace squall::checker
