// NetworkMemory remembers the networks of the addresses seen last: a look-up
// takes about a microsecond, and a few thousand hosts serve most domains.
// Direct-mapped by the hash of the address: a newcomer takes the place of
// whoever stands there.
//
// The table must outlive the memory. One thread.

#pragma once

#include <vector>

#include "scanner/classify/address_evidence.h"
#include "scanner/classify/network_table.h"

namespace mxscan {

class NetworkMemory {
 public:
  explicit NetworkMemory(const NetworkTable& table) : table_(table) {}

  const Network& Find(const IpAddress& address) {
    Slot& slot = slots_[IpAddressHash()(address) % kSlots];
    if (!slot.used || slot.address != address) {
      slot = {address, true, table_.Find(address)};
    }
    return slot.network;
  }

 private:
  static constexpr size_t kSlots = 8192;  // 512 KiB in all.

  struct Slot {
    IpAddress address;
    bool used = false;
    Network network;
  };

  const NetworkTable& table_;
  std::vector<Slot> slots_ = std::vector<Slot>(kSlots);
};

}  // namespace mxscan
