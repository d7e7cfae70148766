// Asks which DKIM keys a domain that takes mail publishes: whether there is
// anything below `_domainkey`; whether a name that nobody has is answered
// there; and the selectors known for its mail providers (`dkim` in
// data/providers.tsv), at most kMaxSelectors of them.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scanner/collect/collector.h"
#include "scanner/collect/dkim_facts.h"
#include "scanner/policy/dkim_key.h"

namespace mxscan {

class DkimCollector final : public Collector {
 public:
  static constexpr int kMaxSelectors = 16;

  // `seed` is the run's, for names that nobody has.
  explicit DkimCollector(uint64_t seed) : seed_(seed) {}

  void Begin(const CheckSubject& subject, CheckLookups& lookups) override;
  void OnAnswer(int part, const Answer& answer, CheckLookups& lookups) override;
  void Fill(CheckFacts& facts) const override;

 private:
  struct Selector {
    std::string name;
    std::string provider;
    bool known = false;
    std::optional<DkimKey> key;
  };

  void AskSelectors(const Provider& provider, CheckLookups& lookups);
  void OnParent(const Answer& answer, CheckLookups& lookups);
  void OnSelector(const Answer& answer, Selector& selector);

  const uint64_t seed_;
  bool asked_ = false;
  Name parent_;
  std::string parent_text_;
  DkimFacts::Below below_ = DkimFacts::Below::kUnknown;
  bool wildcard_known_ = false;
  bool has_wildcard_ = false;
  std::vector<Selector> selectors_;
  TxtSet txt_;
  mutable std::vector<DkimSelector> filled_;  // What Fill's views are of.
};

}  // namespace mxscan
