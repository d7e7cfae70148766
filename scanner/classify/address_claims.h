// AddressClaims learns from a run whose addresses are whose, for the next one:
// every domain whose exchange is a provider's by its name bears witness that
// the addresses of that exchange are the provider's. It is written as the file
// that AddressEvidence reads.
//
// An address goes into the file when kWitnesses domains agree on one provider
// and none speaks for another. Nothing learnt here touches a row of the run
// that learns it.
//
// Bounded: addresses beyond kMostAddresses are not taken in, the first ones
// stay. One per shard and thread; they are added up at the end.

#pragma once

#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "scanner/classify/address_evidence.h"
#include "scanner/classify/classifier.h"
#include "scanner/facts.h"

namespace mxscan {

class AddressClaims {
 public:
  static constexpr int64_t kWitnesses = 5;
  static constexpr size_t kMostAddresses = size_t{1} << 20;

  // One row.
  void Learn(const DomainFacts& facts, const Verdict& verdict);

  void Add(const AddressClaims& other);

  // The file, sorted by address.
  std::string ToText() const;

 private:
  struct Claim {
    const Provider* provider = nullptr;  // Null once two were named.
    int64_t domains = 0;
  };

  void Witness(const IpAddress& address, const Provider* provider,
               int64_t domains);

  absl::flat_hash_map<IpAddress, Claim, IpAddressHash> claims_;
};

}  // namespace mxscan
