// Spawns a child, stops it, prints its process id and waits for ever: a harness to be killed.
#include <csignal>
#include <iostream>
#include <unistd.h>

#include <boost/asio/io_context.hpp>

#include "harness/process/child.hpp"

int main(int argc, char** argv) {
    if (argc != 2) {
        return 64;
    }
    boost::asio::io_context io;
    squall::harness::process::Child child(io, {"/bin/sleep", {"1000"}, argv[1]}, [](int) {});
    child.signal(SIGSTOP);
    while (!child.stopped()) {
        ::usleep(1000);
    }
    std::cout << child.id() << std::endl;
    ::pause();
    return 0;
}
