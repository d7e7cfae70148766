#include "scanner/audit/special_addresses.h"

#include <gtest/gtest.h>

#include <string_view>

namespace mxscan {
namespace {

using enum AddressKind;

AddressKind Kind(std::string_view text) {
  return KindOf(*IpAddress::FromText(text));
}

// The last address below each block, its first and last, and the one above.
TEST(SpecialAddresses, KnowTheEdgesOfEveryIpv4Block) {
  struct Edge {
    std::string_view below, first, last, above;
    AddressKind kind;
  };
  for (const Edge& edge : {
           Edge{"", "0.0.0.0", "0.255.255.255", "1.0.0.0", kLoopback},
           {"126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0",
            kLoopback},
           {"9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0",
            kPrivate},
           {"172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0",
            kPrivate},
           {"192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0",
            kPrivate},
           {"100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0",
            kPrivate},
           {"169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0",
            kPrivate},
           {"191.255.255.255", "192.0.0.0", "192.0.0.255", "192.0.1.0",
            kReserved},
           {"192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0", kReserved},
           {"198.51.99.255", "198.51.100.0", "198.51.100.255", "198.51.101.0",
            kReserved},
           {"203.0.112.255", "203.0.113.0", "203.0.113.255", "203.0.114.0",
            kReserved},
           {"192.88.98.255", "192.88.99.0", "192.88.99.255", "192.88.100.0",
            kReserved},
           {"198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0",
            kReserved},
           {"223.255.255.255", "224.0.0.0", "255.255.255.255", "", kReserved},
       }) {
    EXPECT_EQ(Kind(edge.first), edge.kind) << edge.first;
    EXPECT_EQ(Kind(edge.last), edge.kind) << edge.last;
    for (const std::string_view outside : {edge.below, edge.above}) {
      if (outside.empty()) continue;
      EXPECT_EQ(Kind(outside), kGlobal) << outside;
    }
  }
}

TEST(SpecialAddresses, KnowIpv6) {
  for (const std::string_view global :
       {"2a02:ffff::1", "2001:200::1", "2001:db7:ffff::1", "2001:db9::1",
        "3ffe:ffff::1", "3fff:1000::1", "2003::1"}) {
    EXPECT_EQ(Kind(global), kGlobal) << global;
  }
  for (const std::string_view loopback :
       {"::", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"}) {
    EXPECT_EQ(Kind(loopback), kLoopback) << loopback;
  }
  for (const std::string_view private_one :
       {"fc00::1", "fdff::1", "fe80::1", "febf::1", "fec0::1", "feff::1",
        "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:c0a8:101::1"}) {
    EXPECT_EQ(Kind(private_one), kPrivate) << private_one;
  }
  for (const std::string_view reserved :
       {"::2", "2001::1", "2001:1ff:ffff::1", "2001:db8::1", "3fff:fff::1",
        "100::1", "5f00::1", "64:ff9b:1::1", "ff02::1", "4000::1", "fe00::1",
        "::ffff:44.1.1.1", "64:ff9b::2c01:101", "2002:2c01:101::1",
        "2002:cb00:7101::1"}) {
    EXPECT_EQ(Kind(reserved), kReserved) << reserved;
  }
}

}  // namespace
}  // namespace mxscan
