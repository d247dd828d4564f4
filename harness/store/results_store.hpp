// What suites leave behind from night to night: suites, their cells, the attempts at each cell, the
// failures that were found, what was covered. An interface, so that a team's own database can take
// the place of the file. Knows nothing of how cells are chosen or judged. Every function that
// changes something is one transaction: after a SIGKILL it has happened, or it has not.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace squall::harness::store {

using RowId = std::int64_t;
using UnixMs = std::int64_t;  ///< Milliseconds since 1970, UTC.

/// A process that works on a suite, or did. An id alone may be somebody else's after a reboot.
struct Owner {
    std::string host;
    std::string boot_id;  ///< /proc/sys/kernel/random/boot_id
    std::int64_t pid = 0;
    std::int64_t start_ticks = 0;  ///< When it started, in the kernel's ticks since the boot.
    friend bool operator==(const Owner&, const Owner&) = default;
};

struct NewSuite {
    std::string name;
    std::string fingerprint;  ///< Of the suite file: another text is another suite.
    std::string version;      ///< Of squall.
    std::string directory;    ///< Absolute.
    std::uint64_t seed = 0;
    UnixMs started = 0;
    std::vector<std::string> cells;  ///< Their names, in the order of the file; all different.
};

enum class SuiteState : std::uint8_t { running, finished, abandoned };

struct SuiteRow {
    RowId id = 0;
    std::string name;
    std::string fingerprint;
    std::string version;
    std::string directory;
    std::uint64_t seed = 0;
    UnixMs started = 0;
    UnixMs heartbeat = 0;
    UnixMs ended = 0;             ///< 0: not ended.
    std::int64_t elapsed_ms = 0;  ///< Worked, over all sessions; pauses between them do not count.
    SuiteState state = SuiteState::running;
    std::string verdict;  ///< Of a finished one: valid, unknown, invalid, void.
    Owner owner;          ///< The last one.
};

enum class CellState : std::uint8_t { pending, done, not_run };

struct CellRow {
    RowId id = 0;
    std::uint32_t ordinal = 0;
    std::string name;
    CellState state = CellState::pending;
    std::string verdict;  ///< Of a done one.
    std::string reason;   ///< Why it is not valid, or not run.
};

enum class AttemptState : std::uint8_t { open, ended, lost };

struct AttemptRow {
    RowId id = 0;
    RowId cell = 0;
    std::uint32_t number = 0;  ///< From 1, within the cell.
    AttemptState state = AttemptState::open;
    std::uint64_t first_seed = 0;
    std::uint64_t seeds = 0;
    std::uint64_t ok_operations = 0;
    std::string verdict;
    std::string reason;
    std::string directory;  ///< Relative to the suite's.
    UnixMs started = 0;
    std::int64_t duration_ms = 0;
    std::uint64_t bytes = 0;  ///< What its directory holds; 0: deleted.
};

/// What is known about a failure, and under which signature it stands.
struct NewFailure {
    std::string signature;
    std::string check;     ///< The first violated property.
    std::string reason;    ///< Its sentence.
    std::string evidence;  ///< JSON that the signature was made from, to make it again.
    std::string faults;    ///< Minimal set, such as "kill+partition"; "none".
    std::string command;   ///< That reproduces it.
    double cost_s = 0;     ///< Of reproducing it once, about.
    std::uint64_t seed = 0;
};

struct FailureRow {
    RowId id = 0;
    RowId attempt = 0;
    RowId suite = 0;
    std::string cell;
    std::string version;
    std::string directory;  ///< Of the run, absolute.
    bool kept = true;       ///< The directory is still there.
    UnixMs at = 0;
    NewFailure failure;
};

/// How often a fault met a node in a state: ("kill", "leader") -> 3.
using Coverage = std::map<std::pair<std::string, std::string>, std::uint64_t>;

struct AttemptEnd {
    std::uint64_t seeds = 0;
    std::uint64_t ok_operations = 0;
    std::string verdict;
    std::string reason;
    std::int64_t duration_ms = 0;
    std::uint64_t bytes = 0;
    UnixMs at = 0;
    Coverage covered;
    std::vector<NewFailure> failures;
};

