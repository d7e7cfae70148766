// Auditor says what is wrong with a domain's mail, as a pure function of its
// facts and the verdict on them: no question is asked here, no clock is read.
// README.md of this folder says how a check is written.
//
// What it knows from must outlive it. One thread: it keeps its memory from one
// domain to the next.

#pragma once

#include <memory>

#include "absl/types/span.h"
#include "scanner/audit/finding.h"
#include "scanner/audit/finding_table.h"
#include "scanner/audit/provider_hosts.h"
#include "scanner/classify/classifier.h"
#include "scanner/classify/public_suffixes.h"
#include "scanner/facts.h"

namespace mxscan {

struct AuditSources {
  const FindingTable* findings = nullptr;
  const ProviderHosts* hosts = nullptr;
  const ProviderTable* providers = nullptr;
  const PublicSuffixes* suffixes = nullptr;
};

class Auditor {
 public:
  // REQUIRES: all of the sources.
  explicit Auditor(const AuditSources& sources);
  ~Auditor();

  // The findings, most severe first. They hold until the next call, and point
  // into `facts`. REQUIRES: `verdict` is that on `facts`.
  absl::Span<const Finding> Audit(const DomainFacts& facts,
                                  const Verdict& verdict);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mxscan
