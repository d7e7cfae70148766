#include "tests/support/mmdb_builder.h"

#include <cassert>
#include <optional>

#include "resolver/address.h"

namespace mxscan {
namespace {

using Value = MmdbBuilder::Value;
using Map = MmdbBuilder::Map;

enum Type : uint8_t { kText = 2, kUint16 = 5, kUint32 = 6, kMap = 7 };

// The tree speaks of IPv6; IPv4 is ::/96 there.
constexpr int kBits = 128;
constexpr int kBitsBeforeIpv4 = 96;

void AppendControl(Type type, size_t size, std::string& out) {
  assert(size < 29 + 256);
  if (size < 29) {
    out.push_back(static_cast<char>(type << 5 | size));
    return;
  }
  out.push_back(static_cast<char>(type << 5 | 29));
  out.push_back(static_cast<char>(size - 29));
}

void AppendNumber(Type type, uint32_t number, std::string& out) {
  std::string octets;
  for (; number > 0; number >>= 8) {
    octets.insert(octets.begin(), static_cast<char>(number & 0xFF));
  }
  AppendControl(type, octets.size(), out);
  out += octets;
}

void AppendText(std::string_view text, std::string& out) {
  AppendControl(kText, text.size(), out);
  out += text;
}

void AppendMap(const Map& map, std::string& out) {
  AppendControl(kMap, map.size(), out);
  for (const auto& [key, value] : map) {
    AppendText(key, out);
    if (const auto* number = std::get_if<uint32_t>(&value.is)) {
      AppendNumber(kUint32, *number, out);
    } else if (const auto* text = std::get_if<std::string>(&value.is)) {
      AppendText(*text, out);
    } else {
      AppendMap(std::get<Map>(value.is), out);
    }
  }
}

void AppendRecord(size_t value, std::string& out) {  // Of 32 bits.
  for (int shift = 24; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(value >> shift & 0xFF));
  }
}

int BitOf(const IpAddress& address, int bit) {
  if (address.family == IpAddress::Family::kV4) {
    if (bit < kBitsBeforeIpv4) return 0;
    bit -= kBitsBeforeIpv4;
  }
  return address.octets[bit / 8] >> (7 - bit % 8) & 1;
}

std::string Metadata(std::string_view type, size_t nodes) {
  std::string out = "\xAB\xCD\xEFMaxMind.com";
  AppendControl(kMap, 9, out);
  const auto add = [&](std::string_view key, Type of, uint32_t number) {
    AppendText(key, out);
    AppendNumber(of, number, out);
  };
  add("binary_format_major_version", kUint16, 2);
  add("binary_format_minor_version", kUint16, 0);
  // What libmaxminddb wants to see; two are of types beyond those above.
  AppendText("build_epoch", out);
  out += std::string_view("\x04\x02\x69\x21\x00\x00", 6);
  AppendText("languages", out);
  out += std::string_view("\x00\x04", 2);
  AppendText("description", out);
  AppendControl(kMap, 0, out);
  AppendText("database_type", out);
  AppendText(type, out);
  add("ip_version", kUint16, 6);
  add("node_count", kUint32, static_cast<uint32_t>(nodes));
  add("record_size", kUint16, 32);
  return out;
}

}  // namespace

void MmdbBuilder::Add(std::string_view prefix, Map record) {
  const size_t slash = prefix.find('/');
  const std::optional<IpAddress> address =
      IpAddress::FromText(prefix.substr(0, slash));
  assert(address && slash != prefix.npos);
  int bits = std::stoi(std::string(prefix.substr(slash + 1)));
  if (address->family == IpAddress::Family::kV4) bits += kBitsBeforeIpv4;
  assert(bits > 0 && bits <= kBits);
  int node = 0;
  for (int bit = 0; bit < bits - 1; ++bit) {
    const int side = BitOf(*address, bit);
    assert(nodes_[node].record[side] < 0);
    if (nodes_[node].next[side] < 0) {
      nodes_[node].next[side] = static_cast<int>(nodes_.size());
      nodes_.emplace_back();
    }
    node = nodes_[node].next[side];
  }
  const int side = BitOf(*address, bits - 1);
  assert(nodes_[node].next[side] < 0);
  nodes_[node].record[side] = static_cast<int>(records_.size());
  records_.push_back(std::move(record));
}

std::string MmdbBuilder::Build(std::string_view type) const {
  std::string data;
  std::vector<size_t> places;
  for (const Map& record : records_) {
    places.push_back(data.size());
    AppendMap(record, data);
  }
  std::string out;
  for (const Node& node : nodes_) {
    for (const int side : {0, 1}) {
      if (node.next[side] >= 0) {
        AppendRecord(static_cast<size_t>(node.next[side]), out);
      } else if (node.record[side] >= 0) {
        // The data begin 16 octets behind the tree.
        AppendRecord(nodes_.size() + 16 + places[node.record[side]], out);
      } else {
        AppendRecord(nodes_.size(), out);  // Nothing is there.
      }
    }
  }
  return out.append(16, '\0') + data + Metadata(type, nodes_.size());
}

}  // namespace mxscan
