// Findings as SARIF 2.1.0 (OASIS), the format in which code scanners, editors
// and dashboards take what a tool has found: one run, with a rule for every
// kind of finding and a result for every finding.
//
//   {"$schema": …, "version": "2.1.0", "runs": [{
//     "tool": {"driver": {"name": "mxscan", "rules": [ … ]}},
//     "results": [ … one a line … ],
//     "invocations": [{"executionSuccessful": true}]}]}
//
// Results are written as they come, so that memory does not depend on their
// number; what stands behind them is written at the end, and says whether that
// was the end of the run. A SARIF file is one JSON document, of no use before
// its last octet: whoever opens the sink gives it a destination that appears
// whole.
//
// Text is valid UTF-8 as in all outputs, and braces in a message are doubled,
// as SARIF demands (§3.11.5). One thread.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "output/byte_sink.h"
#include "output/json_cells.h"
#include "output/sink.h"
#include "output/text_chunks.h"

namespace mxscan {

// What is said of a kind of finding, whatever the domain.
struct FindingRule {
  std::string id;
  std::string severity;  // The worst it can be; empty: nobody wants it.
  std::string meaning;
  std::string remedy;
  std::string reference;  // As people cite it.
  std::string help_uri;   // Where that can be read; empty for nowhere.
  std::string group;      // Of --checks.
};

struct SarifOptions {
  std::string version;  // Of mxscan.
  std::vector<FindingRule> rules;
  std::string input_file;     // Of records that name none; empty for no file.
  int64_t started_at_us = 0;  // Unix time.
  bool has_header = false;    // The destination has all before the results,
  bool has_results = false;   // and some of these.
};

class SarifSink final : public Sink {
 public:
  SarifSink(std::unique_ptr<ByteSink> bytes, const SarifOptions& options);

  absl::Status Write(std::span<const Record> records) override;
  absl::Status Flush() override { return chunks_.Flush(); }
  // A mark with anything in `added` has results before it.
  absl::StatusOr<DurableMark> Checkpoint() override;
  Ripeness ripeness() const override { return chunks_.ripeness(); }
  absl::Status Finish() override { return End("true"); }
  absl::Status Suspend() override { return End("false"); }

 private:
  void PutHeader(const SarifOptions& options);
  void PutRule(const FindingRule& rule);
  void PutResult(const Record& record, const FindingRecord& finding);
  void PutLocations(const Record& record, const FindingRecord& finding);
  void PutText(std::string_view before, std::string_view text);
  void PutMessage(std::string_view before, std::string_view text);
  absl::Status End(std::string_view successful);

  TextChunks chunks_;
  JsonCells json_;
  std::map<std::string, int64_t, std::less<>> rule_index_;  // By id.
  const std::string input_file_;
  const int64_t started_at_us_;
  bool has_results_;
  bool results_marked_;
  std::string scratch_;
};

}  // namespace mxscan
