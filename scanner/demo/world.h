// World is a generated Internet of any size: domain number i, its mail
// exchanges and their addresses are pure functions of i (or of the name) and
// a seed. Nothing is stored, so that ten million domains cost nothing.
//
// Its shares follow published measurements: a few providers hold a third of
// all domains; others share hosters whose sizes are Zipf-distributed; most
// exchanges serve a single domain; a few percent are broken in every way that
// a scanner must tell apart.
//
//   domain      word<i>.tld           the i-th, by hash in one Kind
//   own host    mail.<domain>, mx1.<domain>, …
//   tenant      <domain with dashes>.mail.protection.outlook.com
//   hoster      mx<k>.hoster<r>.net   and sites<r> behind aliases
//   provider    a fixed list of well-known exchanges
//
// Any thread.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "resolver/address.h"
#include "scanner/demo/record_source.h"

namespace mxscan {

struct WorldOptions {
  uint64_t domains = 0;
  uint64_t seed = 1;
  // The part of the domains whose questions are never answered.
  double silent_share = 0;
};

class World : public RecordSource {
 public:
  // What a domain is like.
  enum class Kind : uint8_t {
    kGoogle,
    kMicrosoft,
    kProvider,
    kHoster,
    kOwnHosts,
    kOwnName,  // Its only exchange is the domain itself.
    kNullMx,
    kImplicit,
    kNoMail,
    kNxDomain,
    kAliased,          // CNAME to a name with MX,
    kAliasedImplicit,  // to a name with addresses only,
    kAliasedNowhere,   // to a name that does not exist.
    kExchangeAlias,    // Its exchange is a CNAME,
    kExchangeLoop,     // a CNAME that leads back to itself,
    kExchangeMissing,  // no such name,
    kExchangeNoData,   // a name without addresses,
    kExchangeFails,    // SERVFAIL,
    kExchangeHalf,     // SERVFAIL for AAAA only,
    kOneOfTwo,         // one exchange works and one does not exist,
    kAddressLiteral,   // an address in place of a name,
    kLocalhost,
    kIndeterminate,  // No MX; SERVFAIL for its addresses.
    kServFail,
    kRefused,
    kSilent,
  };
  static constexpr int kMaxExchanges = 5;

  struct Exchange {
    uint16_t preference = 0;
    Name host;
  };

  // What stands at a name: at a domain, an exchange, the end of an alias.
  struct Site {
    Found mx = Found::kNxDomain;
    Found a = Found::kNxDomain;
    Found aaaa = Found::kNxDomain;
    Name alias;        // Where it leads, when all three are kAlias.
    uint32_t ttl = 0;  // Of the MX set or the alias.
    int exchange_count = 0;
    std::array<Exchange, kMaxExchanges> exchanges;
    // Of each family, where `a` and `aaaa` say kRecords.
    int a_count = 0;
    int aaaa_count = 0;
  };

  explicit World(const WorldOptions& options);

  uint64_t size() const { return options_.domains; }

  // REQUIRES: i < size().
  Name DomainName(uint64_t i) const;
  Kind KindOf(uint64_t i) const;

  // What stands at `name`; kNxDomain everywhere for a name not of this world.
  void Describe(NameView name, Site& site) const;

  // The k-th address of a family at a name.
  IpAddress AddressOf(NameView name, IpAddress::Family family, int k) const;

  Found Look(NameView name, RrType type, ReplyWriter& reply,
             Name& next) const override;
  bool AddSoa(NameView, ReplyWriter&) const override { return false; }

 private:
  uint64_t Hash(uint64_t value, uint64_t purpose) const;
  uint64_t HosterOf(uint64_t i) const;
  std::optional<uint64_t> IndexOf(NameView name) const;
  Name TenantName(uint64_t i) const;
  Name HosterHost(uint64_t hoster, int k) const;
  int HosterHosts(uint64_t hoster) const;

  void DescribeDomain(uint64_t i, NameView name, Site& site) const;
  void AddOwnExchanges(uint64_t i, NameView name, Kind kind, Site& site) const;
  void DescribeOwnHost(uint64_t i, NameView name, Site& site) const;
  void DescribeTenant(NameView name, Site& site) const;
  bool DescribeHoster(NameView name, Site& site) const;
  void AddHosterExchanges(uint64_t hoster, Site& site) const;
  void GiveAddresses(NameView name, bool shared, Site& site) const;
  void AddExchange(uint16_t preference, const Name& host, Site& site) const;

  WorldOptions options_;
  uint64_t hosters_;
  std::vector<std::vector<Exchange>> providers_;     // The first is Google's.
  absl::flat_hash_set<std::string> provider_hosts_;  // By octets.
};

}  // namespace mxscan
