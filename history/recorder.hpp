// Where events go as they happen. The file recorder hands each line to the kernel with one write()
// before it returns, so that a SIGKILL of the controller loses nothing that was recorded.
#pragma once

#include <string>
#include <vector>

#include "history/event.hpp"

namespace squall::history {

class Recorder {
  public:
    Recorder() = default;
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;
    virtual ~Recorder() = default;

    /// Appends an event whose index is already assigned: indices arrive as 0, 1, 2, ... without
    /// gaps.
    virtual void append(const Event& event) = 0;
};

/// Keeps events in memory.
class MemoryRecorder : public Recorder {
  public:
    void append(const Event& event) override;

    [[nodiscard]] const std::vector<Event>& events() const { return events_; }

  private:
    std::vector<Event> events_;
};

/// Writes JSON Lines to a file and keeps the events in memory for the checkers. Throws
/// std::system_error when the file cannot be created or written (a full disk makes the run void).
class FileRecorder : public MemoryRecorder {
  public:
    explicit FileRecorder(const std::string& path);
    ~FileRecorder() override;
    void append(const Event& event) override;

  private:
    int descriptor_ = -1;
};

}  // namespace squall::history
