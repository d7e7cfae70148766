#include "resolver/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>

namespace mxscan {
namespace {

// A run of zero groups in an IPv6 address, [begin, end).
struct ZeroRun {
  int8_t begin = -1;
  int8_t end = -1;
  constexpr int size() const { return end - begin; }
};

// The longest run of two or more ones in eight bits, the first of equals.
constexpr ZeroRun LongestRun(unsigned bits) {
  ZeroRun longest;
  int8_t begin = 0;
  for (int8_t i = 0; i < 8; ++i) {
    const auto next = static_cast<int8_t>(i + 1);
    if ((bits >> i & 1) == 0) {
      begin = next;
    } else if (next - begin > std::max(1, longest.size())) {
      longest = {begin, next};
    }
  }
  return longest;
}

constexpr std::array<ZeroRun, 256> MakeLongestRuns() {
  std::array<ZeroRun, 256> runs;
  for (unsigned bits = 0; bits < 256; ++bits) runs[bits] = LongestRun(bits);
  return runs;
}

constexpr std::array<ZeroRun, 256> kLongestRuns = MakeLongestRuns();

// A decimal number as text, written in one piece whatever its length.
struct DecimalOctet {
  char text[4];
  uint8_t size;
};

constexpr std::array<DecimalOctet, 256> MakeDecimalOctets() {
  std::array<DecimalOctet, 256> octets{};
  for (int value = 0; value < 256; ++value) {
    DecimalOctet& octet = octets[value];
    for (int power = 100; power > 0; power /= 10) {
      const bool leads = value < power && power > 1;
      if (!leads) {
        octet.text[octet.size++] = static_cast<char>('0' + value / power % 10);
      }
    }
  }
  return octets;
}

constexpr std::array<DecimalOctet, 256> kDecimalOctets = MakeDecimalOctets();

// Writes up to three octets more than it returns.
char* WriteV4(const uint8_t* octets, char* out) {
  for (int i = 0; i < 4; ++i) {
    if (i > 0) *out++ = '.';
    const DecimalOctet& octet = kDecimalOctets[octets[i]];
    std::memcpy(out, octet.text, sizeof(octet.text));
    out += octet.size;
  }
  return out;
}

using HexDigits = std::array<char, 32>;

// Every digit, leading zeros and all; in lower case (RFC 5952 §4.3). No branch
// depends on an octet, and a processor does many at once.
HexDigits HexDigitsOf(const IpAddress& address) {
  HexDigits digits;
  for (size_t i = 0; i < address.octets.size(); ++i) {
    const uint8_t octet = address.octets[i];
    digits[2 * i] = static_cast<char>(octet >> 4);
    digits[2 * i + 1] = static_cast<char>(octet & 0xf);
  }
  for (char& digit : digits) {
    digit = static_cast<char>(digit + (digit < 10 ? '0' : 'a' - 10));
  }
  return digits;
}

// `digits` are the four of `group`: without leading zeros (§4.1). Writes up to
// three octets more than it returns.
char* WriteGroup(uint32_t group, const char* digits, char* out) {
  static_assert(std::endian::native == std::endian::little);
  const int zeros = std::countl_zero(static_cast<uint16_t>(group | 1)) / 4;
  uint32_t word;
  std::memcpy(&word, digits, sizeof(word));
  word >>= 8 * zeros;
  std::memcpy(out, &word, sizeof(word));
  return out + 4 - zeros;
}

uint32_t Group(const IpAddress& address, int i) {
  return address.octets[2 * i] << 8 | address.octets[2 * i + 1];
}

// What "::" stands for (RFC 5952 §4.2).
ZeroRun LongestZeroRun(const IpAddress& address) {
  unsigned zeros = 0;
  for (int i = 0; i < 8; ++i) zeros |= (Group(address, i) == 0 ? 1U : 0U) << i;
  return kLongestRuns[zeros];
}

// ::ffff:0:0/96, whose text form is mixed (RFC 5952 §5).
bool IsV4Mapped(const IpAddress& address) {
  static constexpr uint8_t kPrefix[12] = {0, 0, 0, 0, 0,   0,
                                          0, 0, 0, 0, 255, 255};
  return std::memcmp(address.octets.data(), kPrefix, sizeof(kPrefix)) == 0;
}

char* WriteV6(const IpAddress& address, char* out) {
  if (IsV4Mapped(address)) {
    std::memcpy(out, "::ffff:", 7);
    return WriteV4(&address.octets[12], out + 7);
  }
  const ZeroRun zeros = LongestZeroRun(address);
  const HexDigits digits = HexDigitsOf(address);
  for (int i = 0; i < 8; ++i) {
    if (i == zeros.begin) {
      *out++ = ':';
      *out++ = ':';
      i = zeros.end - 1;
      continue;
    }
    if (i > 0 && i != zeros.end) *out++ = ':';
    out = WriteGroup(Group(address, i), &digits[4 * i], out);
  }
  return out;
}

std::optional<uint16_t> PortFromText(std::string_view text) {
  uint16_t port = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) {
    return std::nullopt;
  }
  return port;
}

// An endpoint of `address`, at `port` when there is one (nullopt: port 53).
std::optional<Endpoint> MakeEndpoint(std::string_view address,
                                     std::optional<std::string_view> port) {
  const std::optional<IpAddress> ip = IpAddress::FromText(address);
  if (!ip.has_value()) return std::nullopt;
  if (!port.has_value()) return Endpoint{.address = *ip};
  const std::optional<uint16_t> number = PortFromText(*port);
  if (!number.has_value()) return std::nullopt;
  return Endpoint{*ip, *number};
}

// `text` begins with '['.
std::optional<Endpoint> BracketedFromText(std::string_view text) {
  const size_t close = text.find(']');
  if (close == std::string_view::npos) return std::nullopt;
  const std::string_view address = text.substr(1, close - 1);
  const std::string_view rest = text.substr(close + 1);
  if (address.find(':') == std::string_view::npos) return std::nullopt;
  if (rest.empty()) return MakeEndpoint(address, std::nullopt);
  if (rest[0] != ':') return std::nullopt;
  return MakeEndpoint(address, rest.substr(1));
}

}  // namespace

