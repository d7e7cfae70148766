#include "scanner/classify/address_claims.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"

namespace mxscan {

void AddressClaims::Witness(const IpAddress& address, const Provider* provider,
                            int64_t domains) {
  auto found = claims_.find(address);
  if (found == claims_.end()) {
    if (claims_.size() >= kMostAddresses) return;
    claims_.emplace(address, Claim{provider, domains});
    return;
  }
  Claim& claim = found->second;
  if (claim.provider != provider) claim.provider = nullptr;
  claim.domains += domains;
}

void AddressClaims::Learn(const DomainFacts& facts, const Verdict& verdict) {
  // Two exchanges of a domain with one address are one witness.
  std::vector<IpAddress> seen;
  for (size_t i = 0; i < facts.exchanges.size(); ++i) {
    const Provider* provider = verdict.exchanges[i].named;
    if (provider == nullptr || provider->category == "selfhosted") continue;
    for (const IpAddress& address : facts.exchanges[i].addresses) {
      if (std::ranges::find(seen, address) != seen.end()) continue;
      seen.push_back(address);
      Witness(address, provider, 1);
    }
  }
}

void AddressClaims::Add(const AddressClaims& other) {
  for (const auto& [address, claim] : other.claims_) {
    Witness(address, claim.provider, claim.domains);
  }
}

std::string AddressClaims::ToText() const {
  std::vector<IpAddress> addresses;
  for (const auto& [address, claim] : claims_) {
    if (claim.provider != nullptr && claim.domains >= kWitnesses) {
      addresses.push_back(address);
    }
  }
  std::ranges::sort(addresses);
  std::string text =
      "# Whose these addresses are, by the names of exchanges that so many\n"
      "# domains of one run have. Written by mxscan for --address-evidence.\n"
      "address\tprovider\tdomains\n";
  for (const IpAddress& address : addresses) {
    const Claim& claim = claims_.find(address)->second;
    absl::StrAppend(&text, mxscan::ToText(address), "\t", claim.provider->id,
                    "\t", claim.domains, "\n");
  }
  return text;
}

}  // namespace mxscan
