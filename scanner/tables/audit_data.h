// The data that the audit goes by: the table of findings, ours with what the
// user changed in it, and what the table of providers says of exchanges.
// Opened once, then only read: any thread.

#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "scanner/audit/auditor.h"
#include "scanner/audit/finding_table.h"
#include "scanner/audit/provider_hosts.h"
#include "scanner/tables/provider_data.h"

namespace mxscan {

// Our table; with a `path`, changed by the user's table there.
absl::StatusOr<FindingTable> OpenFindingTable(
    const std::optional<std::string>& path);

class AuditData {
 public:
  // `providers` must outlive it.
  static absl::StatusOr<std::unique_ptr<AuditData>> Open(
      const DataPaths& paths, const ProviderData& providers);

  // What points into this and into the providers.
  AuditSources sources() const;

 private:
  AuditData(FindingTable findings, const ProviderData& providers);

  const FindingTable findings_;
  const ProviderData& providers_;
  const ProviderHosts hosts_;
};

}  // namespace mxscan
