#include "scanner/audit/special_addresses.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace mxscan {
namespace {

using enum AddressKind;

struct Block4 {
  uint32_t first;
  int bits;
  AddressKind kind;
};

constexpr uint32_t Quad(uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}

// iana.org/assignments/iana-ipv4-special-registry, 2026-11.
constexpr auto kBlocks4 = std::to_array<Block4>({
    {Quad(0, 0, 0, 0), 8, kLoopback},        // RFC 791: this network.
    {Quad(127, 0, 0, 0), 8, kLoopback},      // RFC 1122.
    {Quad(10, 0, 0, 0), 8, kPrivate},        // RFC 1918, with the next two.
    {Quad(172, 16, 0, 0), 12, kPrivate},     //
    {Quad(192, 168, 0, 0), 16, kPrivate},    //
    {Quad(100, 64, 0, 0), 10, kPrivate},     // RFC 6598: carrier-grade NAT.
    {Quad(169, 254, 0, 0), 16, kPrivate},    // RFC 3927: link-local.
    {Quad(192, 0, 0, 0), 24, kReserved},     // RFC 6890.
    {Quad(192, 0, 2, 0), 24, kReserved},     // RFC 5737: documentation,
    {Quad(198, 51, 100, 0), 24, kReserved},  // as is this,
    {Quad(203, 0, 113, 0), 24, kReserved},   // and this.
    {Quad(192, 88, 99, 0), 24, kReserved},   // RFC 7526: 6to4 anycast.
    {Quad(198, 18, 0, 0), 15, kReserved},    // RFC 2544: benchmarks.
    {Quad(224, 0, 0, 0), 4, kReserved},      // RFC 5771: multicast.
    {Quad(240, 0, 0, 0), 4, kReserved},      // RFC 1112, and broadcast.
});

// The first octets of those blocks, for most addresses begin with another.
constexpr std::array<bool, 256> FirstOctets() {
  std::array<bool, 256> first{};
  for (const Block4& block : kBlocks4) {
    const uint32_t from = block.first >> 24;
    const uint32_t count = block.bits >= 8 ? 1 : 1U << (8 - block.bits);
    for (uint32_t i = 0; i < count; ++i) first[from + i] = true;
  }
  return first;
}
constexpr std::array<bool, 256> kFirstOctets = FirstOctets();

AddressKind KindOf4(const uint8_t* octets) {
  if (!kFirstOctets[octets[0]]) return kGlobal;
  const uint32_t address = Quad(octets[0], octets[1], octets[2], octets[3]);
  for (const Block4& block : kBlocks4) {
    if ((address ^ block.first) >> (32 - block.bits) == 0) return block.kind;
  }
  return kGlobal;
}

struct Block6 {
  std::array<uint8_t, 8> first;  // No block is smaller than a /64.
  int bits;
  AddressKind kind;
};

// iana.org/assignments/iana-ipv6-special-registry, 2026-11. What lies outside
// 2000::/3 and is not named here is reserved as well.
constexpr auto kBlocks6 = std::to_array<Block6>({
    {{0xfc}, 7, kPrivate},                      // RFC 4193: unique-local.
    {{0xfe, 0x80}, 10, kPrivate},               // RFC 4291: link-local.
    {{0xfe, 0xc0}, 10, kPrivate},               // RFC 3879: site-local.
    {{0x20, 0x01, 0x0d, 0xb8}, 32, kReserved},  // RFC 3849: documentation,
    {{0x3f, 0xff}, 20, kReserved},              // and RFC 9637.
    {{0x20, 0x01, 0x00}, 23, kReserved},        // RFC 2928: protocols.
});

bool IsIn(const Block6& block, const uint8_t* octets) {
  const int whole = block.bits / 8;
  if (std::memcmp(block.first.data(), octets, whole) != 0) return false;
  const int rest = block.bits % 8;
  return rest == 0 || (block.first[whole] ^ octets[whole]) >> (8 - rest) == 0;
}

bool BeginsWith(const uint8_t* octets, std::array<uint8_t, 12> prefix) {
  return std::memcmp(octets, prefix.data(), prefix.size()) == 0;
}

// The IPv4 address that the IPv6 one at `octets` stands for, or null.
const uint8_t* EmbeddedIn(const uint8_t* octets) {
  if (octets[0] == 0x20 && octets[1] == 0x02) return octets + 2;
  const bool holds_one =
      BeginsWith(octets, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}) ||
      BeginsWith(octets, {0, 0x64, 0xff, 0x9b});
  return holds_one ? octets + 12 : nullptr;
}

AddressKind KindOf6(const uint8_t* octets) {
  if (const uint8_t* embedded = EmbeddedIn(octets)) {
    const AddressKind kind = KindOf4(embedded);
    return kind == kGlobal ? kReserved : kind;
  }
  if (std::all_of(octets, octets + 15, [](uint8_t o) { return o == 0; }) &&
      octets[15] <= 1) {
    return kLoopback;
  }
  for (const Block6& block : kBlocks6) {
    if (IsIn(block, octets)) return block.kind;
  }
  return octets[0] >> 5 == 1 ? kGlobal : kReserved;
}

}  // namespace

AddressKind KindOf(const IpAddress& address) {
  return address.family == IpAddress::Family::kV4
             ? KindOf4(address.octets.data())
             : KindOf6(address.octets.data());
}

}  // namespace mxscan
