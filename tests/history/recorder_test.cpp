#include "history/recorder.hpp"

#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <unistd.h>

#include <gtest/gtest.h>

#include "history/jsonl.hpp"

namespace squall::history {
namespace {

Event note(std::uint64_t index, std::string text) {
    Event event;
    event.index = index;
    event.text = std::move(text);
    return event;
}

class TemporaryFile {
  public:
    TemporaryFile()
        : path_(std::filesystem::temp_directory_path() /
                ("squall-recorder-" + std::to_string(::getpid()) + ".jsonl")) {}

    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    ~TemporaryFile() { std::filesystem::remove(path_); }

    [[nodiscard]] std::string path() const { return path_.string(); }

  private:
    std::filesystem::path path_;
};

TEST(Recorder, EveryEventIsInTheFileBeforeAppendReturns) {
    const TemporaryFile file;
    FileRecorder recorder(file.path());

    recorder.append(note(0, "first"));
    recorder.append(note(1, "second"));

    const Loaded loaded = load_file(file.path());
    ASSERT_FALSE(loaded.error);
    EXPECT_EQ(loaded.events, recorder.events());
    EXPECT_EQ(loaded.events.size(), 2U);
}

TEST(Recorder, RefusesGapsInTheNumbering) {
    MemoryRecorder recorder;
    recorder.append(note(0, "first"));

    EXPECT_THROW(recorder.append(note(2, "third")), std::logic_error);
}

TEST(Recorder, SaysWhenTheFileCannotBeCreatedOrWritten) {
    EXPECT_THROW(FileRecorder("/nonexistent/history.jsonl"), std::system_error);
    EXPECT_THROW(FileRecorder("/dev/full"), std::system_error);
}

}  // namespace
}  // namespace squall::history
