#include "scanner/journal/journal.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "output/file_error.h"
#include "output/locked_file.h"
#include "output/sync_directory.h"

namespace mxscan {
namespace {

// A journal is written anew when it is this long, and so many times as long as
// it was when that was last done: that keeps it short and costs little.
constexpr int64_t kLong = int64_t{4} << 20;
constexpr int64_t kGrowth = 4;

absl::StatusOr<std::string> ReadAll(int descriptor, const std::string& path) {
  std::string text;
  size_t size = 0;
  while (true) {
    text.resize(size + (size_t{1} << 20));
    const ssize_t read = pread(descriptor, text.data() + size,
                               text.size() - size, static_cast<off_t>(size));
    if (read < 0 && errno == EINTR) continue;
    if (read < 0) return FileError(errno, "read", path);
    if (read == 0) break;
    size += static_cast<size_t>(read);
  }
  text.resize(size);
  return text;
}

}  // namespace

Journal::Journal(std::string path, RunIdentity identity, int locked)
    : path_(std::move(path)), identity_(std::move(identity)), locked_(locked) {}

Journal::~Journal() {
  const bool tells = begun_ || !state_.marks.empty() || state_.complete;
  if (file_ != nullptr && !tells) unlink(path_.c_str());
  if (locked_ >= 0) close(locked_);
}

absl::StatusOr<std::unique_ptr<Journal>> Journal::Open(
    const std::string& path, const RunIdentity& identity, Resume resume) {
  const absl::StatusOr<int> locked = OpenLocked(path, O_RDWR | O_CREAT);
  if (!locked.ok()) return locked.status();
  std::unique_ptr<Journal> journal(new Journal(path, identity, *locked));
  if (absl::Status found = journal->Find(resume); !found.ok()) return found;
  if (journal->state_.complete) return journal;
  absl::Status written = journal->Rewrite(journal->state_);
  if (!written.ok()) return written;
  return journal;
}

absl::Status Journal::Find(Resume resume) {
  const absl::StatusOr<std::string> text = ReadAll(locked_, path_);
  if (!text.ok()) return text.status();
  if (text->empty()) return absl::OkStatus();  // Just made.
  const absl::StatusOr<JournalContent> content = ReadJournal(*text);
  if (content.ok()) return Examine(*content, resume);
  const std::string why(content.status().message());
  return absl::DataLossError(
      absl::StrCat("cannot use ", path_, ": ", why,
                   "; remove it, and what it stands beside is begun anew"));
}

absl::Status Journal::Examine(const JournalContent& content, Resume resume) {
  const JournalState& state = content.state;
  const bool interrupted = !state.complete && !state.marks.empty();
  if (resume == Resume::kNo) {
    if (!interrupted) return absl::OkStatus();
    return absl::AlreadyExistsError(absl::StrCat(
        "an interrupted run of ", state.rows.rows(), " rows is here (", path_,
        "); --resume goes on with it; to begin anew, remove that file"));
  }
  if (!interrupted && !state.complete) return absl::OkStatus();
  const std::string differences = Differences(content.identity, identity_);
  if (!differences.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot go on with the run in ", path_, ": ", differences,
                     "; make it as it was, or remove that file to begin anew"));
  }
  state_ = state;
  resumed_ = interrupted;
  if (state_.run) state_.earlier.push_back(*std::move(state_.run));
  state_.run.reset();
  return absl::OkStatus();
}

absl::Status Journal::Rewrite(const JournalState& state) {
  const std::string beside = path_ + ".tmp";
  absl::StatusOr<std::unique_ptr<FileWriter>> file = FileWriter::Create(beside);
  if (!file.ok()) return file.status();
  JournalLines lines;
  const bool begun = !state.marks.empty() || state.complete;
  std::string text = lines.Next(HeaderJson(identity_, begun));
  if (begun) text += lines.Next(EntryJson(state));
  if (absl::Status put = (*file)->Write(text); !put.ok()) return put;
  const absl::StatusOr<FileMark> durable = (*file)->Checkpoint();
  if (!durable.ok()) return durable.status();
  if (rename(beside.c_str(), path_.c_str()) != 0) {
    return FileError(errno, "replace", path_);
  }
  SyncDirectoryOf(path_);
  // The new file is locked as well, so at no moment is there none that is.
  file_ = *std::move(file);
  if (locked_ >= 0) close(std::exchange(locked_, -1));
  lines_ = lines;
  written_ = rewritten_ = durable->bytes;
  return absl::OkStatus();
}

absl::Status Journal::Append(const JournalState& entry) {
  const std::string line = lines_.Next(EntryJson(entry));
  if (absl::Status put = file_->Write(line); !put.ok()) return put;
  const absl::StatusOr<FileMark> durable = file_->Checkpoint();
  if (!durable.ok()) return durable.status();
  state_.Append(entry);
  written_ = durable->bytes;
  if (written_ < kLong || written_ < kGrowth * rewritten_) {
    return absl::OkStatus();
  }
  return Rewrite(state_);
}

absl::Status Journal::Complete(bool kept) {
  state_.complete = true;
  if (kept) return Rewrite(state_);
  if (unlink(path_.c_str()) != 0 && errno != ENOENT) {
    return FileError(errno, "remove", path_);
  }
  SyncDirectoryOf(path_);
  return absl::OkStatus();
}

}  // namespace mxscan
