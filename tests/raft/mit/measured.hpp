// What a lab measured, against the labs' thresholds, and how it says that it failed.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace squall::raft::mit {

/// Ends a lab: something that the labs demand is not so.
class Failed : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

struct Measure {
    std::string what;
    double value = 0;  ///< The worst of all times that it was measured.
    double most = 0;   ///< The threshold; infinite: there is none.
};

class Measures {
  public:
    /// Throws Failed when `value` is more than `most`.
    void at_most(std::string_view what, double value, double most);

    /// For the record.
    void note(std::string_view what, double value);

    [[nodiscard]] const std::vector<Measure>& all() const { return all_; }

  private:
    std::vector<Measure> all_;
};

}  // namespace squall::raft::mit
