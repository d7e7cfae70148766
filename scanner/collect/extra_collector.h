// Asks what the group `extra` goes by:
//
//   a domain with exchanges    the addresses of the domain and of its `www`;
//                              the name servers of the exchanges' registrable
//                              domains, and of each server that lies elsewhere
//                              the SOA of what it would be registered in
//   and below a registrable    the MX records of a name beside it that nobody
//   domain                     has
//   a domain without MX below  the MX records of the registrable one
//   a registrable one
//
// Whom a domain is delegated to is seen as far as a recursive resolver shows
// it: it asks the servers themselves, and says SERVFAIL where none of them
// answers. Only the parent zone could say what they are called, and a scan asks
// no authoritative servers. So a delegation is seen to dangle while one of its
// servers answers; when none does, that is a lookup that failed.
//
// All of it but the domain's own addresses is asked once per run. At most
// kMaxZones domains of exchanges are looked at, and kMaxServers name servers
// of each: whoever has more is not asked further.

#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "scanner/collect/collector.h"
#include "scanner/collect/extra_facts.h"

namespace mxscan {

class ExtraCollector final : public Collector {
 public:
  static constexpr int kMaxZones = 8;
  static constexpr int kMaxServers = 8;

  // `seed` is the run's, for names that nobody has.
  explicit ExtraCollector(uint64_t seed) : seed_(seed) {}

  void Begin(const CheckSubject& subject, CheckLookups& lookups) override;
  void OnAnswer(int part, const Answer& answer, CheckLookups& lookups) override;
  void OnHost(int part, const Host& host, CheckLookups& lookups) override;
  void Fill(CheckFacts& facts) const override;

 private:
  using MxPairs = std::vector<std::pair<int32_t, std::string>>;

  // A name server of one of the zones, outside of it.
  struct Server {
    size_t zone = 0;
    std::string name;
    std::string registrable;
    bool is_dangling = false;
  };

  void AskAboutWeb(const CheckSubject& subject, CheckLookups& lookups);
  void AskAboutZones(const CheckSubject& subject, CheckLookups& lookups);
  void AskSibling(const CheckSubject& subject, CheckLookups& lookups);
  void OnServers(size_t zone, const Answer& answer, CheckLookups& lookups);
  static MxPairs PairsIn(const Answer& answer);

  const uint64_t seed_;
  const PublicSuffixes* suffixes_ = nullptr;  // The subject's.
  std::vector<IpAddress> web_addresses_;
  std::string parent_;
  bool parent_has_mx_ = false;
  MxPairs own_;  // The domain's records, sorted.
  bool sibling_is_same_ = false;
  std::vector<std::string> zones_;
  std::vector<Server> servers_;
  mutable std::vector<DanglingServer> filled_;  // What Fill's views are of.
};

}  // namespace mxscan
