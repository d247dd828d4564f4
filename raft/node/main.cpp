#include <iostream>
#include <variant>

#include "raft/node/node.hpp"
#include "raft/node/options.hpp"

int main(int argc, char** argv) {
    using namespace squall::raft::node;
    auto parsed = parse_options(argc, argv);
    if (const auto* usage = std::get_if<Usage>(&parsed)) {
        std::cout << usage->out;
        std::cerr << usage->error;
        return usage->exit_code;
    }
    return run_node(std::get<Options>(std::move(parsed)));
}
