#include "scanner/demo/world.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <iterator>
#include <sstream>

#include "absl/strings/string_view.h"
#include "scanner/demo/name_builder.h"
#include "scanner/demo/world_tables.h"

namespace mxscan {
namespace {

using Found = RecordSource::Found;
using Kind = World::Kind;

// What a hash decides, so that no two decisions hang together.
enum Purpose : uint64_t {
  kForKind = 1,
  kForSilence,
  kForWord,
  kForTopLevel,
  kForHoster,
  kForHosterHosts,
  kForProvider,
  kForOwnHosts,
  kForAddresses,
  kForTtl,
};

constexpr uint32_t kMailTtls[] = {300, 3600, 14400, 86400};
constexpr uint32_t kAddressTtl = 300;
constexpr uint64_t kMaxDigits = 15;

// splitmix64's last step: every bit of the input moves half of the output.
uint64_t Mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
  x = (x ^ x >> 27) * 0x94d049bb133111eb;
  return x ^ x >> 31;
}

double ToUnit(uint64_t hash) {
  return static_cast<double>(hash >> 11) * 0x1p-53;
}

template <typename T, size_t n>
constexpr int TotalWeight(const world_tables::Share<T> (&table)[n]) {
  int total = 0;
  for (const auto& share : table) total += share.weight;
  return total;
}

template <typename T, size_t n>
const T& Draw(const world_tables::Share<T> (&table)[n], uint64_t hash) {
  int at = static_cast<int>(hash % TotalWeight(table));
  for (const auto& share : table) {
    at -= share.weight;
    if (at < 0) return share.what;
  }
  return table[0].what;
}

std::string_view FirstLabel(NameView name) {
  return {reinterpret_cast<const char*>(name.bytes().data()) + 1,
          name.bytes()[0]};
}

absl::string_view Key(NameView name) {
  return {reinterpret_cast<const char*>(name.bytes().data()),
          name.bytes().size()};
}

// The number behind the letters that `label` begins with; the rest of the
// label comes after it. nullopt when there is none.
std::optional<uint64_t> NumberIn(std::string_view label) {
  size_t at = 0;
  while (at < label.size() && label[at] >= 'a' && label[at] <= 'z') ++at;
  uint64_t number = 0;
  const size_t begin = at;
  for (; at < label.size() && label[at] >= '0' && label[at] <= '9'; ++at) {
    if (at - begin == kMaxDigits) return std::nullopt;
    number = number * 10 + (label[at] - '0');
  }
  if (at == begin) return std::nullopt;
  return number;
}

void AddMxRecords(NameView name, const World::Site& site, ReplyWriter& reply) {
  for (int i = 0; i < site.exchange_count; ++i) {
    const World::Exchange& exchange = site.exchanges[i];
    std::array<uint8_t, 2 + kMaxNameOctets> rdata;
    rdata[0] = static_cast<uint8_t>(exchange.preference >> 8);
    rdata[1] = static_cast<uint8_t>(exchange.preference);
    const absl::Span<const uint8_t> host = exchange.host.view().bytes();
    std::memcpy(rdata.data() + 2, host.data(), host.size());
    reply.Add(Section::kAnswer, name, RrType::kMx, site.ttl,
              {rdata.data(), 2 + host.size()});
  }
}

void SetAll(Found found, World::Site& site) {
  site.mx = site.a = site.aaaa = found;
}

void SetAlias(const Name& target, World::Site& site) {
  SetAll(Found::kAlias, site);
  site.alias = target;
}

}  // namespace

World::World(const WorldOptions& options)
    : options_(options),
      hosters_(std::max<uint64_t>(10, options.domains / 200)) {
  for (const std::string_view set : world_tables::kProviders) {
    std::istringstream text{std::string(set)};
    std::vector<Exchange>& exchanges = providers_.emplace_back();
    std::string host;
    for (Exchange exchange; text >> exchange.preference >> host;) {
      exchange.host = NameBuilder().Labels(host).Take();
      exchanges.push_back(exchange);
      provider_hosts_.emplace(Key(exchange.host));
    }
  }
}

