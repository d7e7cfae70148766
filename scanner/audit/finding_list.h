// FindingList gathers the findings of one domain. Every check adds through it,
// so that what holds for all findings is done here and nowhere else: severities
// are the table's, a finding that is off is left out, the same thing is said
// once, and the order does not depend on the order of the checks or of the
// records: the most severe first, then by id, subject and detail.
//
// It keeps its memory from one domain to the next. One thread.

#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "scanner/audit/finding.h"
#include "scanner/audit/finding_table.h"

namespace mxscan {

class FindingList {
 public:
  // `table` must outlive the list.
  explicit FindingList(const FindingTable& table) : table_(table) {}

  void Clear();

  // `subject` and `detail` must live as long as the findings are read.
  void Add(FindingId id, std::string_view subject = {},
           std::string_view detail = {}, int64_t number = 0) {
    AddCase(id, Case::kWorse, subject, detail, number);
  }
  void AddCase(FindingId id, Case which, std::string_view subject = {},
               std::string_view detail = {}, int64_t number = 0);

  // Text that lives until Clear, for what stands in no fact as text.
  std::string_view Keep(std::string text);

  // To be called once all checks have added theirs.
  void Settle();

  // REQUIRES: settled.
  absl::Span<const Finding> findings() const { return findings_; }

 private:
  const FindingTable& table_;
  std::vector<Finding> findings_;
  std::deque<std::string> kept_;
};

}  // namespace mxscan