std::optional<IpAddress> IpAddress::FromText(std::string_view text) {
  char terminated[kMaxAddressText];
  if (text.empty() || text.size() >= sizeof(terminated) ||
      text.find('\0') != std::string_view::npos) {
    return std::nullopt;
  }
  std::memcpy(terminated, text.data(), text.size());
  terminated[text.size()] = '\0';
  IpAddress address;
  if (inet_pton(AF_INET, terminated, address.octets.data()) == 1) {
    return address;
  }
  address.family = Family::kV6;
  if (inet_pton(AF_INET6, terminated, address.octets.data()) == 1) {
    return address;
  }
  return std::nullopt;
}

int WriteText(const IpAddress& address, char* out) {
  const char* end = address.family == IpAddress::Family::kV4
                        ? WriteV4(address.octets.data(), out)
                        : WriteV6(address, out);
  return static_cast<int>(end - out);
}

std::string ToText(const IpAddress& address) {
  char text[kMaxAddressText];
  return std::string(text, WriteText(address, text));
}

std::optional<Endpoint> Endpoint::FromText(std::string_view text) {
  if (!text.empty() && text[0] == '[') return BracketedFromText(text);
  const size_t colon = text.find(':');
  const bool one_colon = colon != std::string_view::npos &&
                         text.find(':', colon + 1) == std::string_view::npos;
  if (!one_colon) return MakeEndpoint(text, std::nullopt);
  return MakeEndpoint(text.substr(0, colon), text.substr(colon + 1));
}

std::string ToText(const Endpoint& endpoint) {
  const std::string address = ToText(endpoint.address);
  if (endpoint.port == 53) return address;
  const std::string port = std::to_string(endpoint.port);
  return endpoint.address.family == IpAddress::Family::kV4
             ? address + ":" + port
             : "[" + address + "]:" + port;
}

}  // namespace mxscan
