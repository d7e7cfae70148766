// DomainFacts: all that was learnt of one domain, as plain data. Everything
// that judges (classify, and later audit) is a pure function of it, and
// to_record makes the row from both.
//
// Views point into memory of whoever fills the facts: in a scan, one scratch
// per shard that is used again for the next domain; in a test, literals.
// Names are text as name.h writes it: lower case, no final dot.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "resolver/address.h"
#include "resolver/answer.h"
#include "scanner/collect/check_facts.h"
#include "scanner/input/domain_source.h"
#include "scanner/task/exchange_shape.h"

namespace mxscan {

// The status column; what each means is said in README.md.
enum class DomainStatus : uint8_t {
  kOk,
  kNullMx,
  kImplicitMx,
  kNoMail,
  kNxDomain,
  kIndeterminate,
  kServFail,
  kRefused,
  kTimeout,
  kMalformed,
  kInvalidInput,
};
inline constexpr int kDomainStatusCount = 11;

// The state of an exchange, a column of its own.
enum class HostState : uint8_t {
  kOk,
  kNxDomain,
  kNoData,
  kFailed,
  kLoop,
  kNotQueried,
  kNull,
};

// Whether somebody has registered the domain that a name without an entry in
// the DNS would lie in.
enum class Registration : uint8_t { kNotAsked, kExists, kNone, kUnknown };

struct ExchangeFacts {
  int32_t preference = 0;
  std::string_view exchange;  // "." for the null exchange.
  int host = 0;               // The same number for the same exchange, from 0.
  ExchangeShape shape = ExchangeShape::kHost;
  int64_t ttl = 0;
  HostState state = HostState::kNotQueried;
  std::string_view alias;  // End of its alias chain; empty without one.
  absl::Span<const IpAddress> addresses;
  // The family was asked for and no server could say.
  bool a_unknown = false;
  bool aaaa_unknown = false;
  bool servfail = false;          // One of these, or both, for SERVFAIL.
  bool secure_addresses = false;  // There are some, and all carried AD.
  // Of the domain that an exchange which does not exist would be bought in.
  Registration registration = Registration::kNotAsked;
  std::string_view registrable;  // That domain; empty unless it was asked for.
};

struct DomainFacts {
  InputLine line;
  std::string domain;  // line.domain as text; empty where the line is none.
  DomainStatus status = DomainStatus::kInvalidInput;
  std::string_view detail;  // Empty for none.
  std::string_view alias;   // End of the domain's own chain; empty for none.
  bool alias_is_dname = false;  // That chain begins at a name above the domain.
  // Distinct records by (preference, exchange). Empty unless MX were found.
  std::vector<ExchangeFacts> exchanges;
  bool mx_known = false;  // Somebody said which MX there are, or none.
  // The domain's own, when they were asked for.
  std::optional<absl::Span<const IpAddress>> own_addresses;
  // The domain's TXT records, the strings of each joined; nullopt when nobody
  // asked, or nobody could say.
  std::optional<absl::Span<const std::string_view>> txt;
  // How the MX answer was got; nullopt when no question was asked.
  std::optional<AnswerHeader> how;
  // Of the groups of checks beyond `mx` that are on.
  CheckFacts checks;
};

}  // namespace mxscan
