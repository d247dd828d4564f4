// The register of Knossos, Jepsen and etcd's recorded histories: as `register`, but null is a value
// like any other, which may be written, and a cas that is ok applied unless it says otherwise. What
// it begins with is often said by the recording (Knossos: 0).
#pragma once

#include "checker/register_model.hpp"

namespace squall::checker {

class CasRegisterModel final : public RegisterModel {
  public:
    [[nodiscard]] std::string_view name() const override { return "cas-register"; }

    [[nodiscard]] std::optional<std::string> reject(
        const history::Operation& operation) const override;
};

}  // namespace squall::checker
