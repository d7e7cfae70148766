#include "scanner/tables/audit_data.h"

#include <utility>

#include "scanner/tables/embedded_tables.h"
#include "scanner/tables/text_file.h"

namespace mxscan {

absl::StatusOr<FindingTable> OpenFindingTable(
    const std::optional<std::string>& path) {
  absl::StatusOr<FindingTable> table =
      FindingTable::Parse("data/findings.tsv", FindingTableText());
  if (!table.ok() || !path) return table;
  const absl::StatusOr<std::string> text = ReadTextFile(*path);
  if (!text.ok()) return text.status();
  absl::Status changed = table->Change(*path, *text);
  if (!changed.ok()) return changed;
  return table;
}

absl::StatusOr<std::unique_ptr<AuditData>> AuditData::Open(
    const DataPaths& paths, const ProviderData& providers) {
  absl::StatusOr<FindingTable> findings = OpenFindingTable(paths.findings);
  if (!findings.ok()) return findings.status();
  return std::unique_ptr<AuditData>(
      new AuditData(*std::move(findings), providers));
}

AuditData::AuditData(FindingTable findings, const ProviderData& providers)
    : findings_(std::move(findings)),
      providers_(providers),
      hosts_(providers.table, providers.suffixes) {}

AuditSources AuditData::sources() const {
  return {.findings = &findings_,
          .hosts = &hosts_,
          .providers = &providers_.table,
          .suffixes = &providers_.suffixes};
}

}  // namespace mxscan
