// How fast histories are read: prints events a second of the native format, event by event and
// straight into a CompactHistory. Usage: squall-bench-history [OPERATIONS]
#include <chrono>
#include <cstdlib>
#include <sstream>
#include <string>

#include <fmt/format.h>

#include "history/jsonl.hpp"
#include "history/jsonl_compact.hpp"
#include "history/random.hpp"

namespace {

using namespace squall::history;  // NOLINT(google-build-using-namespace)

constexpr ClientId clients = 50;

/// A register as `squall run` records it: invocations and completions of many clients, interleaved.
std::string recorded(std::uint64_t operations) {
    const Stream stream(1, "bench");
    std::string text = header_line() + "\n";
    std::uint64_t index = 0;
    const auto add = [&](EventType type, std::uint64_t operation) {
        Event event;
        event.index = index++;
        event.time = Time{static_cast<std::int64_t>(1'000'000'000 + 3217 * event.index)};
        event.type = type;
        event.client = static_cast<ClientId>(operation) % clients;
        event.node = static_cast<NodeId>(stream.below(5, operation, 0) + 1);
        const std::uint64_t kind = stream.below(4, operation, 1);
        const auto number = static_cast<std::int64_t>(operation);
        event.function = kind < 2 ? "read" : kind == 2 ? "write" : "cas";
        event.key = fmt::format("k{}", stream.below(100, operation, 2));
        if (type == EventType::invoke && kind == 2) {
            event.value = number;
        } else if (type == EventType::invoke && kind == 3) {
            event.value = Value::List{number - 1, number};
        } else if (type == EventType::ok && kind < 2) {
            event.value = number - 2;
        } else if (type == EventType::ok) {
            event.position = LogPosition{2, event.index};
            if (kind == 3) {
                event.applied = true;
            }
        }
        text += to_line(event) + "\n";
    };
    for (std::uint64_t operation = 0; operation < operations + clients; ++operation) {
        if (operation >= clients) {
            add(EventType::ok, operation - clients);
        }
        if (operation < operations) {
            add(EventType::invoke, operation);
        }
    }
    return text;
}

template <typename Load>
void measure(const char* name, const std::string& text, const Load& load) {
    std::istringstream in(text);
    const auto begin = std::chrono::steady_clock::now();
    const std::size_t events = load(in);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    fmt::print("{:<10} {:>9} events  {:6.2f} s  {:9.0f} events/s  {:6.1f} MB/s\n",
               name,
               events,
               took.count(),
               static_cast<double>(events) / took.count(),
               static_cast<double>(text.size()) / took.count() / 1e6);
}

}  // namespace

int main(int argc, char** argv) {
    const std::uint64_t operations = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
    const std::string text = recorded(operations);
    fmt::print("{} bytes\n", text.size());
    measure("compact", text, [](std::istream& in) {
        const LoadedCompact loaded = load_compact(in, "bench");
        fmt::print(
            "{} operations, {} bytes\n", loaded.history.operations.size(), loaded.history.bytes());
        return loaded.error ? 0 : loaded.events;
    });
    measure("events", text, [](std::istream& in) { return load(in, "bench").events.size(); });
}