uint64_t World::Hash(uint64_t value, uint64_t purpose) const {
  return Mix(value ^ Mix(options_.seed * 31 + purpose));
}

World::Kind World::KindOf(uint64_t i) const {
  if (options_.silent_share > 0 &&
      ToUnit(Hash(i, kForSilence)) < options_.silent_share) {
    return Kind::kSilent;
  }
  return Draw(world_tables::kKinds, Hash(i, kForKind));
}

Name World::DomainName(uint64_t i) const {
  const uint64_t word = Hash(i, kForWord) % std::size(world_tables::kWords);
  return NameBuilder()
      .Label(world_tables::kWords[word])
      .Number(i)
      .Labels(Draw(world_tables::kTopLevels, Hash(i, kForTopLevel)))
      .Take();
}

std::optional<uint64_t> World::IndexOf(NameView name) const {
  const std::optional<uint64_t> i = NumberIn(FirstLabel(name));
  if (!i || *i >= size() || !(DomainName(*i).view() == name)) {
    return std::nullopt;
  }
  return i;
}

// alpine7.co.uk has its mail at alpine7-co-uk.mail.protection.outlook.com.
Name World::TenantName(uint64_t i) const {
  const Name domain = DomainName(i);
  NameView part = domain;
  NameBuilder tenant;
  tenant.Label(FirstLabel(part));
  for (part = part.Parent(); !part.IsRoot(); part = part.Parent()) {
    tenant.Text("-").Text(FirstLabel(part));
  }
  return tenant.Labels("mail.protection.outlook.com").Take();
}

// Zipf's law with exponent 1: the r-th hoster has a share near 1/r.
uint64_t World::HosterOf(uint64_t i) const {
  const double u = ToUnit(Hash(i, kForHoster));
  const double rank = std::exp(u * std::log(static_cast<double>(hosters_)));
  return std::min(static_cast<uint64_t>(rank) - 1, hosters_ - 1);
}

int World::HosterHosts(uint64_t hoster) const {
  return 1 + static_cast<int>(Hash(hoster, kForHosterHosts) % 3);
}

Name World::HosterHost(uint64_t hoster, int k) const {
  return NameBuilder()
      .Label("mx")
      .Number(k)
      .Label("hoster")
      .Number(hoster)
      .Label("net")
      .Take();
}

void World::Describe(NameView name, Site& site) const {
  SetAll(Found::kNxDomain, site);
  site.exchange_count = site.a_count = site.aaaa_count = 0;
  site.ttl = kMailTtls[Hash(name.Hash(options_.seed), kForTtl) % 4];
  if (name.IsRoot() || size() == 0) return;  // Nowhere, no hosts either.
  if (const std::optional<uint64_t> i = IndexOf(name)) {
    return DescribeDomain(*i, name, site);
  }
  if (const std::optional<uint64_t> i = IndexOf(name.Parent())) {
    return DescribeOwnHost(*i, name, site);
  }
  if (DescribeHoster(name, site)) return;
  if (provider_hosts_.contains(Key(name))) {
    SetAll(Found::kNoData, site);
    return GiveAddresses(name, /*shared=*/true, site);
  }
  DescribeTenant(name, site);
}

void World::DescribeDomain(uint64_t i, NameView name, Site& site) const {
  const Kind kind = KindOf(i);
  const uint64_t hoster = HosterOf(i);
  SetAll(Found::kNoData, site);
  switch (kind) {
    case Kind::kNoMail: return;
    case Kind::kNxDomain: return SetAll(Found::kNxDomain, site);
    case Kind::kServFail: return SetAll(Found::kServFail, site);
    case Kind::kRefused: return SetAll(Found::kRefused, site);
    case Kind::kSilent: return SetAll(Found::kSilence, site);
    case Kind::kIndeterminate: site.a = site.aaaa = Found::kServFail; return;
    case Kind::kAliased:
    case Kind::kAliasedImplicit:
    case Kind::kAliasedNowhere: {
      NameBuilder target;
      target.Label(kind == Kind::kAliased           ? "sites"
                   : kind == Kind::kAliasedImplicit ? "web"
                                                    : "gone");
      target.Label("hoster").Number(hoster).Label("net");
      return SetAlias(target.Take(), site);
    }
    default: break;
  }
  GiveAddresses(name, /*shared=*/false, site);
  switch (kind) {
    case Kind::kImplicit: return;
    case Kind::kHoster: return AddHosterExchanges(hoster, site);
    case Kind::kMicrosoft: return AddExchange(0, TenantName(i), site);
    case Kind::kGoogle:
    case Kind::kProvider: {
      const uint64_t others = providers_.size() - 1;
      const uint64_t other = 1 + Hash(i, kForProvider) % others;
      const uint64_t set = kind == Kind::kGoogle ? 0 : other;
      for (const Exchange& exchange : providers_[set]) {
        AddExchange(exchange.preference, exchange.host, site);
      }
      return;
    }
    default: return AddOwnExchanges(i, name, kind, site);
  }
}

