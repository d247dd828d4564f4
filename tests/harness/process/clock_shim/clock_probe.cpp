// Run under the clock shim: waits for so many milliseconds of its own time in the way it is told
// and prints how long that took in raw time; or watches its clocks, or tells what they show.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <future>
#include <iostream>
#include <limits>
#include <map>
#include <mutex>
#include <poll.h>
#include <semaphore>
#include <shared_mutex>
#include <string>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <threads.h>

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using std::chrono::system_clock;

std::int64_t to_ns(const timespec& time) {
    return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

std::int64_t raw_ns(clockid_t clock = CLOCK_MONOTONIC) {
    timespec now{};
    ::syscall(SYS_clock_gettime, clock, &now);
    return to_ns(now);
}

timespec to_timespec(std::chrono::nanoseconds time) {
    return {.tv_sec = time.count() / 1'000'000'000, .tv_nsec = time.count() % 1'000'000'000};
}

timespec wall_deadline(milliseconds time) {
    return to_timespec((system_clock::now() + time).time_since_epoch());
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
    const itimerval value{
        .it_interval = {},
        .it_value = {.tv_sec = time.count() / 1000, .tv_usec = time.count() % 1000 * 1000}};
    ::setitimer(ITIMER_REAL, &value, nullptr);
    while (rang == 0) {
        ::pause();
    }
}

void wait_on_semaphore(milliseconds time) {
    sem_t semaphore;
    ::sem_init(&semaphore, 0, 0);
    const timespec until = wall_deadline(time);
    ::sem_timedwait(&semaphore, &until);
}

void wait_on_shared_mutex(milliseconds time, bool exclusively) {
    std::shared_timed_mutex mutex;
    mutex.lock();
    std::thread([&] {
        (void)(exclusively ? mutex.try_lock_for(time) : mutex.try_lock_shared_for(time));
    }).join();
    mutex.unlock();
}

void wait_on_c_locks(milliseconds time, bool on_condition) {
    mtx_t mutex;
    ::mtx_init(&mutex, mtx_timed);
    ::mtx_lock(&mutex);
    const timespec until = wall_deadline(time);
    if (on_condition) {
        cnd_t condition;
        ::cnd_init(&condition);
        while (::cnd_timedwait(&condition, &mutex, &until) == thrd_success) {
        }
    } else {
        std::thread([&] { (void)::mtx_timedlock(&mutex, &until); }).join();
    }
    ::mtx_unlock(&mutex);
}

void wait_for_thread(milliseconds time) {
    pthread_t thread{};
    std::promise<void> over;
    const auto run = [](void* promise) -> void* {
        static_cast<std::promise<void>*>(promise)->get_future().wait();
        return nullptr;
    };
    ::pthread_create(&thread, nullptr, run, &over);
    const timespec until = wall_deadline(time);
    ::pthread_timedjoin_np(thread, nullptr, &until);
    over.set_value();
    ::pthread_join(thread, nullptr);
}

void wait_for_signal(milliseconds time) {
    sigset_t none;
    ::sigemptyset(&none);
    const timespec timeout = to_timespec(time);
    ::sigtimedwait(&none, nullptr, &timeout);
}

void wait_on_descriptors(milliseconds time) {
    timeval left{.tv_sec = time.count() / 1000, .tv_usec = time.count() % 1000 * 1000};
    ::select(0, nullptr, nullptr, nullptr, &left);
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
    {"cpp_semaphore",
     [](milliseconds time) { (void)std::counting_semaphore<>(0).try_acquire_for(time); }},
    {"future", [](milliseconds time) { std::promise<void>().get_future().wait_for(time); }},
    {"shared_mutex", [](milliseconds time) { wait_on_shared_mutex(time, true); }},
    {"shared_mutex_shared", [](milliseconds time) { wait_on_shared_mutex(time, false); }},
    {"c_condition", [](milliseconds time) { wait_on_c_locks(time, true); }},
    {"c_mutex", [](milliseconds time) { wait_on_c_locks(time, false); }},
    {"timedjoin", wait_for_thread},
    {"sigtimedwait", wait_for_signal},
    {"poll", [](milliseconds time) { ::poll(nullptr, 0, static_cast<int>(time.count())); }},
    {"select", wait_on_descriptors},
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

// ---- watching

/// Through the vDSO itself, as programs without a C library do.
timespec vdso_time(clockid_t clock) {
    using Read = int(clockid_t, timespec*);
    void* vdso = ::dlopen("linux-vdso.so.1", RTLD_LAZY | RTLD_NOLOAD);
    auto* read = reinterpret_cast<Read*>(::dlsym(vdso, "__vdso_clock_gettime"));
    timespec now{};
    if (read == nullptr || read(clock, &now) != 0) {
        std::cerr << "no vDSO\n";
        std::exit(1);
    }
    return now;
}

timespec libc_time(clockid_t clock) {
    timespec now{};
    ::clock_gettime(clock, &now);
    return now;
}

timespec time_of_day(clockid_t) {
    timeval now{};
    ::gettimeofday(&now, nullptr);
    return {.tv_sec = now.tv_sec, .tv_nsec = now.tv_usec * 1000};
}

timespec iso_time(clockid_t) {
    timespec now{};
    ::timespec_get(&now, TIME_UTC);
    return now;
}

timespec whole_seconds(clockid_t) {
    return {.tv_sec = ::time(nullptr), .tv_nsec = 0};
}

const std::map<std::string, timespec (*)(clockid_t)> reads = {{"libc", libc_time},
                                                              {"vdso", vdso_time},
                                                              {"gettimeofday", time_of_day},
                                                              {"timespec_get", iso_time},
                                                              {"time", whole_seconds}};

/// For each line, a way to read and a clock's number: raw time, what the clock shows, raw time.
void answer() {
    std::string way;
    clockid_t clock = 0;
    while (std::cin >> way >> clock) {
        const std::int64_t before = raw_ns();
        const std::int64_t shown = to_ns(reads.at(way)(clock));
        std::cout << before << " " << shown << " " << raw_ns() << std::endl;
    }
}

/// Until the input ends: does a thread ever see a steady clock, of the C library's or of the vDSO,
/// that shows less than another thread has seen?
void watch_for_steps_back() {
    std::atomic<std::int64_t> latest = 0;
    std::atomic<bool> stop = false;
    std::atomic<bool> back = false;
    std::vector<std::jthread> threads;
    for (const char* way : {"libc", "vdso", "libc"}) {
        threads.emplace_back([&, read = reads.at(way)] {
            while (!stop) {
                std::int64_t last = latest;
                const std::int64_t now = to_ns(read(CLOCK_MONOTONIC));
                if (now < last) {
                    back = true;
                }
                while (last < now && !latest.compare_exchange_weak(last, now)) {
                }
            }
        });
    }
    std::cout << "started" << std::endl;
    while (std::cin.get() != std::char_traits<char>::eof()) {
    }
    stop = true;
    threads.clear();
    std::cout << (back ? "back" : "never") << std::endl;
}

/// Nanoseconds a read, the least of several rounds.
void measure_reads() {
    constexpr int rounds = 20;
    constexpr int count = 200'000;
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    timespec now{};
    for (int round = 0; round < rounds; ++round) {
        const std::int64_t begin = raw_ns();
        for (int i = 0; i < count; ++i) {
            ::clock_gettime(CLOCK_MONOTONIC, &now);
        }
        least = std::min(least, raw_ns() - begin);
    }
    std::cout << static_cast<double>(least) / count << std::endl;
}

/// Nanoseconds from its start to its end, and when it ended, in raw time.
void wait(const std::string& how, milliseconds time) {
    (void)steady_clock::now();
    std::cout << "started" << std::endl;
    const std::int64_t begin = raw_ns();
    waits.at(how)(time);
    const std::int64_t end = raw_ns();
    (void)steady_clock::now();
    std::cout << end - begin << " " << end << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        return 64;
    }
    const std::string what = argv[1];
    if (what == "answer") {
        answer();
    } else if (what == "steps_back") {
        watch_for_steps_back();
    } else if (what == "bench") {
        measure_reads();
    } else if (what == "idle") {
        std::cout << "started" << std::endl;
        std::cin.get();
    } else {
        wait(what, milliseconds(std::stol(argv[2])));
    }
    return 0;
}
