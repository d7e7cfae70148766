// Makes the output row of one domain from what was learnt of it and what that
// means: the only bridge from this room to output/. Pure but for the batch it
// fills; one thread.

#pragma once

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "output/record.h"
#include "scanner/audit/finding.h"
#include "scanner/audit/finding_table.h"
#include "scanner/classify/classifier.h"
#include "scanner/facts.h"

namespace mxscan {

// Names that rows refer to by index. Must outlive every batch.
struct RowNames {
  std::vector<std::string> inputs;     // By InputLine::file; empty: no file.
  std::vector<std::string> upstreams;  // By AnswerHeader::upstream.
  bool several_inputs = false;         // The input_file column is wanted.
  bool finding_rows = false;           // A row for every finding is.
};

// Adds the row to `batch`, which gets a copy of everything that is not
// permanent. `findings` are those of the domain, the most severe first, and
// `texts` what is said of them, which must outlive every batch.
void ToRecord(const DomainFacts& facts, const Verdict& verdict,
              absl::Span<const Finding> findings, const FindingTable& texts,
              const RowNames& names, RecordBatch& batch);

}  // namespace mxscan