struct CellEnd {
    CellState state = CellState::done;  ///< done or not_run.
    std::string verdict;
    std::string reason;
};

/// A cell's past, by name, in suites of any name.
struct CellPast {
    std::uint64_t attempts = 0;
    std::uint64_t seeds = 0;
    std::uint64_t failures_recent = 0;  ///< Since the time that was asked for.
    std::string last_version;           ///< Of squall, when it last ended.
    std::int64_t attempt_ms = 0;        ///< Mean of an attempt that ended.
    Coverage covered;
};

/// A directory that is still there.
struct KeptRun {
    RowId attempt = 0;
    std::string directory;  ///< Absolute.
    std::string verdict;
    std::vector<std::string> signatures;
    UnixMs at = 0;
    std::uint64_t bytes = 0;
};

class ResultsStore {
  public:
    virtual ~ResultsStore() = default;

    // All of these throw Failure when the store cannot be read or written.

    virtual RowId begin_suite(const NewSuite& suite, const Owner& owner) = 0;

    /// The last one of this name that did not come to its end.
    [[nodiscard]] virtual std::optional<SuiteRow> unfinished(const std::string& name) = 0;

    /// Makes `next` the owner if `last` still is. Attempts that were open are lost from then on.
    [[nodiscard]] virtual bool take_over(RowId suite, const Owner& last, const Owner& next) = 0;

    /// False: somebody else owns it by now.
    [[nodiscard]] virtual bool heartbeat(RowId suite,
                                         const Owner& owner,
                                         std::int64_t elapsed_ms,
                                         UnixMs now) = 0;

    virtual void end_suite(RowId suite,
                           SuiteState state,
                           const std::string& verdict,
                           std::int64_t elapsed_ms,
                           UnixMs now) = 0;

    [[nodiscard]] virtual SuiteRow suite(RowId suite) = 0;
    /// The last `most` of this name, newest first.
    [[nodiscard]] virtual std::vector<SuiteRow> suites(const std::string& name,
                                                       std::size_t most) = 0;
    /// By ordinal.
    [[nodiscard]] virtual std::vector<CellRow> cells(RowId suite) = 0;
    /// In the order in which they began.
    [[nodiscard]] virtual std::vector<AttemptRow> attempts(RowId suite) = 0;

    /// `directory` relative to the suite's. Throws Failure when the cell is done already.
    virtual RowId begin_attempt(RowId cell,
                                std::uint64_t first_seed,
                                const std::string& directory,
                                UnixMs now) = 0;

    /// Ends the attempt and, with it, its cell. Throws Failure when the attempt is not open or the
    /// cell is done already: nothing counts twice.
    virtual void end_attempt(RowId attempt,
                             const AttemptEnd& end,
                             const std::optional<CellEnd>& cell) = 0;

    /// More is known by now about the one failure of an attempt that ended, and its directory holds
    /// more. Throws Failure when it has none, or several.
    virtual void replace_failure(RowId attempt, const NewFailure& failure, std::uint64_t bytes) = 0;

    virtual void end_cell(RowId cell, const CellEnd& end) = 0;

    /// The newest `most`, oldest first, of suites of any name.
    [[nodiscard]] virtual std::vector<FailureRow> failures(std::size_t most) = 0;

    /// By name of the cell. `recent`: since when failures count as recent.
    [[nodiscard]] virtual std::map<std::string, CellPast> past(UnixMs recent) = 0;

    /// Of attempts that ended, oldest first.
    [[nodiscard]] virtual std::vector<KeptRun> kept_runs() = 0;

    /// Its directory is gone.
    virtual void mark_deleted(RowId attempt) = 0;
};

[[nodiscard]] const char* to_string(SuiteState state);
[[nodiscard]] const char* to_string(CellState state);
[[nodiscard]] const char* to_string(AttemptState state);

}  // namespace squall::harness::store
