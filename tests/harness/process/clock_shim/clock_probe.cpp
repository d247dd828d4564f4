// Run under the clock shim: waits for so many milliseconds of its own time in the way it is told
// and prints how long that took in raw time; or watches its clocks.
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <functional>
#include <iostream>
#include <map>
#include <mutex>
#include <poll.h>
#include <string>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <thread>
#include <unistd.h>

#include <semaphore.h>

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using std::chrono::system_clock;

std::int64_t raw_ms() {
    timespec now{};
    ::syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1'000'000;
}

timespec to_timespec(std::chrono::nanoseconds time) {
    return {.tv_sec = time.count() / 1'000'000'000, .tv_nsec = time.count() % 1'000'000'000};
}

template <typename Clock>
void wait_on_condition(milliseconds time) {
    std::mutex mutex;
    std::condition_variable condition;
    std::unique_lock lock(mutex);
    condition.wait_until(lock, Clock::now() + time, [] { return false; });
}

void wait_on_timer(milliseconds time, clockid_t clock, bool absolute) {
    const int timer = ::timerfd_create(clock, TFD_CLOEXEC);
    timespec now{};
    ::clock_gettime(clock, &now);
    auto until = std::chrono::nanoseconds(time);
    if (absolute) {
        until += std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
    }
    const itimerspec value{.it_interval = {}, .it_value = to_timespec(until)};
    ::timerfd_settime(timer, absolute ? TFD_TIMER_ABSTIME : 0, &value, nullptr);
    std::uint64_t fired = 0;
    if (::read(timer, &fired, sizeof(fired)) != sizeof(fired) || fired != 1) {
        std::cout << "fired " << fired << "\n";
    }
    ::close(timer);
}

void wait_for_alarm(milliseconds time) {
    static volatile std::sig_atomic_t rang = 0;
    rang = 0;
    std::signal(SIGALRM, [](int) { rang = 1; });
    const itimerval value{.it_interval = {}, .it_value = {.tv_usec = time.count() * 1000}};
    ::setitimer(ITIMER_REAL, &value, nullptr);
    while (rang == 0) {
        ::pause();
    }
}

void wait_on_semaphore(milliseconds time) {
    sem_t semaphore;
    ::sem_init(&semaphore, 0, 0);
    const timespec until = to_timespec((system_clock::now() + time).time_since_epoch());
    ::sem_timedwait(&semaphore, &until);
}

const std::map<std::string, std::function<void(milliseconds)>> waits = {
    {"sleep_for", [](milliseconds time) { std::this_thread::sleep_for(time); }},
    {"sleep_until",
     [](milliseconds time) { std::this_thread::sleep_until(steady_clock::now() + time); }},
    {"usleep", [](milliseconds time) { ::usleep(static_cast<useconds_t>(time.count()) * 1000); }},
    {"cv_steady", wait_on_condition<steady_clock>},
    {"cv_system", wait_on_condition<system_clock>},
    {"timed_mutex",
     [](milliseconds time) {
         std::timed_mutex mutex;
         mutex.lock();
         std::thread([&] { (void)mutex.try_lock_for(time); }).join();
         mutex.unlock();
     }},
    {"semaphore", wait_on_semaphore},
    {"poll", [](milliseconds time) { ::poll(nullptr, 0, static_cast<int>(time.count())); }},
    {"select",
     [](milliseconds time) {
         timeval left{.tv_usec = time.count() * 1000};
         ::select(0, nullptr, nullptr, nullptr, &left);
     }},
    {"epoll",
     [](milliseconds time) {
         const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
         epoll_event event{};
         ::epoll_wait(epoll, &event, 1, static_cast<int>(time.count()));
         ::close(epoll);
     }},
    {"timerfd", [](milliseconds time) { wait_on_timer(time, CLOCK_MONOTONIC, false); }},
    {"timerfd_abs", [](milliseconds time) { wait_on_timer(time, CLOCK_MONOTONIC, true); }},
    {"timerfd_realtime", [](milliseconds time) { wait_on_timer(time, CLOCK_REALTIME, true); }},
    {"setitimer", wait_for_alarm},
};

/// Until the system clock has moved by more than an hour; then how far, in seconds.
void watch_for_jump() {
    for (;;) {
        const auto before = system_clock::now();
        const auto steady = steady_clock::now();
        ::poll(nullptr, 0, 1);
        const auto moved = system_clock::now() - before - (steady_clock::now() - steady);
        if (std::chrono::abs(moved) > std::chrono::hours(1)) {
            std::cout << std::chrono::round<std::chrono::seconds>(moved).count() << std::endl;
            return;
        }
    }
}

/// For so long in raw time: did the steady clock ever go back?
void watch_for_steps_back(std::int64_t time) {
    const std::int64_t end = raw_ms() + time;
    auto last = steady_clock::now();
    while (raw_ms() < end) {
        for (int i = 0; i < 100; ++i) {
            const auto now = steady_clock::now();
            if (now < last) {
                std::cout << "back" << std::endl;
                return;
            }
            last = now;
        }
    }
    std::cout << "never" << std::endl;
}

void measure_reads() {
    constexpr int reads = 2'000'000;
    const auto time = [] {
        timespec now{};
        const std::int64_t begin = raw_ms();
        for (int i = 0; i < reads; ++i) {
            ::clock_gettime(CLOCK_MONOTONIC, &now);
        }
        return static_cast<double>(raw_ms() - begin) * 1e6 / reads;
    };
    std::cout << time() << " ns a read" << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        return 64;
    }
    const std::string what = argv[1];
    const milliseconds time(std::stol(argv[2]));
    if (what == "jump") {
        watch_for_jump();
    } else if (what == "steps_back") {
        watch_for_steps_back(time.count());
    } else if (what == "bench") {
        measure_reads();
    } else {
        (void)steady_clock::now();
        std::cout << "started" << std::endl;
        const std::int64_t begin = raw_ms();
        waits.at(what)(time);
        (void)steady_clock::now();
        std::cout << raw_ms() - begin << std::endl;
    }
    return 0;
}
