// MailFacts builds the facts of one domain for tests of the audit, as a scan
// would have learnt them, with names and addresses as text:
//
//   MailFacts("example.com").Mx(10, "mx.example.com", {"44.1.1.1"})
//
// An exchange without addresses has none, for certain; Fails and Is say
// otherwise of the one added last.

#pragma once

#include <deque>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/classify/public_suffixes.h"
#include "scanner/facts.h"

namespace mxscan {

class MailFacts {
 public:
  explicit MailFacts(std::string_view domain = "example.com");

  MailFacts& Mx(int preference, std::string_view exchange,
                std::initializer_list<std::string_view> addresses = {});
  MailFacts& Is(HostState state);
  MailFacts& AliasOf(std::string_view target);
  MailFacts& FailsFor(bool a, bool aaaa);
  MailFacts& Ttl(int64_t seconds);
  MailFacts& Registered(Registration registration, std::string_view domain);
  MailFacts& Status(DomainStatus status);

  // Sorted as a scan would have it. Holds as long as this does.
  const DomainFacts& facts();

  std::vector<ExchangeFacts>& exchanges() { return facts_.exchanges; }

 private:
  std::string_view Keep(std::string_view text);
  ExchangeFacts& last() { return facts_.exchanges.back(); }

  DomainFacts facts_;
  std::deque<std::string> texts_;
  std::deque<std::vector<IpAddress>> addresses_;
};

}  // namespace mxscan
