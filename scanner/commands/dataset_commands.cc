#include "scanner/commands/dataset_commands.h"

#include <cinttypes>
#include <cstdio>
#include <string>
#include <vector>

#include "output/dataset_check.h"
#include "output/dataset_merge.h"
#include "output/run_summary.h"
#include "scanner/commands/exit_codes.h"
#include "scanner/summary/merge_summaries.h"
#include "scanner/tables/provider_data.h"
#include "scanner/tables/text_file.h"

namespace mxscan {
namespace {

constexpr int kFailed = 1;

// On standard output, as what the command was asked for.
void PrintFaults(const std::vector<std::string>& faults) {
  for (const std::string& fault : faults) std::printf("%s\n", fault.c_str());
}

void PrintSums(const std::string& directory, const Manifest& manifest,
               const char* verdict) {
  std::printf("%s: %zu parts, %" PRId64 " rows, %" PRId64 " bytes: %s\n",
              directory.c_str(), manifest.parts.size(), manifest.rows(),
              manifest.bytes(), verdict);
}

int EndedWell() { return std::fflush(stdout) == 0 ? 0 : kFailed; }

absl::StatusOr<RunSummary> ReadAndMerge(const MergePlan& plan) {
  std::vector<NamedSummary> parts;
  for (const std::string& path : plan.directories) {
    const absl::StatusOr<std::string> text = ReadTextFile(path);
    if (!text.ok()) return text.status();
    absl::StatusOr<RunSummary> summary = ParseSummary(*text);
    if (!summary.ok()) {
      return absl::InvalidArgumentError(
          path + ": " + std::string(summary.status().message()));
    }
    parts.push_back({path, *std::move(summary)});
  }
  const absl::StatusOr<ProviderText> text = ReadProviderText(std::nullopt);
  if (!text.ok()) return text.status();
  const absl::StatusOr<ProviderTable> table =
      ProviderTable::Parse(text->name, text->text);
  if (!table.ok()) return table.status();
  return MergeSummaries(parts, *table);
}

int MergeSummaryFiles(const MergePlan& plan) {
  const absl::StatusOr<RunSummary> sum = ReadAndMerge(plan);
  if (!sum.ok()) return ReportFailure(sum.status());
  const absl::Status written = WriteSummary(*sum, plan.output);
  if (!written.ok()) return ReportFailure(written);
  std::printf("%s: %" PRId64 " rows of %zu summaries: merged\n",
              plan.output.c_str(), sum->input.rows, plan.directories.size());
  return EndedWell();
}

}  // namespace

int VerifyCommand(const VerifyPlan& plan) {
  size_t faults = 0;
  for (const std::string& directory : plan.directories) {
    const DatasetVerdict verdict = CheckDataset(directory);
    PrintFaults(verdict.faults);
    faults += verdict.faults.size();
    if (!verdict.faults.empty()) continue;
    PrintSums(directory, *verdict.manifest, "as they were written");
  }
  const int ended = EndedWell();
  if (faults == 0) return ended;
  std::fprintf(stderr, "mxscan: verify: %zu things are wrong\n", faults);
  return kFailed;
}

int MergeCommand(const MergePlan& plan) {
  if (plan.summaries) return MergeSummaryFiles(plan);
  const MergeResult result = MergeDatasets(plan.directories, plan.output);
  if (result.faults.empty()) {
    PrintSums(plan.output, result.manifest, "merged");
    return EndedWell();
  }
  PrintFaults(result.faults);
  std::fflush(stdout);
  std::fprintf(stderr, "mxscan: merge: nothing was merged into %s\n",
               plan.output.c_str());
  return kFailed;
}

}  // namespace mxscan
