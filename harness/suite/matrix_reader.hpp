// The [[matrix]] tables of a suite file, with the [profile.NAME] and [configuration.NAME] that they
// name.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/suite/suite_file.hpp"
#include "harness/suite/toml_fields.hpp"

namespace squall::harness::suite {

class MatrixReader {
  public:
    /// All of them live longer.
    MatrixReader(TomlFields& root,
                 const std::vector<Program>& programs,
                 const Vocabulary& vocabulary);

    /// Throws UsageError.
    [[nodiscard]] std::vector<Matrix> read();

  private:
    void read_profiles();
    void read_configurations();
    [[nodiscard]] Matrix read_matrix(TomlFields& fields);
    void read_systems(TomlFields& fields, Matrix& matrix);
    void read_dimensions(TomlFields& fields, Matrix& matrix);
    void read_load(TomlFields& fields, Matrix& matrix) const;
    void read_swarm(TomlFields& fields, Matrix& matrix) const;
    [[nodiscard]] Profile profile(const TomlFields& fields, const Placed& named) const;
    [[nodiscard]] std::vector<std::string> classes(const TomlFields& fields,
                                                   const Placed& named) const;

    TomlFields& root_;
    const std::vector<Program>& programs_;
    const Vocabulary& vocabulary_;
    std::map<std::string, Profile> profiles_;
    std::map<std::string, Configuration> configurations_;
};

}  // namespace squall::harness::suite
