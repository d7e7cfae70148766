#include "resolver/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace mxscan {
namespace {

// A run of zero groups in an IPv6 address, [begin, end).
struct ZeroRun {
  int begin = -1;
  int end = -1;
  int size() const { return end - begin; }
};

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

// Without leading zeros (RFC 5952 §4.1), in lower case (§4.3).
char* WriteGroup(unsigned group, char* out) {
  constexpr char kDigits[] = "0123456789abcdef";
  int shift = group > 0xff ? (group > 0xfff ? 12 : 8) : (group > 0xf ? 4 : 0);
  for (; shift >= 0; shift -= 4) *out++ = kDigits[group >> shift & 0xf];
  return out;
}

unsigned Group(const IpAddress& address, int i) {
  return address.octets[2 * i] << 8 | address.octets[2 * i + 1];
}

// The longest run of two or more zero groups, the first of equals: the one
// that "::" stands for (RFC 5952 §4.2).
ZeroRun LongestZeroRun(const IpAddress& address) {
  ZeroRun longest;
  int begin = 0;
  for (int i = 0; i < 8; ++i) {
    if (Group(address, i) != 0) {
      begin = i + 1;
    } else if (i + 1 - begin > std::max(1, longest.size())) {
      longest = {begin, i + 1};
    }
  }
  return longest;
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
  for (int i = 0; i < 8; ++i) {
    if (i == zeros.begin) {
      *out++ = ':';
      *out++ = ':';
      i = zeros.end - 1;
      continue;
    }
    if (i > 0 && i != zeros.end) *out++ = ':';
    out = WriteGroup(Group(address, i), out);
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
