// One visitor for std::visit from a lambda per alternative.
#pragma once

namespace squall::harness {

template <typename... Visitors>
struct Overloaded : Visitors... {
    using Visitors::operator()...;
};

template <typename... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

}  // namespace squall::harness
