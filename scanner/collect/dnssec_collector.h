// Tells a lookup that failed for its signatures from one that failed for other
// reasons: SERVFAIL with an extended error that says so (RFC 8914), or SERVFAIL
// where the same question without checks (CD) has an answer. Only behind
// upstreams that validate: of others, CD changes nothing.
//
// It looks at the domain's MX and at the addresses of its exchanges.

#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/collect/collector.h"
#include "scanner/collect/dnssec_facts.h"

namespace mxscan {

class DnssecCollector final : public Collector {
 public:
  void Begin(const CheckSubject& subject, CheckLookups& lookups) override;
  void OnAnswer(int part, const Answer& answer, CheckLookups& lookups) override;
  // What fails here has failed, and been told, before.
  bool Matters(int) const override { return false; }
  void Fill(CheckFacts& facts) const override;

 private:
  void CheckMx(const CheckSubject& subject, CheckLookups& lookups);
  void CheckHosts(const CheckSubject& subject, CheckLookups& lookups);
  void Ask(const std::string& name, RrType type, CheckLookups& lookups);

  bool asked_ = false;
  std::deque<std::string> names_;  // By part; the domain's is empty.
  std::vector<std::string_view> bogus_;
};

}  // namespace mxscan