void World::AddOwnExchanges(uint64_t i, NameView name, Kind kind,
                            Site& site) const {
  const auto own = [&](std::string_view label) {
    return NameBuilder().Label(label).Below(name).Take();
  };
  switch (kind) {
    case Kind::kOwnName: return AddExchange(10, Name(name), site);
    case Kind::kNullMx: return AddExchange(0, Name(), site);
    case Kind::kLocalhost:
      return AddExchange(0, NameBuilder().Label("localhost").Take(), site);
    case Kind::kAddressLiteral:
      return AddExchange(10, NameBuilder().Labels("44.17.3.9").Take(), site);
    case Kind::kOneOfTwo: break;
    case Kind::kOwnHosts:
      if (Hash(i, kForOwnHosts) % 4 == 0) break;  // A quarter has two.
      [[fallthrough]];
    default: return AddExchange(10, own("mail"), site);
  }
  AddExchange(10, own("mx1"), site);
  AddExchange(20, own("mx2"), site);
}

void World::DescribeOwnHost(uint64_t i, NameView name, Site& site) const {
  const std::string_view label = FirstLabel(name);
  const Kind kind = KindOf(i);
  const bool pair = kind == Kind::kOneOfTwo ||
                    (kind == Kind::kOwnHosts && Hash(i, kForOwnHosts) % 4 == 0);
  const auto own = [&](std::string_view other) {
    return NameBuilder().Label(other).Below(name.Parent()).Take();
  };
  const bool in_loop = kind == Kind::kExchangeLoop && label == "loop";
  if (pair ? label != "mx1" && label != "mx2" : label != "mail" && !in_loop) {
    return;
  }
  switch (kind) {
    case Kind::kExchangeAlias:
      return SetAlias(HosterHost(HosterOf(i), 1), site);
    case Kind::kExchangeLoop:
      return SetAlias(own(in_loop ? "mail" : "loop"), site);
    case Kind::kExchangeNoData: return SetAll(Found::kNoData, site);
    case Kind::kExchangeFails: return SetAll(Found::kServFail, site);
    case Kind::kOneOfTwo:
      if (label == "mx2") return;
      break;
    case Kind::kExchangeHalf:
    case Kind::kOwnHosts: break;
    default: return;  // No such host, or none that an MX names.
  }
  SetAll(Found::kNoData, site);
  GiveAddresses(name, /*shared=*/false, site);
  if (kind == Kind::kExchangeHalf) site.aaaa = Found::kServFail;
}

void World::DescribeTenant(NameView name, Site& site) const {
  const std::optional<uint64_t> i = NumberIn(FirstLabel(name));
  if (!i || *i >= size() || KindOf(*i) != Kind::kMicrosoft) return;
  if (!(TenantName(*i).view() == name)) return;
  SetAll(Found::kNoData, site);
  GiveAddresses(name, /*shared=*/true, site);
}

