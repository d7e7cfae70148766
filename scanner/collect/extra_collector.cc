#include "scanner/collect/extra_collector.h"

#include <algorithm>
#include <tuple>

#include "scanner/collect/name_below.h"
#include "scanner/collect/random_label.h"

namespace mxscan {
namespace {

constexpr int kDomainPart = 0;
constexpr int kWwwPart = 1;
constexpr int kParentPart = 2;
constexpr int kSiblingPart = 3;
constexpr int kFirstZone = 4;
constexpr int kFirstServer = kFirstZone + ExtraCollector::kMaxZones;

// The records of an MX answer that lead somewhere.
bool HasRealMx(const Answer& answer) {
  for (int i = 0; i < answer.record_count(); ++i) {
    const Answer::Record record = answer.record(i);
    if (answer.Counts(record) && record.rdata.size() > 3) return true;
  }
  return false;
}

std::vector<std::string> TargetsIn(const Answer& answer) {
  std::vector<std::string> targets;
  for (int i = 0; i < answer.record_count(); ++i) {
    const Answer::Record record = answer.record(i);
    if (!answer.Counts(record)) continue;
    targets.push_back(ToText(NameView::Trusted(record.rdata)));
  }
  std::ranges::sort(targets);
  const auto same = std::ranges::unique(targets);
  targets.erase(same.begin(), same.end());
  return targets;
}

}  // namespace

// The records as `facts` has them, sorted.
ExtraCollector::MxPairs ExtraCollector::PairsIn(const Answer& answer) {
  MxPairs pairs;
  for (int i = 0; i < answer.record_count(); ++i) {
    const Answer::Record record = answer.record(i);
    if (!answer.Counts(record)) continue;
    const int32_t preference = record.rdata[0] << 8 | record.rdata[1];
    pairs.emplace_back(preference,
                       ToText(NameView::Trusted(record.rdata.subspan(2))));
  }
  std::ranges::sort(pairs);
  const auto same = std::ranges::unique(pairs);
  pairs.erase(same.begin(), same.end());
  return pairs;
}

void ExtraCollector::Begin(const CheckSubject& subject, CheckLookups& lookups) {
  suffixes_ = &subject.suffixes;
  web_addresses_.clear();
  parent_.clear();
  parent_has_mx_ = sibling_is_same_ = false;
  own_.clear();
  zones_.clear();
  servers_.clear();
  const std::string domain = ToText(subject.domain);
  const std::string_view registrable =
      subject.suffixes.RegistrableDomain(domain);
  const bool is_below = !registrable.empty() && registrable != domain;
  if (subject.facts.status == DomainStatus::kOk) {
    AskAboutWeb(subject, lookups);
    AskAboutZones(subject, lookups);
    if (is_below) AskSibling(subject, lookups);
  } else if (subject.facts.status == DomainStatus::kImplicitMx && is_below) {
    parent_ = registrable;
    lookups.AskShared(*Name::FromText(registrable), RrType::kMx, kParentPart);
  }
}

void ExtraCollector::AskAboutWeb(const CheckSubject& subject,
                                 CheckLookups& lookups) {
  const bool any = std::ranges::any_of(
      subject.facts.exchanges,
      [](const ExchangeFacts& mx) { return !mx.addresses.empty(); });
  if (!any) return;
  lookups.AskHost(subject.domain, kDomainPart);
  const std::optional<Name> www = NameBelow("www", subject.domain);
  if (www) lookups.AskHost(*www, kWwwPart);
}

void ExtraCollector::AskAboutZones(const CheckSubject& subject,
                                   CheckLookups& lookups) {
  for (const ExchangeFacts& mx : subject.facts.exchanges) {
    if (mx.shape != ExchangeShape::kHost) continue;
    const std::string_view target = mx.alias.empty() ? mx.exchange : mx.alias;
    const std::string_view zone = subject.suffixes.IcannDomain(target);
    if (zone.empty() || std::ranges::count(zones_, zone) > 0) continue;
    if (zones_.size() == kMaxZones) break;
    zones_.emplace_back(zone);
    const auto part = kFirstZone + static_cast<int>(zones_.size()) - 1;
    lookups.AskShared(*Name::FromText(zone), RrType::kNs, part);
  }
}

// Beside all domains below the same one the same name is asked for.
void ExtraCollector::AskSibling(const CheckSubject& subject,
                                CheckLookups& lookups) {
  for (const ExchangeFacts& mx : subject.facts.exchanges) {
    own_.emplace_back(mx.preference, mx.exchange);
  }
  std::ranges::sort(own_);
  const NameView above = subject.domain.Parent();
  const std::optional<Name> sibling =
      NameBelow(RandomLabel(above, seed_), above);
  if (sibling) lookups.AskShared(*sibling, RrType::kMx, kSiblingPart);
}

void ExtraCollector::OnAnswer(int part, const Answer& answer,
                              CheckLookups& lookups) {
  if (part == kParentPart) {
    parent_has_mx_ = HasRealMx(answer);
  } else if (part == kSiblingPart) {
    sibling_is_same_ = PairsIn(answer) == own_;
  } else if (part < kFirstServer) {
    OnServers(static_cast<size_t>(part - kFirstZone), answer, lookups);
  } else {
    servers_[static_cast<size_t>(part - kFirstServer)].is_dangling =
        answer.outcome() == Outcome::kNxDomain && answer.step_count() == 0;
  }
}

void ExtraCollector::OnServers(size_t zone, const Answer& answer,
                               CheckLookups& lookups) {
  int asked = 0;
  for (const std::string& target : TargetsIn(answer)) {
    const std::string_view registrable = suffixes_->IcannDomain(target);
    if (registrable.empty() || registrable == zones_[zone]) continue;
    if (++asked > kMaxServers) return;
    const auto part = kFirstServer + static_cast<int>(servers_.size());
    servers_.push_back({zone, target, std::string(registrable)});
    lookups.AskShared(*Name::FromText(registrable), RrType::kSoa, part);
  }
}

void ExtraCollector::OnHost(int /*part*/, const Host& host,
                            CheckLookups& /*lookups*/) {
  for (const HostFamily& family : {host.a, host.aaaa}) {
    web_addresses_.insert(web_addresses_.end(), family.addresses.begin(),
                          family.addresses.end());
  }
}

void ExtraCollector::Fill(CheckFacts& facts) const {
  filled_.clear();
  for (const Server& server : servers_) {
    if (!server.is_dangling) continue;
    filled_.push_back({zones_[server.zone], server.name, server.registrable});
  }
  std::ranges::sort(filled_, {}, [](const DanglingServer& server) {
    return std::tie(server.domain, server.server);
  });
  facts.extra = ExtraFacts{.web_addresses = web_addresses_,
                           .parent = parent_,
                           .parent_has_mx = parent_has_mx_,
                           .sibling_is_same = sibling_is_same_,
                           .dangling = filled_};
}

}  // namespace mxscan
