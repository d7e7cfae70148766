#include <algorithm>
#include <cstring>

#include "scanner/audit/checks.h"
#include "scanner/audit/special_addresses.h"

namespace mxscan {
namespace {

using enum FindingId;

void CheckSingle(const CheckContext& context) {
  if (context.mx.hosts().size() != 1 || context.mx.roots() > 0) return;
  const MxHost& host = context.mx.hosts().front();
  if (host.use != Use::kUsable) return;
  if (host.provider != nullptr && host.provider->self_redundant) return;
  const bool one_machine = host.a_known && host.usable_a <= 1;
  context.out.AddCase(kSingleMx, one_machine ? Case::kWorse : Case::kMilder,
                      host.name());
}

void CheckPreferences(const CheckContext& context) {
  const auto hosts = context.mx.hosts();
  if (hosts.size() < 2 || context.mx.any_provider()) return;
  const int32_t best = hosts.front().preference();
  const bool equal = std::ranges::all_of(hosts, [best](const MxHost& host) {
    return host.last_preference == best;
  });
  if (equal) context.out.Add(kEqualPreference, {}, {}, best);
}

void CheckFamilies(const CheckContext& context) {
  const MxView& mx = context.mx;
  int usable_a = 0;
  int usable_aaaa = 0;
  bool any_a = false;
  for (const MxHost& host : mx.hosts()) {
    usable_a += host.usable_a;
    usable_aaaa += host.usable_aaaa;
    any_a |= !host.facts->addresses.empty() &&
             host.facts->addresses.front().family == IpAddress::Family::kV4;
  }
  if (mx.all_aaaa_known() && usable_a > 0 && usable_aaaa == 0) {
    context.out.Add(kIpv6Missing);
  }
  if (mx.all_a_known() && !any_a && usable_aaaa > 0) {
    context.out.Add(kIpv6Only);
  }
}

absl::Span<const IpAddress> AddressesOf(const MxHost* host) {
  return host->facts->addresses;
}

// Of so few hosts each is soon compared with each.
constexpr size_t kFewHosts = 8;

// Whether two may have the same addresses: nearly never, and the first tells.
// REQUIRES: each has some.
bool MayShareAddresses(absl::Span<const MxHost* const> hosts) {
  if (hosts.size() > kFewHosts) return true;
  for (size_t i = 1; i < hosts.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (AddressesOf(hosts[i]).front() == AddressesOf(hosts[j]).front()) {
        return true;
      }
    }
  }
  return false;
}

// Equal hosts stand side by side once they are sorted by their addresses.
void SortByAddresses(std::vector<const MxHost*>& hosts) {
  std::ranges::sort(hosts, [](const MxHost* a, const MxHost* b) {
    const auto of_a = AddressesOf(a);
    const auto of_b = AddressesOf(b);
    const auto order = std::lexicographical_compare_three_way(
        of_a.begin(), of_a.end(), of_b.begin(), of_b.end());
    return order != 0 ? order < 0 : a < b;
  });
}

void CheckSharedAddresses(const CheckContext& context,
                          std::vector<const MxHost*>& scratch) {
  scratch.clear();
  for (const MxHost& host : context.mx.hosts()) {
    const bool known = host.a_known && host.aaaa_known;
    if (known && !host.facts->addresses.empty()) scratch.push_back(&host);
  }
  if (!MayShareAddresses(scratch)) return;
  SortByAddresses(scratch);
  const MxHost* first = nullptr;
  for (const MxHost* host : scratch) {
    if (first == nullptr ||
        !std::ranges::equal(AddressesOf(host), AddressesOf(first))) {
      first = host;
      continue;
    }
    const bool by_design =
        host->provider != nullptr && host->provider == first->provider;
    if (by_design) continue;
    context.out.Add(kMxSharedAddress, host->name(), first->name());
  }
}

// Whether two addresses of one family agree in /24 or /48.
bool IsSameNetwork(const IpAddress& a, const IpAddress& b) {
  const size_t octets = a.family == IpAddress::Family::kV4 ? 3 : 6;
  return std::memcmp(a.octets.data(), b.octets.data(), octets) == 0;
}

// One family: the first of its usable addresses, and what the others are to
// it.
struct Network {
  const IpAddress* first = nullptr;
  int hosts = 0;
  bool one = true;

  void Take(const MxHost& host, IpAddress::Family family) {
    bool has_some = false;
    for (const IpAddress& address : host.facts->addresses) {
      if (address.family != family) continue;
      if (KindOf(address) != AddressKind::kGlobal) continue;
      has_some = true;
      if (first == nullptr) first = &address;
      one = one && IsSameNetwork(*first, address);
    }
    hosts += has_some ? 1 : 0;
  }
};

void CheckSubnet(const CheckContext& context) {
  const MxView& mx = context.mx;
  if (mx.usable() < 2 || mx.any_provider()) return;
  if (!mx.all_a_known() || !mx.all_aaaa_known()) return;
  Network v4;
  Network v6;
  for (const MxHost& host : mx.hosts()) {
    v4.Take(host, IpAddress::Family::kV4);
    v6.Take(host, IpAddress::Family::kV6);
  }
  if (!v4.one || !v6.one || std::max(v4.hosts, v6.hosts) < 2) return;
  const IpAddress& shown = v4.hosts >= 2 ? *v4.first : *v6.first;
  context.out.Add(kMxSameSubnet, {}, context.out.Keep(ToText(shown)));
}

}  // namespace

void CheckRedundancy(const CheckContext& context,
                     std::vector<const MxHost*>& scratch) {
  CheckSingle(context);
  CheckFamilies(context);
  if (context.mx.hosts().size() < 2) return;
  CheckPreferences(context);
  CheckSharedAddresses(context, scratch);
  CheckSubnet(context);
}

}  // namespace mxscan
