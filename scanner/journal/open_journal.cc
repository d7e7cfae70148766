#include "scanner/journal/open_journal.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "output/dataset_files.h"
#include "scanner/journal/resumable.h"

namespace mxscan {
namespace {

namespace fs = std::filesystem;
using OpenedJournal = absl::StatusOr<std::unique_ptr<Journal>>;
using Resume = Journal::Resume;

// Something is there, and more than an empty file.
bool HoldsRows(const OutputFile& output) {
  std::error_code ignored;
  return fs::exists(output.path, ignored) &&
         !fs::is_empty(output.path, ignored);
}

// Nothing will be gone on with here. What is there may be, though.
absl::Status ClearJournal(const std::string& path) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return absl::OkStatus();
  return Journal::Open(path, RunIdentity(), Resume::kNo).status();
}

// A journal that is not there says nothing of an output that is: it may be
// whole, or somebody else's.
absl::Status CheckOutputs(const ScanPlan& plan, const std::string& path) {
  const auto there = std::ranges::find_if(plan.outputs, HoldsRows);
  if (there == plan.outputs.end()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "cannot go on with ", there->path, ": there is no journal of its run (",
      path,
      "), so it may be complete; remove it, or leave out --resume, to "
      "begin anew"));
}

// The journal of a dataset is in its directory.
absl::Status MakeDatasets(const ScanPlan& plan) {
  for (const OutputFile& output : plan.outputs) {
    if (!output.path.ends_with('/')) continue;
    absl::Status made = MakeDurableDirectory(WithoutSlash(output.path));
    if (!made.ok()) return made;
  }
  return absl::OkStatus();
}

// The run cannot be gone on with, but it can be done.
bool IsOnlyAboutPlace(const absl::Status& status) {
  return absl::IsPermissionDenied(status) || absl::IsNotFound(status) ||
         absl::IsInvalidArgument(status);
}

}  // namespace

OpenedJournal OpenJournalOf(const ScanPlan& plan,
                            const std::string& provider_table) {
  const std::string path = JournalPathOf(plan);
  if (WhyNotResumable(plan)) {
    absl::Status cleared = ClearJournal(path);
    if (!cleared.ok()) return cleared;
    return nullptr;
  }
  std::error_code ignored;
  if (plan.resume && !fs::exists(path, ignored)) {
    absl::Status checked = CheckOutputs(plan, path);
    if (!checked.ok()) return checked;
  }
  if (absl::Status made = MakeDatasets(plan); !made.ok()) return made;
  const absl::StatusOr<RunIdentity> identity = IdentityOf(plan, provider_table);
  if (!identity.ok()) return identity.status();
  OpenedJournal journal =
      Journal::Open(path, *identity, plan.resume ? Resume::kYes : Resume::kNo);
  if (!journal.ok()) {
    // Where the output cannot be either, opening it says so in its own name.
    if (IsOnlyAboutPlace(journal.status()) && !plan.resume) return nullptr;
    return journal;
  }
  const bool all_there = std::ranges::all_of(plan.outputs, HoldsRows);
  if (!(*journal)->state().complete || all_there) return journal;
  journal->reset();
  return Journal::Open(path, *identity, Resume::kNo);
}

}  // namespace mxscan
