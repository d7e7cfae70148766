#include "tests/scanner/audit/mail_facts.h"

#include <algorithm>
#include <tuple>

#include "resolver/wire/name.h"

namespace mxscan {

MailFacts::MailFacts(std::string_view domain) {
  facts_.line.domain = *Name::FromText(domain);
  facts_.domain = ToText(facts_.line.domain);
  facts_.status = DomainStatus::kOk;
  facts_.mx_known = true;
  facts_.how.emplace();
  facts_.how->outcome = Outcome::kAnswer;
}

std::string_view MailFacts::Keep(std::string_view text) {
  return texts_.emplace_back(text);
}

MailFacts& MailFacts::Mx(int preference, std::string_view exchange,
                         std::initializer_list<std::string_view> addresses) {
  static const PublicSuffixes& suffixes =
      *new PublicSuffixes(*PublicSuffixes::System());
  ExchangeFacts mx;
  const Name name = *Name::FromText(exchange);
  mx.preference = preference;
  mx.exchange = Keep(ToText(name));
  mx.ttl = 3600;
  mx.shape = ShapeOf(name, facts_.line.domain, suffixes);
  mx.state = addresses.size() > 0 ? HostState::kOk : HostState::kNoData;
  if (mx.shape == ExchangeShape::kNull) {
    mx.state = HostState::kNull;
  } else if (mx.shape != ExchangeShape::kHost) {
    mx.state = HostState::kNotQueried;
  }
  std::vector<IpAddress>& kept = addresses_.emplace_back();
  for (const std::string_view address : addresses) {
    kept.push_back(*IpAddress::FromText(address));
  }
  mx.addresses = kept;
  facts_.exchanges.push_back(mx);
  return *this;
}

MailFacts& MailFacts::Is(HostState state) {
  last().state = state;
  return *this;
}

MailFacts& MailFacts::AliasOf(std::string_view target) {
  last().alias = Keep(target);
  return *this;
}

MailFacts& MailFacts::FailsFor(bool a, bool aaaa) {
  last().a_unknown = a;
  last().aaaa_unknown = aaaa;
  if (last().addresses.empty()) last().state = HostState::kFailed;
  return *this;
}

MailFacts& MailFacts::Ttl(int64_t seconds) {
  last().ttl = seconds;
  return *this;
}

MailFacts& MailFacts::Registered(Registration registration,
                                 std::string_view domain) {
  last().registration = registration;
  last().registrable = Keep(domain);
  return *this;
}

MailFacts& MailFacts::Status(DomainStatus status) {
  facts_.status = status;
  return *this;
}

const DomainFacts& MailFacts::facts() {
  auto& exchanges = facts_.exchanges;
  std::ranges::sort(exchanges, {}, [](const ExchangeFacts& mx) {
    return std::tie(mx.preference, mx.exchange);
  });
  std::vector<std::string_view> hosts;
  for (const ExchangeFacts& mx : exchanges) hosts.push_back(mx.exchange);
  std::ranges::sort(hosts);
  const auto rest = std::ranges::unique(hosts);
  hosts.erase(rest.begin(), rest.end());
  for (ExchangeFacts& mx : exchanges) {
    mx.host = static_cast<int>(std::ranges::lower_bound(hosts, mx.exchange) -
                               hosts.begin());
  }
  return facts_;
}

}  // namespace mxscan
