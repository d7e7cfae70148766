// AddressEvidence says whose an address is, for exchanges whose names say
// nothing: `mail.customer.example` may well point into a provider's network.
// It is frozen before the first row, so that a row is the same in whatever
// order, by whatever shard and after whatever interruption it is made.
//
// It comes from two places: the hosts that providers document, resolved before
// the run, and a file that an earlier run wrote of what it saw, tab-separated:
//
//   address  provider  domains
//
// An address that two providers claim is nobody's. Customers' rented servers
// (category `selfhosted`) prove nothing of their neighbours, and are no claim.
//
// The table it was read with must outlive it. Built once, then only read: any
// thread.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "resolver/address.h"
#include "scanner/classify/provider_table.h"

namespace mxscan {

struct IpAddressHash {
  size_t operator()(const IpAddress& address) const noexcept;
};

class AddressEvidence {
 public:
  // Takes the claims of a file over. `name` is what errors call it; they say
  // `name:line: reason`, and then nothing was taken.
  absl::Status Read(std::string_view name, std::string_view text,
                    const ProviderTable& table);

  void Claim(const IpAddress& address, const Provider& provider);

  // Whose all of these addresses are: those of a family, when every one of it
  // is one provider's and none of the other family is another's. Null when
  // nobody can tell.
  const Provider* OwnerOf(absl::Span<const IpAddress> addresses) const;

  bool empty() const { return owners_.empty(); }

 private:
  // Null for an address that is contested.
  absl::flat_hash_map<IpAddress, const Provider*, IpAddressHash> owners_;
};

}  // namespace mxscan
