#include "harness/store/sqlite.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include "harness/failure.hpp"

namespace squall::harness::store {
namespace {

constexpr int patience_ms = 30'000;

}  // namespace

void Database::Closer::operator()(sqlite3* handle) const {
    sqlite3_close_v2(handle);
}

Database::Database(const std::string& path) : path_(path) {
    sqlite3* handle = nullptr;
    const int result =
        sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    handle_.reset(handle);
    if (result != SQLITE_OK) {
        fail("cannot be opened");
    }
    sqlite3_busy_timeout(handle, patience_ms);
    // FULL: a cell that is done stays done when the power fails.
    run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;");
}

void Database::fail(const std::string& what) const {
    throw Failure(fmt::format(
        "{}: {}: {}", path_, what, handle_ ? sqlite3_errmsg(handle_.get()) : "out of memory"));
}

void Database::run(std::string_view sql) {
    if (sqlite3_exec(handle_.get(), std::string(sql).c_str(), nullptr, nullptr, nullptr) !=
        SQLITE_OK) {
        fail("cannot be used");
    }
}

std::int64_t Database::last_row() const {
    return sqlite3_last_insert_rowid(handle_.get());
}

std::int64_t Database::changed() const {
    return sqlite3_changes(handle_.get());
}

void Statement::Closer::operator()(sqlite3_stmt* handle) const {
    sqlite3_finalize(handle);
}

Statement::Statement(Database& database, std::string_view sql) : database_(database) {
    sqlite3_stmt* handle = nullptr;
    const int result = sqlite3_prepare_v2(
        database.handle(), sql.data(), static_cast<int>(sql.size()), &handle, nullptr);
    handle_.reset(handle);
    if (result != SQLITE_OK) {
        database.fail("is no store of squall, or of another version");
    }
}

Statement& Statement::bind(std::int64_t value) {
    sqlite3_bind_int64(handle_.get(), ++parameter_, value);
    return *this;
}

Statement& Statement::bind(std::string_view value) {
    sqlite3_bind_text(handle_.get(),
                      ++parameter_,
                      value.data(),
                      static_cast<int>(value.size()),
                      SQLITE_TRANSIENT);  // NOLINT: SQLite's own macro.
    return *this;
}

Statement& Statement::bind(double value) {
    sqlite3_bind_double(handle_.get(), ++parameter_, value);
    return *this;
}

bool Statement::next() {
    column_ = 0;
    const int result = sqlite3_step(handle_.get());
    if (result != SQLITE_ROW && result != SQLITE_DONE) {
        database_.fail("cannot be read or written");
    }
    return result == SQLITE_ROW;
}

void Statement::run() {
    while (next()) {
    }
}

void Statement::reset() {
    sqlite3_reset(handle_.get());
    parameter_ = 0;
}

std::int64_t Statement::integer() {
    return sqlite3_column_int64(handle_.get(), column_++);
}

std::string Statement::text() {
    const int column = column_++;
    const auto* bytes = sqlite3_column_text(handle_.get(), column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column));
    return bytes == nullptr ? std::string()
                            : std::string(reinterpret_cast<const char*>(bytes), size);
}

double Statement::number() {
    return sqlite3_column_double(handle_.get(), column_++);
}

Transaction::Transaction(Database& database) : database_(database) {
    database.run("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
    if (open_) {
        // A connection whose rollback fails has rolled back by itself.
        sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
}

void Transaction::commit() {
    database_.run("COMMIT");
    open_ = false;
}

}  // namespace squall::harness::store
