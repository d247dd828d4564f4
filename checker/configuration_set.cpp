#include "checker/configuration_set.hpp"

#include <algorithm>
#include <utility>

#include "history/random.hpp"

namespace squall::checker {

namespace {

constexpr std::size_t table_min = 16;
constexpr std::size_t chunk_words = 4096;

bool not_above(const std::uint32_t* a, const std::uint32_t* b, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        if (a[i] > b[i]) {
            return false;
        }
    }
    return true;
}

}  // namespace

ConfigurationSet::ConfigurationSet(std::size_t key_words, std::size_t row_words)
    : key_words_(key_words),
      row_words_(row_words),
      rows_in_chunk_(std::max<std::size_t>(chunk_words / row_words, 1)),
      table_(table_min, none) {}

void ConfigurationSet::clear() {
    // One large step must not make every later one pay for it.
    if (table_.size() > 8 * (next_.size() + table_min)) {
        table_ = std::vector<Word>(table_.size() / 8, none);
        chunks_.resize(std::min(chunks_.size(), next_.size() / rows_in_chunk_ + 1));
        next_ = {};
    } else {
        std::fill(table_.begin(), table_.end(), none);
        next_.clear();
    }
    alive_ = 0;
    chains_ = 0;
}

std::size_t ConfigurationSet::place_of(const Word* wanted) {
    std::uint64_t h = 0;
    for (std::size_t i = 0; i < key_words_; ++i) {
        h = history::mix(h ^ wanted[i]);
    }
    const std::size_t last = table_.size() - 1;
    std::size_t place = h & last;
    while (table_[place] != none && !std::equal(wanted, wanted + key_words_, row(table_[place]))) {
        place = (place + 1) & last;
    }
    return place;
}

void ConfigurationSet::insert(const Word* added) {
    if (2 * chains_ >= table_.size()) {
        grow();
    }
    const std::size_t counts = row_words_ - key_words_;
    Word& head = table_[place_of(added)];
    chains_ += head == none ? 1 : 0;
    Word* link = &head;
    while (*link != none) {
        const Word* other = row(*link);
        if (not_above(other + key_words_, added + key_words_, counts)) {
            return;
        }
        Word& after = next_[*link];
        if (not_above(added + key_words_, other + key_words_, counts)) {
            *link = std::exchange(after, dead);
            --alive_;
        } else {
            link = &after;
        }
    }
    const std::size_t place = next_.size();
    if (place == chunks_.size() * rows_in_chunk_) {
        chunks_.push_back(std::make_unique_for_overwrite<Word[]>(rows_in_chunk_ * row_words_));
    }
    next_.push_back(head);
    head = static_cast<Word>(place);
    std::copy_n(added, row_words_, row(place));
    ++alive_;
}

void ConfigurationSet::kill(std::size_t row) {
    next_[row] = dead;
    --alive_;
}

void ConfigurationSet::grow() {
    std::vector<Word> heads(2 * table_.size(), none);
    std::swap(heads, table_);
    for (const Word head : heads) {
        if (head != none) {
            table_[place_of(row(head))] = head;
        }
    }
}

std::size_t ConfigurationSet::bytes() const {
    const bool table_full = 2 * (chains_ + 1) >= table_.size();
    const bool next_full = next_.size() == next_.capacity();
    return chunks_.capacity() * sizeof(chunks_[0]) +
           (chunks_.size() + 1) * rows_in_chunk_ * row_words_ * sizeof(Word) +
           (next_.capacity() * (next_full ? 3 : 1) + table_.capacity() * (table_full ? 3 : 1)) *
               sizeof(Word);
}

}  // namespace squall::checker
