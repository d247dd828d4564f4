#include "harness/store/sqlite_store.hpp"

#include <filesystem>
#include <system_error>

#include "harness/store/schema.hpp"

namespace squall::harness::store {

SqliteStore::SqliteStore(const std::string& path) : database_(path) {
    migrate(database_);
}

std::unique_ptr<ResultsStore> open_sqlite_store(const std::string& path) {
    std::error_code error;
    const std::filesystem::path parent = std::filesystem::path(path).parent_path();
    if (!parent.empty()) {
        std::filesystem::create_directories(parent, error);
    }
    return std::make_unique<SqliteStore>(path);
}

}  // namespace squall::harness::store
