// Puts what a survey counted into a run's summary. Pure.

#pragma once

#include "output/run_summary.h"
#include "scanner/classify/provider_table.h"
#include "scanner/survey/survey.h"

namespace mxscan {

// So many top-level domains' providers, and unattributed domains, are told.
inline constexpr size_t kProvidersOfTld = 5;
inline constexpr size_t kMxDomainsTold = 1000;
inline constexpr size_t kNetworksTold = 100;
// From so many different domains on, an unattributed exchange is likely to be
// a provider's.
inline constexpr int kLikelyProvider = 3;
// So many keys of a table go into the summary, for whoever merges it.
inline constexpr size_t kCountersTold = 4096;

// Fills `tlds` and `survey`. REQUIRES: the providers and the number of domains
// with mail are in the summary already.
void FillSurvey(const Survey& survey, const ProviderTable& providers,
                RunSummary& summary);

}  // namespace mxscan
