// Standard input and output of one incarnation of a node. What it writes comes as lines; what is
// written to it waits, boundedly, until it reads. A node that writes without end is read no faster
// than the limits say, and feels it as a full pipe.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace boost::asio {
class io_context;
}

namespace squall::harness::process {

class StdioPipes {
  public:
    struct Events {
        std::function<void(std::string_view line)> line;
        std::function<void(std::string_view start)> line_too_long;
        std::function<void()> flood;   ///< It was slowed down for a whole second.
        std::function<void()> closed;  ///< Nothing more will come.
    };

    struct Limits {
        std::size_t line_bytes_max = std::size_t{8} << 20U;
        std::size_t unread_bytes_max = std::size_t{16} << 20U;  ///< Waiting to be read by the node.
        // In each period:
        std::chrono::milliseconds period{50};
        std::size_t lines_max = 4000;
        std::size_t bytes_max = std::size_t{2} << 20U;
    };

    /// Makes the pipes. Throws Failure when there are no descriptors left.
    StdioPipes(boost::asio::io_context& io, const Limits& limits, Events events);

    /// Closes them. No event comes afterwards.
    ~StdioPipes();
    StdioPipes(const StdioPipes&) = delete;
    StdioPipes& operator=(const StdioPipes&) = delete;

    /// The node's ends, until it has them.
    [[nodiscard]] int node_input() const;
    [[nodiscard]] int node_output() const;

    /// The node has its ends: closes ours of them and begins to read.
    void start();

    /// False, and nothing is taken, when too much waits already.
    [[nodiscard]] bool write(std::string_view bytes);

    /// The node has ended: hands over what it had written, without waiting.
    void drain();

  private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace squall::harness::process
