// Which addresses a mail server on the Internet cannot have: those of the
// IANA special-purpose registries, and what lies outside global unicast.
//
// An IPv4 address inside an IPv6 one (mapped ::ffff:0:0/96, NAT64 64:ff9b::/96,
// 6to4 2002::/16) is judged by itself first; if it is global, the form still
// is nothing that a mail server has: kReserved.
//
// Pure; any thread.

#pragma once

#include <cstdint>

#include "resolver/address.h"

namespace mxscan {

enum class AddressKind : uint8_t {
  kGlobal,    // Global unicast: the only usable kind.
  kLoopback,  // 127/8, 0/8, ::1, ::.
  kPrivate,   // Private, shared, link-local, unique-local, site-local.
  kReserved,  // Any other that is not globally reachable.
};

AddressKind KindOf(const IpAddress& address);

}  // namespace mxscan
