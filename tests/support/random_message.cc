#include "tests/support/random_message.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace mxscan {
namespace {

int Below(Random& random, int bound) {
  return std::uniform_int_distribution<int>(0, bound - 1)(random);
}

bool OneIn(Random& random, int n) { return Below(random, n) == 0; }

// A few labels, so that names share suffixes and compress.
std::string RandomName(Random& random) {
  static constexpr const char* kLabels[] = {
      "com",
      "example",
      "mx",
      "a",
      "_dmarc",
      "X-Y",
      "\\000\\046\\200",
      "a-label-so-long-that-five-of-it-just-fit-a-name49"};
  std::string name;
  for (int labels = Below(random, 6); labels > 0; --labels) {
    absl::StrAppend(&name, kLabels[Below(random, 8)], ".");
  }
  return name.empty() ? "." : name;
}

PacketBuilder::Bytes RandomOctets(Random& random, int most) {
  PacketBuilder::Bytes octets(Below(random, most + 1));
  for (uint8_t& octet : octets) octet = static_cast<uint8_t>(random());
  return octets;
}

void AddRecord(PacketBuilder& packet, Random& random) {
  static constexpr RrType kNamed[] = {RrType::kNs, RrType::kCname, RrType::kPtr,
                                      RrType::kDname};
  const std::string owner = RandomName(random);
  switch (Below(random, 9)) {
    case 0: packet.A(owner, "192.0.2.1"); break;
    case 1: packet.Aaaa(owner, "2001:db8::1"); break;
    case 2: packet.Mx(owner, 10, RandomName(random)); break;
    case 3:
      packet.Named(owner, kNamed[Below(random, 4)], RandomName(random));
      break;
    case 4: packet.Srv(owner, RandomName(random)); break;
    case 5: packet.Soa("example.com", 60); break;
    case 6: packet.Txt(owner, {"v=spf1 -all", ""}); break;
    case 7:
      packet.Raw(owner, static_cast<RrType>(65280 + Below(random, 3)),
                 RandomOctets(random, 40));
      break;
    case 8: packet.Mx("example.com", 10, "mx.example.com"); break;
  }
}

void AddRecords(PacketBuilder& packet, Random& random) {
  for (int section = 0; section < 3; ++section) {
    packet.Section(static_cast<Section>(section));
    for (int records = Below(random, 5); records > 0; --records) {
      packet.Compress(!OneIn(random, 4));
      packet.Ttl(OneIn(random, 8) ? 0xffffffff : random() & 0xffff);
      packet.Class(OneIn(random, 10) ? 3 : 1);
      AddRecord(packet, random);
    }
  }
}

}  // namespace

PacketBuilder::Bytes RandomMessage(Random& random) {
  PacketBuilder packet = OneIn(random, 20)
                             ? PacketBuilder()
                             : PacketBuilder(RandomName(random), RrType::kMx);
  packet.Id(static_cast<uint16_t>(random())).Rcode(Below(random, 6));
  if (OneIn(random, 2)) packet.Set(PacketBuilder::kAa);
  if (OneIn(random, 2)) packet.Set(PacketBuilder::kAd);
  if (OneIn(random, 20)) packet.Set(PacketBuilder::kTc);
  AddRecords(packet, random);
  packet.Compress(true);
  if (OneIn(random, 2)) packet.Opt({22, 3}, OneIn(random, 8) ? 1 : 0);
  return packet.Build();
}

PacketBuilder::Bytes Mutated(PacketBuilder::Bytes packet, Random& random) {
  static constexpr uint8_t kTelling[] = {0, 1, 12, 15, 41, 63, 64, 192, 255};
  if (packet.empty()) return packet;
  const int at = Below(random, static_cast<int>(packet.size()));
  const auto here = packet.begin() + at;
  switch (Below(random, 7)) {
    case 0: *here ^= 1 << Below(random, 8); break;
    case 1: *here = kTelling[Below(random, 9)]; break;
    case 2: packet.insert(here, kTelling[Below(random, 9)]); break;
    case 3: packet.erase(here); break;
    case 4: packet.erase(here, packet.end()); break;
    case 5: {
      const PacketBuilder::Bytes tail(here, packet.end());
      packet.insert(packet.end(), tail.begin(), tail.end());
      break;
    }
    case 6:
      for (size_t i = at; i + 1 < packet.size(); ++i) {
        if (packet[i] < 192) continue;
        packet[i + 1] += Below(random, 41) - 20;
        break;
      }
      break;
  }
  return packet;
}

}  // namespace mxscan
