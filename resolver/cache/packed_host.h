// PackedHost is a Host in as few octets as it needs, in one piece and without
// pointers: as it lies in the cache and travels between shards.
//
//   PackedHost | name | end, if another | 4 octets an IPv4 address
//              | 16 octets an IPv6 address
//
// Only our own code packs hosts, so unpacking trusts what it finds.

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "resolver/host.h"

namespace mxscan {

// Where the addresses of an unpacked host live.
struct HostAddresses {
  std::vector<IpAddress> a;
  std::vector<IpAddress> aaaa;
};

struct PackedHost {
  uint16_t a_count;
  uint16_t aaaa_count;
  uint8_t name_size;
  uint8_t end_size;  // 0 when the name is its own end.
  uint8_t a;         // Outcome and AD.
  uint8_t aaaa;

  // Octets that `host` takes, this struct included.
  static size_t SizeOf(const Host& host);

  // REQUIRES: this lies at the head of SizeOf(host) octets.
  void Pack(const Host& host);

  NameView name() const { return NameView::Trusted({octets(), name_size}); }
  NameView end() const {
    if (end_size == 0) return name();
    return NameView::Trusted({octets() + name_size, end_size});
  }

  // Fills `host`, which views this and `addresses`.
  void Unpack(HostAddresses& addresses, Host& host) const;

 private:
  const uint8_t* octets() const {
    return reinterpret_cast<const uint8_t*>(this + 1);
  }
};

}  // namespace mxscan
