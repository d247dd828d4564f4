#include "harness/sim/virtual_disk.hpp"

#include <algorithm>
#include <utility>

#include "harness/sim/between.hpp"

namespace squall::harness::sim {

using raft::storage::CrashPolicy;
using raft::storage::DiskError;
using std::chrono::microseconds;
using Kind = DiskCall::Kind;

namespace {

constexpr Duration sync_min = microseconds(100);
constexpr Duration sync_max = microseconds(2000);
constexpr Duration change_min = microseconds(2);
constexpr Duration change_max = microseconds(20);

bool is_sync(Kind kind) {
    return kind == Kind::sync || kind == Kind::directory_sync;
}

}  // namespace

class VirtualDisk::OpenFile final : public raft::storage::File {
  public:
    OpenFile(VirtualDisk& disk, std::unique_ptr<raft::storage::File> file)
        : disk_(disk), file_(std::move(file)) {}

    void write(std::uint64_t offset, std::string_view bytes) override {
        disk_.call(Kind::write, offset + bytes.size() > file_->size());
        file_->write(offset, bytes);
    }

    std::string read(std::uint64_t offset, std::size_t size) override {
        return file_->read(offset, size);
    }

    void allocate(std::uint64_t size) override {
        if (size > file_->size()) {
            disk_.call(Kind::allocate, true);
            file_->allocate(size);
        }
    }

    std::uint64_t size() override { return file_->size(); }

    void sync_data() override {
        disk_.call(Kind::sync, false);
        if (disk_.happens(disk_.rule_.sync_error)) {
            ++disk_.counters_.sync_errors;
            disk_.calls_.back().failed = true;
            disk_.disk_.fail_next_sync();
        }
        file_->sync_data();
    }

  private:
    VirtualDisk& disk_;
    std::unique_ptr<raft::storage::File> file_;
};

VirtualDisk::VirtualDisk(std::uint64_t seed, NodeId node) : stream_(seed, "disk"), node_(node) {
    disk_.mark();
}

// ---- for the storage

std::unique_ptr<raft::storage::File> VirtualDisk::open(const std::string& name, bool create) {
    if (create) {
        call(Kind::directory_change, true);
    }
    return std::make_unique<OpenFile>(*this, disk_.open(name, create));
}

void VirtualDisk::rename(const std::string& from, const std::string& to) {
    call(Kind::directory_change, false);
    disk_.rename(from, to);
}

void VirtualDisk::remove(const std::string& name) {
    call(Kind::directory_change, false);
    disk_.remove(name);
}

std::vector<std::string> VirtualDisk::list() {
    return disk_.list();
}

void VirtualDisk::sync_directory() {
    call(Kind::directory_sync, false);
    if (happens(rule_.sync_error)) {
        // The file system's own journal: nothing is lost, nothing is promised.
        ++counters_.sync_errors;
        fail("fsync of the directory: input/output error");
    }
    disk_.sync_directory();
}

// ---- for the node

void VirtualDisk::begin(Time now) {
    disk_.mark();
    calls_.clear();
    idle_at_ = now;
}

void VirtualDisk::crash(Time now, Crash kind) {
    // The calls are one after the other: those that had begun are the first ones, and a sync among
    // them that had not ended has confirmed nothing.
    std::uint64_t kept = 0;
    for (const DiskCall& each : calls_) {
        const bool ended = each.end <= now && each.end != Time::max();
        const bool happened = is_sync(each.kind) ? ended : each.start < now;
        if (!happened || kept == disk_.operations()) {
            break;
        }
        ++kept;
    }
    disk_.take_back_to(kept);
    const std::uint64_t choice = draw(Draw::crash_choice);
    CrashPolicy policy{CrashPolicy::Unsynced::keep, choice >> 2U};
    if (kind == Crash::power) {
        constexpr CrashPolicy::Unsynced ways[]{CrashPolicy::Unsynced::drop,
                                               CrashPolicy::Unsynced::prefix,
                                               CrashPolicy::Unsynced::scatter,
                                               CrashPolicy::Unsynced::scatter};
        policy.unsynced = ways[choice % 4];
    }
    const raft::storage::CrashLosses losses = disk_.crash(policy);
    counters_.bytes_lost += static_cast<std::int64_t>(losses.bytes);
    counters_.directory_changes_lost += static_cast<std::int64_t>(losses.directory_changes);
    calls_.clear();
    idle_at_ = now;
}

// ---- for faults

void VirtualDisk::set_rule(Time now, const nemesis::DiskRule& rule) {
    const bool released = rule_.stuck && !rule.stuck;
    rule_ = rule;
    if (!released || idle_at_ != Time::max()) {
        return;
    }
    Time at = now;
    for (DiskCall& each : calls_) {
        if (each.end == Time::max()) {
            each.start = std::min(each.start, at);
            each.end = at + each.took;
            at = each.end;
        }
    }
    idle_at_ = at;
}

void VirtualDisk::flip_a_bit() {
    const std::vector<std::string> names = disk_.list();
    std::uint64_t bytes = 0;
    for (const std::string& name : names) {
        bytes += disk_.contents(name).find_last_not_of('\0') + 1;
    }
    if (bytes == 0) {
        return;
    }
    const std::uint64_t bits = draw(Draw::flip);
    std::uint64_t at = (bits >> 3U) % bytes;
    for (const std::string& name : names) {
        const std::uint64_t used = disk_.contents(name).find_last_not_of('\0') + 1;
        if (at < used) {
            disk_.flip_bit(name, at, static_cast<unsigned>(bits % 8));
            ++counters_.bits_flipped;
            return;
        }
        at -= used;
    }
}

// ---- one call

void VirtualDisk::call(Kind kind, bool needs_room) {
    const bool sync = is_sync(kind);
    DiskCall& made = calls_.emplace_back();
    made.kind = kind;
    made.start = idle_at_;
    made.took = usual_duration(kind);
    if (sync && rule_.sync_delay > Duration::zero()) {
        made.took += rule_.sync_delay;
        ++counters_.syncs_delayed;
    }
    const bool waits = idle_at_ == Time::max();
    const bool stuck = waits || (sync && rule_.stuck);
    counters_.syncs_stuck += stuck && !waits ? 1 : 0;
    made.end = stuck ? Time::max() : made.start + made.took;
    idle_at_ = made.end;
    if (needs_room && rule_.full) {
        ++counters_.refusals_for_room;
        fail("no space left on device");
    }
    if (!sync && happens(rule_.write_error)) {
        ++counters_.write_errors;
        fail("write: input/output error");
    }
}

Duration VirtualDisk::usual_duration(Kind kind) {
    const std::uint64_t bits = draw(Draw::latency);
    return is_sync(kind) ? between(bits, sync_min, sync_max)
                         : between(bits, change_min, change_max);
}

void VirtualDisk::fail(const char* what) {
    calls_.back().failed = true;
    throw DiskError(what);
}

std::uint64_t VirtualDisk::draw(Draw what) {
    return stream_.bits(node_ * draws + what, drawn_[what]++);
}

bool VirtualDisk::happens(double probability) {
    if (probability <= 0) {
        return false;
    }
    return static_cast<double>(draw(Draw::fault) >> 11U) * 0x1.0p-53 < probability;
}

}  // namespace squall::harness::sim
