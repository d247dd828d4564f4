// What a node finds on its disk at a start. The first byte chooses among
//   the segment's file as it is,
//   records as they are behind a header that is right,
//   any records and headers with the right checksums (wal_image.hpp),
//   a log that was really written, then cut or damaged (wal_script.hpp).
// Whatever is accepted must be accepted again, unchanged, and be writable.
#include "raft/storage/memory_disk.hpp"
#include "raft/storage/recovery.hpp"
#include "raft/storage/segment.hpp"
#include "raft/storage/storage.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/fuzz/wal_image.hpp"
#include "tests/fuzz/wal_script.hpp"
#include "tests/raft/storage/model.hpp"

namespace squall::fuzz {
namespace {

using namespace raft;           // NOLINT(google-build-using-namespace)
using namespace raft::storage;  // NOLINT(google-build-using-namespace)

std::optional<Recovered> start(MemoryDisk& disk) {
    try {
        return Storage(disk, wal_config()).take_recovered();
    } catch (const Corruption&) {
        return std::nullopt;
    }
}

void must_be_usable(MemoryDisk& disk, const Recovered& recovered) {
    const Index base = recovered.snapshot ? recovered.snapshot->last.index : 0;
    Index next = recovered.entries.empty() ? base + 1 : recovered.entries.front().index;
    must(next <= base + 1, "no gap between snapshot and log");
    for (const Entry& entry : recovered.entries) {
        must(entry.index == next++, "entries are contiguous");
    }
    const std::optional<Recovered> again = start(disk);
    must(again && same(*again, recovered), "a second start finds the same");
    const Persist more = appended(entries(9, next, 2, "more"));
    {
        Storage storage(disk, wal_config());
        storage.write({&more, 1});
    }
    disk.crash({CrashPolicy::Unsynced::drop});
    Recovered expected = recovered;
    storage::apply(expected, more);
    const std::optional<Recovered> grown = start(disk);
    must(grown && same(*grown, expected), "what is written then is found then");
}

bool run_image(MemoryDisk& disk) {
    const std::optional<Recovered> recovered = start(disk);
    if (recovered) {
        must_be_usable(disk, *recovered);
    }
    return recovered.has_value();
}

bool run_script(Feed& feed) {
    WalScript script(feed);
    if (script.written().empty()) {
        return false;
    }
    const std::vector<Recovered> possible = script.damage(feed);
    const std::optional<Recovered> recovered = start(script.disk());
    if (!recovered) {
        return false;
    }
    must(possible.empty() || std::any_of(possible.begin(),
                                         possible.end(),
                                         [&](const Recovered& state) {
                                             return same(*recovered, state, script.compacted());
                                         }),
         "no acknowledged record before the damage is lost");
    must_be_usable(script.disk(), *recovered);
    return true;
}

bool run(std::string_view input) {
    Feed feed(input);
    MemoryDisk disk;
    switch (feed.byte() % 4) {
        case 0:
            put_file(disk, segment_name(1), std::string(feed.rest()));
            return run_image(disk);
        case 1:
            put_file(disk, segment_name(1), encode(first_header()) + std::string(feed.rest()));
            return run_image(disk);
        case 2:
            build_image(disk, feed);
            return run_image(disk);
        default:
            return run_script(feed);
    }
}

std::string real_segment() {
    MemoryDisk disk;
    {
        Storage storage(disk, wal_config());
        const std::vector<Persist> batch{voted(1, 2), appended(entries(1, 1, 3, "entry"))};
        storage.write(batch);
        storage.write({&batch[0], 1});
    }
    const std::string bytes = disk.contents(segment_name(1));
    return bytes.substr(0, bytes.find_last_not_of('\0') + 9);
}

std::vector<std::string> seeds() {
    const std::string segment = real_segment();
    std::string truncated = segment.substr(0, segment.size() - 3);
    std::vector<std::string> made{'\0' + segment, '\0' + truncated};
    made.push_back('\2' + image_seed());
    made.push_back('\2' + image_seed_with_snapshot());
    for (const std::string& script : script_seeds()) {
        made.push_back('\3' + script);
    }
    return made;
}

std::vector<std::string> tokens() {
    return {"SQLWAL01",
            "\xa5\x5a\xa5\x5a",
            std::string("\1\0\0\x80", 4),
            std::string(8, '\xff'),
            std::string(24, '\0'),
            std::string(88, '\0')};
}

}  // namespace

const Target wal{"wal", run, seeds, tokens};

}  // namespace squall::fuzz
