// A domain that takes mail, and what the checks learn of it from a zone.

#pragma once

#include <string>
#include <string_view>

#include "scanner/collect/check_task.h"
#include "scanner/tables/embedded_tables.h"
#include "tests/support/zone_lookups.h"

namespace mxscan {

class CheckedDomain {
 public:
  explicit CheckedDomain(CheckSet groups) : task_(groups) {
    facts_.status = DomainStatus::kOk;
    facts_.mx_known = true;
    facts_.exchanges.emplace_back().exchange = "mx.example.net";
  }

  // What comes of `domain`, which holds until the next call.
  const CheckFacts& Learn(ZoneLookups& zone,
                          std::string_view domain = "example.com") {
    domain_ = *Name::FromText(domain);
    zone.Run(task_, {facts_, verdict_, domain_, suffixes_, providers_});
    task_.Fill(facts_.checks);
    return facts_.checks;
  }

  DomainFacts& facts() { return facts_; }
  const PublicSuffixes& suffixes() const { return suffixes_; }
  const ProviderTable& providers() const { return providers_; }

 private:
  const PublicSuffixes suffixes_ = *PublicSuffixes::System();
  const ProviderTable providers_ =
      *ProviderTable::Parse("providers.tsv", ProviderTableText());
  Name domain_;
  DomainFacts facts_;
  Verdict verdict_;
  CheckTask task_;
};

}  // namespace mxscan
