// Strict reading of a TOML table, field by field. Every problem is a UsageError of the form
// `file:line:column: field: problem; remedy`; a field that nobody asked for is one, with the name
// that was probably meant.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/suite/toml_document.hpp"

namespace squall::harness::suite {

/// A value with its place, for checks that come later.
struct Placed {
    std::string text;
    TomlPosition position;
    std::string field;
};

class TomlFields {
  public:
    /// `table` lives longer. `path` is how messages call it: "" or "matrix[2]".
    TomlFields(const TomlNode& table, std::string file, std::string path);

    [[noreturn]] void fail(const std::string& field, const std::string& problem) const;
    [[noreturn]] void fail(const Placed& value, const std::string& problem) const;

    /// The field, marked as known; null when it is absent.
    [[nodiscard]] const TomlNode* find(const std::string& field);

    [[nodiscard]] bool has(const std::string& field) { return find(field) != nullptr; }

    // Each leaves its target alone when the field is absent.

    void read(const std::string& field, std::string& target);
    void read(const std::string& field, bool& target);
    void read_whole(const std::string& field,
                    std::uint64_t& target,
                    std::uint64_t least,
                    std::uint64_t most);
    void read_whole(const std::string& field,
                    std::uint32_t& target,
                    std::uint32_t least,
                    std::uint32_t most);
    void read_number(const std::string& field, double& target, double least, double most);

    /// "90s", "5m", "8h": seconds.
    void read_time(const std::string& field, double& target, double least, double most);

    /// A list of texts, or one text. Not empty, at most `most`, all different.
    void read_texts(const std::string& field, std::vector<Placed>& target, std::size_t most);

    /// The same, but empty and repeated ones are allowed.
    void read_list(const std::string& field, std::vector<Placed>& target, std::size_t most);

    /// A list of whole numbers, or one. Not empty, all different.
    void read_whole_list(const std::string& field,
                         std::vector<std::uint32_t>& target,
                         std::uint32_t least,
                         std::uint32_t most,
                         std::size_t count_max);

    /// The table under the field, which must be there.
    [[nodiscard]] TomlFields table(const std::string& field);

    /// Each of a list of tables; with their paths.
    [[nodiscard]] std::vector<TomlFields> tables(const std::string& field, std::size_t most);

    /// The tables that stand under the field by name.
    [[nodiscard]] std::vector<std::pair<std::string, TomlFields>> named_tables(
        const std::string& field, std::size_t most);

    /// Throws when there are fields that nobody asked for.
    void finish() const;

    [[nodiscard]] TomlPosition position() const { return table_->position; }

  private:
    [[nodiscard]] std::string full(const std::string& field) const;
    [[noreturn]] void fail_at(TomlPosition position,
                              const std::string& field,
                              const std::string& problem) const;
    [[nodiscard]] const TomlNode* expect(const std::string& field, TomlNode::Kind kind);

    const TomlNode* table_;
    std::string file_;
    std::string path_;
    std::set<std::string> known_;
};

/// Seconds of "90s", "5m", "1.5h", "2d"; nothing when it is no such time.
[[nodiscard]] std::optional<double> seconds_of(std::string_view text);

/// "; did you mean \"...\"?" when one of the names is close enough, else what there is to choose
/// from.
[[nodiscard]] std::string suggestion(std::string_view word, const std::vector<std::string>& names);

}  // namespace squall::harness::suite
