#include "tests/fuzz/target.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>

namespace squall::fuzz {

std::span<const Target* const> targets() {
    static constexpr std::array all{&peer_frames,
                                    &client_protocol,
                                    &wal,
                                    &snapshot,
                                    &history_lines,
                                    &history_formats,
                                    &plan,
                                    &trace,
                                    &node_messages,
                                    &results};
    return all;
}

void must(bool holds, std::string_view what) {
    if (!holds) {
        std::fprintf(stderr,
                     "squall-fuzz: does not hold: %.*s\n",
                     static_cast<int>(what.size()),
                     what.data());
        std::abort();
    }
}

}  // namespace squall::fuzz
