// A snapshot's file, and the state machine's image within it. Either may be given with the right
// checksum put behind, or as it is.
#include "raft/bytes.hpp"
#include "raft/crc32c.hpp"
#include "raft/server/command.hpp"
#include "raft/server/state_machine.hpp"
#include "raft/storage/memory_disk.hpp"
#include "raft/storage/snapshot_file.hpp"
#include "raft/storage/storage.hpp"
#include "tests/fuzz/target.hpp"

namespace squall::fuzz {
namespace {

using namespace raft;           // NOLINT(google-build-using-namespace)
using namespace raft::storage;  // NOLINT(google-build-using-namespace)

constexpr LogId last{2, 5};
constexpr std::size_t max_sessions = 64;
constexpr std::size_t checksum_bytes = 4;

std::string checksummed(std::string_view bytes) {
    std::string out(bytes);
    put(out, crc32c(bytes));
    return out;
}

bool restore(std::string_view image) {
    server::StateMachine machine(max_sessions);
    if (!machine.decode(image, last)) {
        return false;
    }
    must(machine.encode() == image, "a state is written as it was read");
    const Entry entry{3, 6, EntryKind::command, "no command"};
    (void)machine.apply(entry);
    return true;
}

bool load(std::string bytes) {
    MemoryDisk disk;
    (void)disk.open(snapshot_name(last), true);
    disk.set_contents(snapshot_name(last), bytes);
    Snapshot snapshot;
    try {
        snapshot = load_snapshot(disk, last);
    } catch (const Corruption&) {
        return false;
    }
    must(snapshot.last == last, "it is the snapshot that was asked for");
    MemoryDisk copy;
    store_snapshot(copy, snapshot);
    must(copy.contents(snapshot_name(last)) == bytes, "a snapshot is written as it was read");
    (void)restore(*snapshot.data);
    return true;
}

bool run(std::string_view input) {
    Feed feed(input);
    const std::uint8_t choice = feed.byte();
    const std::string_view bytes = feed.rest();
    switch (choice % 4) {
        case 0:
            return load(checksummed(bytes));
        case 1:
            return restore(checksummed(bytes));
        case 2:
            return load(std::string(bytes));
        default:
            return restore(bytes);
    }
}

std::string image() {
    server::StateMachine machine(max_sessions);
    using server::Operation;
    const std::vector<server::Request> requests{
        {0, 0, Operation::put, "k1", "v1", std::nullopt},
        {7, 1, Operation::append, "k2", "more", std::nullopt},
        {8, 1, Operation::cas, "k1", "v2", "other"},
        {7, 2, Operation::erase, "k2", "", std::nullopt},
        {9, 1, Operation::put, "k3", "", std::nullopt}};
    Index index = 0;
    for (const server::Request& request : requests) {
        (void)machine.apply({2, ++index, EntryKind::command, server::encode_command(request)});
    }
    return machine.encode();
}

std::vector<std::string> seeds() {
    MemoryDisk disk;
    store_snapshot(disk, {last, {1, 2, 3}, std::make_shared<const std::string>(image())});
    const std::string file = disk.contents(snapshot_name(last));
    const auto body = [](const std::string& bytes) {
        return bytes.substr(0, bytes.size() - checksum_bytes);
    };
    return {'\0' + body(file), '\1' + body(image()), '\2' + file, '\3' + image()};
}

std::vector<std::string> tokens() {
    return {"SLSNAP01", "SKSN", std::string(8, '\xff'), std::string(8, '\0'), "k1"};
}

}  // namespace

const Target snapshot{"snapshot", run, seeds, tokens};

}  // namespace squall::fuzz
