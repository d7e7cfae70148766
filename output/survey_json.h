// The keys of a summary that are about the market, written and read. Between
// the files of the summary only.

#pragma once

#include <nlohmann/json.hpp>

#include "output/run_summary.h"

namespace mxscan {

// Adds them to `json`, from `mailboxes` to `networks`; and, for the end of the
// file, what they were added up from.
void AddSurvey(const RunSummary& summary, nlohmann::ordered_json& json);
void AddCounters(const RunSummary& summary, nlohmann::ordered_json& json);

// Throws what the library throws. Summaries of before there were any have
// none.
void ReadSurvey(const nlohmann::ordered_json& json, RunSummary& summary);

// `part` of `whole`, 0 to 1; null where there is no whole.
nlohmann::ordered_json Share(int64_t part, int64_t whole);

// As many decimals as mean something to people.
double Round(double value, int decimals);

}  // namespace mxscan
