// FindingTable holds data/findings.tsv: what is said of each finding, and how
// severe it is,
//   id  group  severity  message  meaning  remedy  reference
//
// `severity` is error, warning or info; or two of them with a comma between,
// where the case makes the difference (`Case`): the worse one, the milder one.
// A user's table may also say off. `message` is one sentence about one domain,
// in which {domain}, {subject}, {detail} and {number} stand for what was seen;
// `meaning` says the same of all, `remedy` what to do.
//
// A user's table changes the rows that it has and leaves the others as they
// are; an empty field leaves what was there.
//
// Read once, then only read: any thread.

#pragma once

#include <array>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "scanner/audit/finding.h"

namespace mxscan {

struct FindingEntry {
  FindingId id;
  std::string group;
  Severity worse = Severity::kError;
  Severity milder = Severity::kError;  // `worse` where there is one only.
  std::string message;
  std::string meaning;
  std::string remedy;
  std::string reference;
};

class FindingTable {
 public:
  // `name` is what errors call the file; they say `name:line: reason`. Fails
  // unless every id has its row.
  static absl::StatusOr<FindingTable> Parse(std::string_view name,
                                            std::string_view text);

  // Takes the rows of a user's table over; on an error it has taken none.
  absl::Status Change(std::string_view name, std::string_view text);

  const FindingEntry& entry(FindingId id) const {
    return entries_[static_cast<size_t>(id)];
  }
  absl::Span<const FindingEntry> entries() const { return entries_; }

  Severity SeverityOf(FindingId id, Case which) const {
    const FindingEntry& found = entry(id);
    return which == Case::kWorse ? found.worse : found.milder;
  }

 private:
  std::array<FindingEntry, kFindingCount> entries_;
};

}  // namespace mxscan
