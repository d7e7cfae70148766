// What a journal says, and how it says it in JSON. The first line of a journal
// is its header; every other one is an entry: a checkpoint, or a rewriting of
// all before it, or the word that the run is complete.
//
//   {"journal":2,"begun":false,"facts":{"--skip":"0",...}}
//   {"marks":[{"state":"812 0f..","added":[]}],"places":"40 1 3",
//    "rows":{"status":{"ok":43},"provider":{..},"category":{..},
//            "finding":{"error mx_none_usable":2},
//            "survey":{"tld":"0 com,43",..}},
//    "run":{the run's figures, as a summary}}
//   {"complete":true,"rows":{..}}
//
// Marks and rows of an entry add to those before; `places` and `run` replace
// them; `earlier`, the figures of earlier runs, is in a rewriting only, whose
// header says `begun`. What sinks added is octets, so it is in base64.
//
// Pure; any thread.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "output/durable_mark.h"
#include "output/run_summary.h"
#include "scanner/journal/run_identity.h"
#include "scanner/summary/tally.h"

namespace mxscan {

struct JournalState {
  std::vector<DurableMark> marks;   // By output; none before a checkpoint.
  std::string places = "0";         // A PlaceSet.
  Tally rows;                       // Of all runs.
  std::vector<RunSummary> earlier;  // Runs that ended, the first one first.
  std::optional<RunSummary> run;    // The one that goes on, or did.
  bool complete = false;

  // Says of the next entry what it adds to this.
  void Append(JournalState entry);
};

// `begun`: an entry stands behind the header from the first.
std::string HeaderJson(const RunIdentity& identity, bool begun);
std::string EntryJson(const JournalState& entry);

struct JournalContent {
  RunIdentity identity;
  JournalState state;
};

// Reads a whole journal, up to where it is damaged: what came after that is
// asked again. kDataLoss when no checkpoint is left, though there was one, and
// when it was written by another version of this file.
absl::StatusOr<JournalContent> ReadJournal(std::string_view text);

}  // namespace mxscan
