// The checks, a file for each kind of thing that they look at. Each is a pure
// function that adds what it finds; the order in which they are called means
// nothing. Everything they may know is in a CheckContext.
//
// A check that speaks of something missing says so only where working servers
// have settled it: see mx_view.h.

#pragma once

#include <vector>

#include "scanner/audit/auditor.h"
#include "scanner/audit/finding_list.h"
#include "scanner/audit/mx_view.h"
#include "scanner/facts.h"

namespace mxscan {

struct CheckContext {
  const AuditSources& sources;
  const DomainFacts& facts;
  const Verdict& verdict;
  const MxView& mx;
  FindingList& out;

  // Mail can be sent to the domain.
  bool TakesMail() const {
    return facts.status == DomainStatus::kOk ||
           facts.status == DomainStatus::kImplicitMx;
  }
};

// row_checks.cc: what the row as a whole says: no MX, null MX, aliases at the
// domain, lookups that failed.
void CheckRow(const CheckContext& context);

// name_checks.cc: the names of exchanges, before any question.
void CheckNames(const CheckContext& context);

// target_checks.cc: what the exchanges resolve to, each and all together.
void CheckTargets(const CheckContext& context);

// address_checks.cc: addresses that no mail server has.
void CheckAddresses(const CheckContext& context);

// redundancy_checks.cc: how much stands behind the domain's mail, in which
// order, for how long. `scratch` is for use within the call.
void CheckRedundancy(const CheckContext& context,
                     std::vector<const MxHost*>& scratch);

// provider_checks.cc: who runs the exchanges, and whether they fit together.
void CheckProviders(const CheckContext& context);

// The groups beyond `mx`, each in a file of its own.
// REQUIRES: its member of facts.checks is there.

// spf_checks.cc
void CheckSpf(const CheckContext& context);

// dmarc_checks.cc
void CheckDmarc(const CheckContext& context);

// parked_checks.cc: domains that take no mail.
// REQUIRES: both spf and dmarc.
void CheckParked(const CheckContext& context);

// dane_checks.cc
void CheckDane(const CheckContext& context);
void CheckDnssec(const CheckContext& context);

// mta_sts_checks.cc
void CheckMtaSts(const CheckContext& context);

// tls_rpt_checks.cc
void CheckTlsRpt(const CheckContext& context);

// dkim_checks.cc
void CheckDkim(const CheckContext& context);

// ptr_checks.cc
void CheckPtr(const CheckContext& context);

// extra_checks.cc
void CheckExtra(const CheckContext& context);

}  // namespace mxscan
