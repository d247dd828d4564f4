#include "checker/failure_memo.hpp"

#include <algorithm>
#include <utility>

#include "history/random.hpp"

namespace squall::checker {

namespace {

constexpr std::size_t buckets_min = 64;

}  // namespace

FailureMemo::FailureMemo(std::size_t key_words, std::size_t row_words)
    : key_words_(key_words),
      row_words_(row_words),
      entry_words_(row_words + 1),
      entries_(buckets_min * ways * entry_words_) {}

FailureMemo::Word* FailureMemo::bucket_of(Word position, const Word* row) {
    std::uint64_t h = history::mix(position);
    for (std::size_t i = 0; i < key_words_; ++i) {
        h = history::mix(h ^ row[i]);
    }
    const std::size_t words = ways * entry_words_;
    return entries_.data() + (h & (entries_.size() / words - 1)) * words;
}

bool FailureMemo::test_and_add(Word position, const Word* row) {
    Word* bucket = bucket_of(position, row);
    for (std::size_t i = 0; i < ways; ++i) {
        const Word* entry = bucket + i * entry_words_;
        if (entry[0] != position + 1 || !std::equal(row, row + key_words_, entry + 1)) {
            continue;
        }
        bool no_worse = true;
        for (std::size_t j = key_words_; j < row_words_ && no_worse; ++j) {
            no_worse = entry[1 + j] <= row[j];
        }
        if (no_worse) {
            return true;
        }
    }
    const std::size_t entries = entries_.size() / entry_words_;
    if (2 * size_ > entries && 3 * bytes() <= bytes_max_) {
        grow();
        bucket = bucket_of(position, row);
    }
    put(bucket, position, row);
    return false;
}

/// In an empty place, or in place of one after the other.
void FailureMemo::put(Word* bucket, Word position, const Word* row) {
    std::size_t i = 0;
    while (i < ways && bucket[i * entry_words_] != 0) {
        ++i;
    }
    if (i < ways) {
        ++size_;
    } else {
        i = forgotten_++ % ways;
    }
    Word* entry = bucket + i * entry_words_;
    entry[0] = position + 1;
    std::copy_n(row, row_words_, entry + 1);
}

void FailureMemo::grow() {
    std::vector<Word> old(2 * entries_.size());
    std::swap(old, entries_);
    size_ = 0;
    for (std::size_t at = 0; at < old.size(); at += entry_words_) {
        if (old[at] != 0) {
            put(bucket_of(old[at] - 1, &old[at + 1]), old[at] - 1, &old[at + 1]);
        }
    }
}

}  // namespace squall::checker
