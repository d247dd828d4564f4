// A store of its own for each test, removed at the end.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include <gtest/gtest.h>

#include "harness/store/results_store.hpp"

namespace squall::harness::store {

class StoreFile : public ::testing::Test {
  protected:
    StoreFile() {
        std::string pattern = ::testing::TempDir() + "squall-store-XXXXXX";
        directory_ = ::mkdtemp(pattern.data());
        path_ = directory_ + "/results.db";
    }

    ~StoreFile() override {
        std::error_code ignored;
        std::filesystem::remove_all(directory_, ignored);
    }

    std::string directory_;
    std::string path_;
};

inline NewSuite two_cells(const std::string& name = "nightly") {
    return {.name = name,
            .fingerprint = "f1",
            .version = "v1",
            .directory = "/runs/one",
            .seed = 0xFFFF'FFFF'FFFF'FFFFU,
            .started = 1000,
            .cells = {"a", "b"}};
}

inline const Owner first{.host = "h", .boot_id = "b1", .pid = 10, .start_ticks = 5};
inline const Owner second{.host = "h", .boot_id = "b2", .pid = 10, .start_ticks = 7};

}  // namespace squall::harness::store
