// How many states a second of one core explores, and what one takes in memory. CPU time, so that
// other work does not disturb it.
// Usage: explore_bench [TIMEOUTS] [PROPOSALS] [CRASHES] [MAX_STATES] [NODES] [HEARTBEATS]
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "harness/explore/search.hpp"

int main(int argc, char** argv) {
    using namespace squall::harness::explore;  // NOLINT(google-build-using-namespace)
    const auto number = [&](int place, std::uint64_t otherwise) {
        return argc > place ? std::strtoull(argv[place], nullptr, 10) : otherwise;
    };
    Options options;
    options.budgets = {};
    options.budgets[0] = static_cast<std::uint8_t>(number(1, 2));
    options.budgets[3] = static_cast<std::uint8_t>(number(2, 1));
    options.budgets[2] = static_cast<std::uint8_t>(number(3, 0));
    options.nodes = static_cast<std::uint32_t>(number(5, 3));
    options.budgets[1] = static_cast<std::uint8_t>(number(6, 0));
    Limits limits;
    limits.states = number(4, 2'000'000);
    Model model(options);
    Search search(model, limits, model.fresh());
    const std::clock_t begin = std::clock();
    while (search.advance(10'000) == Stop::none) {
    }
    const double took = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    const Progress progress = search.progress();
    const auto states = static_cast<double>(progress.states);
    std::printf("%.0f states to depth %llu in %.2f s of CPU: %.0f states/s, %.0f transitions/s, ",
                states,
                static_cast<unsigned long long>(progress.depth),
                took,
                states / took,
                static_cast<double>(progress.transitions) / took);
    std::printf("%.0f bytes per state, %zu core steps, %zu images, stop %d\n",
                static_cast<double>(progress.bytes) / states,
                model.locals().core_steps(),
                model.locals().images(),
                static_cast<int>(search.stopped()));
    return 0;
}
