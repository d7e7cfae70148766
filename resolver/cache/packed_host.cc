#include "resolver/cache/packed_host.h"

#include <cstring>

namespace mxscan {
namespace {

constexpr size_t kV4Octets = 4;
constexpr size_t kV6Octets = 16;

size_t EndSize(const Host& host) {
  return host.end == host.name ? 0 : host.end.size();
}

uint8_t PackFamily(const HostFamily& family) {
  return static_cast<uint8_t>(static_cast<int>(family.outcome) << 1 |
                              (family.authenticated ? 1 : 0));
}

HostFamily UnpackFamily(uint8_t packed, absl::Span<const IpAddress> addresses) {
  HostFamily family;
  family.outcome = static_cast<Outcome>(packed >> 1);
  family.authenticated = (packed & 1) != 0;
  family.addresses = addresses;
  return family;
}

uint8_t* PutName(NameView name, uint8_t* out) {
  std::memcpy(out, name.bytes().data(), name.size());
  return out + name.size();
}

uint8_t* PutAddresses(absl::Span<const IpAddress> addresses, size_t octets,
                      uint8_t* out) {
  for (const IpAddress& address : addresses) {
    std::memcpy(out, address.octets.data(), octets);
    out += octets;
  }
  return out;
}

const uint8_t* GetAddresses(const uint8_t* in, int count,
                            IpAddress::Family family, size_t octets,
                            std::vector<IpAddress>& out) {
  out.clear();
  for (int i = 0; i < count; ++i) {
    IpAddress& address = out.emplace_back();
    address.family = family;
    std::memcpy(address.octets.data(), in, octets);
    in += octets;
  }
  return in;
}

}  // namespace

size_t PackedHost::SizeOf(const Host& host) {
  return sizeof(PackedHost) + host.name.size() + EndSize(host) +
         kV4Octets * host.a.addresses.size() +
         kV6Octets * host.aaaa.addresses.size();
}

void PackedHost::Pack(const Host& host) {
  a_count = static_cast<uint16_t>(host.a.addresses.size());
  aaaa_count = static_cast<uint16_t>(host.aaaa.addresses.size());
  name_size = static_cast<uint8_t>(host.name.size());
  end_size = static_cast<uint8_t>(EndSize(host));
  a = PackFamily(host.a);
  aaaa = PackFamily(host.aaaa);
  uint8_t* out = PutName(host.name, reinterpret_cast<uint8_t*>(this + 1));
  if (end_size != 0) out = PutName(host.end, out);
  out = PutAddresses(host.a.addresses, kV4Octets, out);
  PutAddresses(host.aaaa.addresses, kV6Octets, out);
}

void PackedHost::Unpack(HostAddresses& addresses, Host& host) const {
  const uint8_t* in = octets() + name_size + end_size;
  in =
      GetAddresses(in, a_count, IpAddress::Family::kV4, kV4Octets, addresses.a);
  GetAddresses(in, aaaa_count, IpAddress::Family::kV6, kV6Octets,
               addresses.aaaa);
  host.name = name();
  host.end = end();
  host.a = UnpackFamily(a, addresses.a);
  host.aaaa = UnpackFamily(aaaa, addresses.aaaa);
}

}  // namespace mxscan
