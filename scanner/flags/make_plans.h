// From what the user typed to plans: what every value means, which are
// allowed, and what a message says of those that are not. One function for
// each command, in a file named after it (scan_flags.cc). They read the files
// that flags name; any thread.

#pragma once

#include "absl/status/statusor.h"
#include "scanner/flags/flags.h"
#include "scanner/flags/typed_flags.h"
#include "scanner/plan.h"

namespace mxscan {

absl::StatusOr<ScanPlan> MakeScanPlan(const TypedFlags& typed,
                                      const Environment& environment);
absl::StatusOr<DemoPlan> MakeDemoPlan(const TypedFlags& typed,
                                      const Environment& environment);
absl::StatusOr<ClassifyPlan> MakeClassifyPlan(const TypedFlags& typed,
                                              const Environment& environment);
absl::StatusOr<ProvidersPlan> MakeProvidersPlan(const TypedFlags& typed,
                                                const Environment& environment);
absl::StatusOr<ExplainPlan> MakeExplainPlan(const TypedFlags& typed,
                                            const Environment& environment);
// These are in completion.cc, man_page.cc and help_page.cc.
absl::StatusOr<PrintPlan> MakeCompletionPlan(const TypedFlags& typed,
                                             const Environment& environment);
absl::StatusOr<PrintPlan> MakeManPlan(const TypedFlags& typed,
                                      const Environment& environment);
absl::StatusOr<PrintPlan> MakeHelpPlan(const TypedFlags& typed,
                                       const Environment& environment);
absl::StatusOr<VerifyPlan> MakeVerifyPlan(const TypedFlags& typed,
                                          const Environment& environment);
absl::StatusOr<ReportPlan> MakeReportPlan(const TypedFlags& typed,
                                          const Environment& environment);
absl::StatusOr<MergePlan> MakeMergePlan(const TypedFlags& typed,
                                        const Environment& environment);

}  // namespace mxscan
