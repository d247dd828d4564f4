// SQLite as values that close themselves: a connection, a statement, a transaction. Knows no table.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace squall::harness::store {

class Database {
  public:
    /// Opens or creates the file: write-ahead log, every commit on disk, half a minute's patience
    /// with other writers. Throws Failure.
    explicit Database(const std::string& path);

    [[nodiscard]] sqlite3* handle() const { return handle_.get(); }

    [[nodiscard]] const std::string& path() const { return path_; }

    /// One or more statements without results. Throws Failure.
    void run(std::string_view sql);

    [[nodiscard]] std::int64_t last_row() const;
    /// Rows that the last statement changed.
    [[nodiscard]] std::int64_t changed() const;

    /// With the file and what SQLite says.
    [[noreturn]] void fail(const std::string& what) const;

  private:
    struct Closer {
        void operator()(sqlite3* handle) const;
    };

    std::string path_;
    std::unique_ptr<sqlite3, Closer> handle_;
};

/// `database` lives longer. Parameters are bound in the order of the question marks.
class Statement {
  public:
    Statement(Database& database, std::string_view sql);

    Statement& bind(std::int64_t value);
    Statement& bind(std::string_view value);
    Statement& bind(double value);

    /// The next row; false: there is none.
    [[nodiscard]] bool next();

    /// Runs it to its end.
    void run();

    /// To be bound and run again.
    void reset();

    // The columns of the row, in order.

    [[nodiscard]] std::int64_t integer();
    [[nodiscard]] std::string text();
    [[nodiscard]] double number();

  private:
    struct Closer {
        void operator()(sqlite3_stmt* handle) const;
    };

    Database& database_;
    std::unique_ptr<sqlite3_stmt, Closer> handle_;
    int parameter_ = 0;
    int column_ = 0;
};

/// Takes the writer's lock at once, so that it never has to be given up half way. Without `commit`
/// nothing has happened.
class Transaction {
  public:
    explicit Transaction(Database& database);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    void commit();

  private:
    Database& database_;
    bool open_ = true;
};

}  // namespace squall::harness::store
