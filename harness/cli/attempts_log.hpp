// What is known of the plans that were tried on real processes, line by line on disk, so that
// shrinking which was interrupted or killed goes on where it stood. Plans are told apart by a hash
// of their JSON.
#pragma once

#include <cstdint>
#include <fstream>
#include <map>
#include <optional>
#include <string>

#include "harness/plan.hpp"
#include "harness/shrink/session.hpp"

namespace squall::harness::cli {

class AttemptsLog {
  public:
    /// Reads what there is if it was about the same: `subject` says about what. Otherwise, and of
    /// what cannot be read, nothing is known. Throws Failure when it cannot be written.
    AttemptsLog(const std::string& path, const std::string& subject);

    [[nodiscard]] std::optional<shrink::Tried> recall(const Plan& plan) const;

    /// On disk when it returns, short of a crash of the machine.
    void learn(const Plan& plan, const shrink::Tried& tried);

    [[nodiscard]] std::size_t size() const { return known_.size(); }

  private:
    std::map<std::uint64_t, shrink::Tried> known_;
    std::ofstream file_;
};

}  // namespace squall::harness::cli
