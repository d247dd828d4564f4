#include "checker/configuration_set.hpp"

#include <algorithm>

#include "history/random.hpp"

namespace squall::checker {

namespace {

constexpr std::size_t table_min = 16;

}  // namespace

ConfigurationSet::ConfigurationSet(std::size_t key_words, std::size_t row_words)
    : key_words_(key_words), row_words_(row_words), table_(table_min, none) {}

void ConfigurationSet::clear() {
    // One large step must not make every later one pay for a large table.
    const std::size_t wanted =
        table_.size() > 8 * (next_.size() + table_min) ? table_.size() / 8 : table_.size();
    table_.assign(wanted, none);
    words_.clear();
    next_.clear();
    alive_ = 0;
    chains_ = 0;
}

std::size_t ConfigurationSet::place_of(const Word* row) const {
    std::uint64_t h = 0;
    for (std::size_t i = 0; i < key_words_; ++i) {
        h = history::mix(h ^ row[i]);
    }
    const std::size_t last = table_.size() - 1;
    std::size_t place = h & last;
    while (table_[place] != none &&
           !std::equal(row, row + key_words_, words_.data() + table_[place] * row_words_)) {
        place = (place + 1) & last;
    }
    return place;
}

void ConfigurationSet::insert(const Word* row) {
    if (2 * chains_ >= table_.size()) {
        grow();
    }
    const auto not_above = [&](const Word* a, const Word* b) {
        for (std::size_t i = key_words_; i < row_words_; ++i) {
            if (a[i] > b[i]) {
                return false;
            }
        }
        return true;
    };
    Word& head = table_[place_of(row)];
    chains_ += head == none ? 1 : 0;
    Word* link = &head;
    while (*link != none) {
        const Word* other = words_.data() + *link * row_words_;
        if (not_above(other, row)) {
            return;
        }
        Word& after = next_[*link];
        if (not_above(row, other)) {
            const Word rest = after;
            after = dead;
            *link = rest;
            --alive_;
        } else {
            link = &after;
        }
    }
    words_.insert(words_.end(), row, row + row_words_);
    const Word first = head;
    head = static_cast<Word>(next_.size());
    next_.push_back(first);
    ++alive_;
}

void ConfigurationSet::grow() {
    std::vector<Word> heads;
    for (const Word head : table_) {
        if (head != none) {
            heads.push_back(head);
        }
    }
    table_.assign(2 * table_.size(), none);
    for (const Word head : heads) {
        table_[place_of(words_.data() + head * row_words_)] = head;
    }
}

std::size_t ConfigurationSet::bytes() const {
    return (words_.capacity() + next_.capacity() + table_.capacity()) * sizeof(Word);
}

}  // namespace squall::checker