// mx<k>, sites and web below hoster<r>.net, and that name itself.
bool World::DescribeHoster(NameView name, Site& site) const {
  constexpr std::string_view kPrefix = "hoster";
  const int labels = name.LabelCount();
  if (labels < 2 || labels > 3) return false;
  const NameView hoster_name = labels == 2 ? name : name.Parent();
  const std::string_view label = FirstLabel(hoster_name);
  if (!label.starts_with(kPrefix)) return false;
  const std::optional<uint64_t> hoster = NumberIn(label);
  if (!hoster || *hoster >= hosters_) return false;
  if (!(HosterHost(*hoster, 1).view().Parent() == hoster_name)) return false;
  if (labels == 2) {
    SetAll(Found::kNoData, site);
    return true;
  }
  const std::string_view host = FirstLabel(name);
  bool exists = host == "sites" || host == "web";
  for (int k = 1; !exists && k <= HosterHosts(*hoster); ++k) {
    exists = HosterHost(*hoster, k).view() == name;
  }
  if (!exists) return true;
  SetAll(Found::kNoData, site);
  GiveAddresses(name, /*shared=*/true, site);
  if (host == "sites") AddHosterExchanges(*hoster, site);
  return true;
}

void World::AddHosterExchanges(uint64_t hoster, Site& site) const {
  for (int k = 1; k <= HosterHosts(hoster); ++k) {
    AddExchange(static_cast<uint16_t>(10 * k), HosterHost(hoster, k), site);
  }
}

// Shared hosts have one to four IPv4 addresses and an IPv6 one; of the others
// two in five have IPv6, and one in fifty has nothing else.
void World::GiveAddresses(NameView name, bool shared, Site& site) const {
  const uint64_t hash = Hash(name.Hash(options_.seed), kForAddresses);
  const bool v6_only = !shared && hash % 50 == 0;
  const bool v6 = shared || v6_only || hash / 50 % 5 < 2;
  site.a_count = shared ? 1 + static_cast<int>(hash % 4) : v6_only ? 0 : 1;
  site.aaaa_count = v6 ? 1 : 0;
  if (site.a_count > 0) site.a = Found::kRecords;
  if (site.aaaa_count > 0) site.aaaa = Found::kRecords;
}

void World::AddExchange(uint16_t preference, const Name& host,
                        Site& site) const {
  site.mx = Found::kRecords;
  site.exchanges[site.exchange_count++] = {preference, host};
}

IpAddress World::AddressOf(NameView name, IpAddress::Family family,
                           int k) const {
  const uint64_t hash = name.Hash(options_.seed);
  IpAddress address;
  address.family = family;
  if (family == IpAddress::Family::kV4) {
    address.octets = {44, static_cast<uint8_t>(hash >> 16),
                      static_cast<uint8_t>(hash >> 8),
                      static_cast<uint8_t>(hash + k)};
    return address;
  }
  address.octets = {0x2a, 0x02, 0xff, 0xff};
  for (int i = 4; i < 12; ++i) {
    address.octets[i] = static_cast<uint8_t>(hash >> (8 * (i - 4)));
  }
  address.octets[15] = static_cast<uint8_t>(k + 1);
  return address;
}

RecordSource::Found World::Look(NameView name, RrType type, ReplyWriter& reply,
                                Name& next) const {
  Site site;
  Describe(name, site);
  if (site.mx == Found::kAlias) {
    reply.Add(Section::kAnswer, name, RrType::kCname, site.ttl,
              site.alias.view().bytes());
    if (type == RrType::kCname) return Found::kRecords;
    next = site.alias;
    return Found::kAlias;
  }
  const auto add_addresses = [&](IpAddress::Family family, int count,
                                 size_t octets) {
    for (int k = 0; k < count; ++k) {
      const IpAddress address = AddressOf(name, family, k);
      reply.Add(Section::kAnswer, name, type, kAddressTtl,
                {address.octets.data(), octets});
    }
  };
  switch (type) {
    case RrType::kMx: AddMxRecords(name, site, reply); return site.mx;
    case RrType::kA:
      add_addresses(IpAddress::Family::kV4, site.a_count, 4);
      return site.a;
    case RrType::kAaaa:
      if (site.aaaa == Found::kRecords) {
        add_addresses(IpAddress::Family::kV6, site.aaaa_count, 16);
      }
      return site.aaaa;
    default: return site.mx == Found::kRecords ? Found::kNoData : site.mx;
  }
}

}  // namespace mxscan
