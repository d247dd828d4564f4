#include "harness/process/clock_control.hpp"

#include <cerrno>
#include <climits>
#include <cstring>
#include <ctime>
#include <linux/futex.h>
#include <new>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <fmt/format.h>

#include "harness/failure.hpp"
#include "harness/process/clock_shim/clock_page.hpp"

namespace squall::harness::process {

using clock_shim::ClockPage;
using clock_shim::Nanoseconds;
using clock_shim::Setting;

namespace {

Nanoseconds raw_now(clockid_t clock) {
    // By system call: true also in a program that itself runs under the shim.
    timespec now{};
    ::syscall(SYS_clock_gettime, clock, &now);
    return Nanoseconds{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

[[noreturn]] void fail(const char* what) {
    throw Failure(fmt::format("clock page: {}: {}", what, std::strerror(errno)));
}

void store(ClockPage& page, const Setting& setting) {
    page.base_raw = setting.base_raw;
    page.base_monotonic = setting.base_monotonic;
    page.base_realtime = setting.base_realtime;
    page.realtime_ahead = setting.realtime_ahead;
    page.rate = setting.rate;
    page.realtime_true = setting.realtime_true;
}

}  // namespace

ClockControl::ClockControl() : file_(::memfd_create("squall-clock", MFD_CLOEXEC)) {
    if (file_ < 0) {
        fail("memfd_create");
    }
    void* mapped = MAP_FAILED;
    if (::ftruncate(file_, sizeof(ClockPage)) == 0) {
        mapped = ::mmap(nullptr, sizeof(ClockPage), PROT_READ | PROT_WRITE, MAP_SHARED, file_, 0);
    }
    if (mapped == MAP_FAILED) {
        ::close(file_);
        fail("mmap");
    }
    page_ = new (mapped) ClockPage;
}

ClockControl::~ClockControl() {
    ::munmap(page_, sizeof(ClockPage));
    ::close(file_);
}

std::string ClockControl::path() const {
    return fmt::format("/proc/{}/fd/{}", ::getpid(), file_);
}

void ClockControl::set(const nemesis::ClockRule& rule) {
    if (rule == rule_) {
        return;
    }
    count_if_seen();
    const Setting before = clock_shim::load_setting(*page_);
    page_->sequence.fetch_add(1);  // Odd; the raw time must be taken after this.
    const Nanoseconds raw = raw_now(CLOCK_MONOTONIC);
    const Nanoseconds raw_realtime = raw_now(CLOCK_REALTIME);
    const Nanoseconds realtime =
        before.realtime_true ? raw_realtime : clock_shim::virtual_realtime(before, raw);
    store(*page_,
          {.base_raw = raw,
           .base_monotonic = clock_shim::virtual_monotonic(before, raw),
           .base_realtime = realtime + (rule.realtime_jump - rule_.realtime_jump).count(),
           .realtime_ahead = raw_realtime - raw,
           .rate = rule.rate,
           .realtime_true = rule == nemesis::ClockRule{}});
    page_->sequence.fetch_add(1);
    ::syscall(SYS_futex,
              reinterpret_cast<std::uint32_t*>(&page_->sequence),
              FUTEX_WAKE,
              INT_MAX,
              nullptr,
              nullptr,
              0);
    rule_ = rule;
    counted_ = false;
}

/// The number that the node has left proves that it has read under the setting that has it.
void ClockControl::count_if_seen() {
    if (!counted_ && page_->sequence_seen == page_->sequence) {
        counted_ = true;
        ++changes_;
    }
}

ClockControl::Reading ClockControl::reading() {
    count_if_seen();
    return {.changes = changes_, .offset_max = nemesis::Duration(page_->offset_max)};
}

void ClockControl::restart_measurement() {
    count_if_seen();
    counted_ = true;
    if (rule_ == nemesis::ClockRule{}) {
        const Setting setting = clock_shim::load_setting(*page_);
        const Nanoseconds raw = raw_now(CLOCK_MONOTONIC);
        page_->monotonic_baseline = clock_shim::virtual_monotonic(setting, raw) - raw;
        page_->offset_max = 0;
    }
}

}  // namespace squall::harness::process
