// The tables of the store and how older files become newer ones. A file's version is SQLite's
// user_version: the number of migrations that it has had. Migrations are only ever added.
#pragma once

#include <span>
#include <string_view>

namespace squall::harness::store {

class Database;

/// What version n of the store lacks to be version n + 1, in SQL.
[[nodiscard]] std::span<const std::string_view> migrations();

/// Brings the file up to `version`, at most all migrations; two processes may do so at once.
/// Throws Failure when it is of a later squall.
void migrate(Database& database, std::size_t version = migrations().size());

}  // namespace squall::harness::store
