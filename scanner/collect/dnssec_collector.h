// Tells a lookup that failed for its signatures from one that failed for other
// reasons: SERVFAIL with an extended error that says so (RFC 8914), or SERVFAIL
// where the same question without checks (CD) has an answer. Only behind
// upstreams that validate: of others, CD changes nothing. A server that fails
// by turns would look the same, so whoever has shown an answer is asked once
// more with checks, and only a second SERVFAIL is taken for broken signatures.
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
  // A lookup that failed.
  struct Suspect {
    Name name;
    RrType type;
    std::string text;       // For people; empty for the domain itself.
    bool is_there = false;  // As whoever asks without checks sees.
  };

  void AskUnchecked(NameView name, RrType type, std::string_view text,
                    CheckLookups& lookups);

  bool asked_ = false;
  std::deque<Suspect> suspects_;  // By part.
  std::vector<std::string_view> bogus_;
};

}  // namespace mxscan
