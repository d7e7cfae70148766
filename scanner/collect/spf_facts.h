// What was learnt of a domain's SPF (RFC 7208): its record, and what senders
// come to at worst when they evaluate it, whoever the client is. Plain data;
// views hold as long as the collector's facts.
//
// A figure with `known` beside it that is false is a lower bound: so much is
// certain, and there may be more.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/types/span.h"
#include "scanner/policy/spf_record.h"

namespace mxscan {

// Beyond so many, receivers give up (§4.6.4).
inline constexpr int kMaxSpfLookups = 10;
inline constexpr int kMaxSpfVoids = 2;
inline constexpr int kMaxSpfExchanges = 10;  // That one mx term leads to.

// Why a record makes the evaluation fail for good (permerror).
enum class SpfBreak : uint8_t {
  kSyntax,    // It breaks the grammar (§4.6).
  kNoRecord,  // An include or redirect leads to a name without one (§5.2).
  kSeveral,   // Or with more than one (§4.5).
  kLoop,      // Or back to a name that led there.
  kNoName,    // Or to what is no domain name (§4.3).
};

struct SpfBroken {
  SpfBreak how;
  std::string_view name;    // Whose record it is.
  std::string_view detail;  // Of kSyntax: the term, and what is wrong with it.
};

struct SpfFacts {
  bool known = false;  // Somebody said which TXT records there are, or none.
  int records = 0;     // SPF records at the domain itself.
  // The record; of several the least by its octets. Empty for none.
  std::string_view text;
  // Without a record: the least TXT record that looks meant as one.
  std::string_view near_miss;
  std::string_view sender_id;  // The least that begins with spf2.0/.

  // All that follows is of the one record, and needs records == 1.
  bool valid = false;       // Its grammar holds.
  bool has_ptr = false;     // Of its own, before `all`.
  bool only_fails = false;  // `-all`, and nothing before it.
  // Some term can let a client pass, also where a redirect leads.
  bool may_pass = false;
  // `all`, also where a redirect leads; nullopt: there is none.
  bool all_known = false;
  std::optional<SpfQualifier> all;
  // Terms that take a question (§4.6.4), all that can come to be evaluated.
  bool lookups_known = false;
  int lookups = 0;
  // Those whose own question brings nothing, for certain. Of a record with
  // more than ten lookups, those among the first ten.
  bool voids_known = false;
  int voids = 0;
  std::string_view void_name;  // The least of their names.
  // The least name that an mx term leads to and that has more than ten
  // exchanges. Empty for none.
  std::string_view crowded_mx;
  absl::Span<const SpfBroken> broken;  // Each once.
};

}  // namespace mxscan
