// CheckFacts is what was learnt of a domain for the checks beyond its MX
// records: for each group a struct of plain facts, nullopt where the group is
// off or had nothing to ask of this domain. Each says of every lookup whether
// anybody could say: unknown is not absent.
//
// Views hold as long as those of DomainFacts.

#pragma once

#include <optional>
#include <string_view>

#include "resolver/question.h"
#include "scanner/collect/dane_facts.h"
#include "scanner/collect/dkim_facts.h"
#include "scanner/collect/dmarc_facts.h"
#include "scanner/collect/dnssec_facts.h"
#include "scanner/collect/extra_facts.h"
#include "scanner/collect/mta_sts_facts.h"
#include "scanner/collect/ptr_facts.h"
#include "scanner/collect/spf_facts.h"
#include "scanner/collect/tls_rpt_facts.h"

namespace mxscan {

// A lookup that a finding depends on, and to which nobody gave an answer.
struct FailedLookup {
  std::string_view name;
  RrType type = RrType::kTxt;  // kA stands for A or AAAA, or both.
  bool is_file = false;        // A file was wanted from that host, no record.
};

struct CheckFacts {
  std::optional<SpfFacts> spf;
  std::optional<DmarcFacts> dmarc;
  std::optional<MtaStsFacts> mta_sts;
  std::optional<TlsRptFacts> tls_rpt;
  std::optional<DaneFacts> dane;
  std::optional<DnssecFacts> dnssec;
  std::optional<DkimFacts> dkim;
  std::optional<PtrFacts> ptr;
  std::optional<ExtraFacts> extra;
  // Of all that failed the first by type, then name; files are last.
  std::optional<FailedLookup> failed;
};

}  // namespace mxscan
