#include "scanner/report/read_summary.h"

#include "absl/strings/str_cat.h"
#include "scanner/tables/text_file.h"

namespace mxscan {

absl::StatusOr<RunSummary> ReadSummary(const std::string& path) {
  const absl::StatusOr<std::string> text =
      ReadTextFile(path == "-" ? "/dev/stdin" : path);
  if (!text.ok()) return text.status();
  absl::StatusOr<RunSummary> summary = ParseSummary(*text);
  if (summary.ok()) return summary;
  return absl::DataLossError(absl::StrCat(
      path == "-" ? "standard input" : path, ": ", summary.status().message(),
      "; give a file that --summary wrote"));
}

}  // namespace mxscan
