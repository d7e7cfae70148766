// Journal is the file beside an output from which an interrupted run goes on:
// which rows its outputs hold for good, and what a summary must know of them.
// journal_state.h says what is in it.
//
// It is locked (locked_file.h) as long as it is open: two runs never share an
// output. An entry is durable when Append returns. A journal that has grown
// long is written anew beside its place, and renamed.
//
// One thread at a time.

#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "output/file_writer.h"
#include "scanner/journal/journal_lines.h"
#include "scanner/journal/journal_state.h"
#include "scanner/journal/run_identity.h"

namespace mxscan {

class Journal {
 public:
  // Whether an interrupted run is to be gone on with.
  enum class Resume : uint8_t { kNo, kYes };

  // Opens the journal at `path` for a run that is `identity`, and makes it if
  // there is none. Without kYes, an interrupted run that has rows is refused
  // (kAlreadyExists), for its outputs would be overwritten. With kYes, one that
  // was of something else is (kFailedPrecondition, saying what differs), and
  // so is a journal that is damaged from its beginning on (kDataLoss).
  static absl::StatusOr<std::unique_ptr<Journal>> Open(
      const std::string& path, const RunIdentity& identity, Resume resume);

  // Removes a journal that tells of nothing: no checkpoint, no Begin.
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  // What runs before this one, and Append, said so far.
  const JournalState& state() const { return state_; }

  // Another run is gone on with; it has rows.
  bool resumed() const { return resumed_; }

  // The outputs are open: whatever is in them from now on is this run's.
  void Begin() { begun_ = true; }

  // What `entry` adds to the state.
  absl::Status Append(const JournalState& entry);

  // Every line has its row, and the outputs are whole. With `kept`, the
  // journal stays to tell it to whoever would resume; else it goes.
  absl::Status Complete(bool kept);

 private:
  Journal(std::string path, RunIdentity identity, int locked);

  absl::Status Find(Resume resume);
  absl::Status Examine(const JournalContent& content, Resume resume);
  absl::Status Rewrite(const JournalState& state);

  const std::string path_;
  const RunIdentity identity_;
  int locked_;  // The file that was found; -1 once there is another.
  std::unique_ptr<FileWriter> file_;
  JournalLines lines_;
  int64_t written_ = 0;    // Bytes,
  int64_t rewritten_ = 0;  // and of them those by Rewrite.
  JournalState state_;
  bool resumed_ = false;
  bool begun_ = false;
};

}  // namespace mxscan
