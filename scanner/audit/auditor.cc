#include "scanner/audit/auditor.h"

#include <vector>

#include "scanner/audit/checks.h"
#include "scanner/audit/finding_list.h"
#include "scanner/audit/mx_view.h"

namespace mxscan {

struct Auditor::State {
  explicit State(const AuditSources& known)
      : sources(known), list(*known.findings) {}

  const AuditSources sources;
  FindingList list;
  MxView mx;
  std::vector<const MxHost*> scratch;
};

namespace {

void CheckGroups(const CheckContext& context) {
  const CheckFacts& checks = context.facts.checks;
  if (checks.spf) CheckSpf(context);
  if (checks.dmarc) CheckDmarc(context);
  if (checks.spf && checks.dmarc) CheckParked(context);
  if (checks.mta_sts) CheckMtaSts(context);
  if (checks.dane) CheckDane(context);
  if (checks.dnssec) CheckDnssec(context);
  if (checks.tls_rpt) CheckTlsRpt(context);
  if (checks.dkim) CheckDkim(context);
  if (checks.ptr) CheckPtr(context);
  if (checks.extra) CheckExtra(context);
}

}  // namespace

Auditor::Auditor(const AuditSources& sources)
    : state_(std::make_unique<State>(sources)) {}
Auditor::~Auditor() = default;

absl::Span<const Finding> Auditor::Audit(const DomainFacts& facts,
                                         const Verdict& verdict) {
  State& state = *state_;
  state.list.Clear();
  if (facts.status == DomainStatus::kInvalidInput) return {};
  state.mx.Read(facts, verdict, *state.sources.hosts);
  const CheckContext context = {state.sources, facts, verdict, state.mx,
                                state.list};
  CheckRow(context);
  if (!state.mx.hosts().empty()) {
    CheckNames(context);
    CheckTargets(context);
    CheckAddresses(context);
    CheckRedundancy(context, state.scratch);
    CheckProviders(context);
  }
  CheckGroups(context);
  state.list.Settle();
  return state.list.findings();
}

}  // namespace mxscan
