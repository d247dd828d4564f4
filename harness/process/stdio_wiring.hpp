// Nodes that speak Maelstrom's protocol on their standard input and output: a router between the
// nodes, with every fault that links have, and clients that talk to all of them.
//
// A message travels when its receiver is up and has answered `init`; before that, and while it is
// down, it is lost, as on a network. A paused node's input waits in its pipe.
#pragma once

#include <memory>

#include "harness/process/wiring.hpp"

namespace squall::harness::process {

struct StdioOptions {
    bool show_logs = false;  ///< Copies what nodes write to their standard error to ours.
};

/// `plan.program` is what is run. References must outlive it.
[[nodiscard]] std::unique_ptr<Wiring> make_stdio_wiring(boost::asio::io_context& io,
                                                        const Plan& plan,
                                                        const StdioOptions& options,
                                                        Wiring::News news);

}  // namespace squall::harness::process
