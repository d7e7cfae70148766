// An IPv4 or IPv6 address as a plain value, ordered: IPv4 before IPv6, then
// by octets. Any thread.

#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mxscan {

struct IpAddress {
  enum class Family : uint8_t { kV4, kV6 };

  Family family = Family::kV4;
  std::array<uint8_t, 16> octets{};  // IPv4 uses the first four, rest zero.

  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;

  // Dotted quad or RFC 4291 text, without brackets, port or zone.
  static std::optional<IpAddress> FromText(std::string_view text);
};

inline constexpr int kMaxAddressText = 46;

// Writes dotted quad or RFC 5952 text and returns its length.
// REQUIRES: `out` has room for kMaxAddressText characters.
int WriteText(const IpAddress& address, char* out);
std::string ToText(const IpAddress& address);

// An address with a port: where an upstream listens.
struct Endpoint {
  IpAddress address;
  uint16_t port = 53;

  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;

  // `ip`, `ip:port`, `v6`, `[v6]`, `[v6]:port`; port 53 when none is given.
  static std::optional<Endpoint> FromText(std::string_view text);
};

// `ip:port`, `[v6]:port`; without the port when it is 53.
std::string ToText(const Endpoint& endpoint);

}  // namespace mxscan
