// What was learnt of a domain's DMARC (RFC 9989): which record applies to it,
// and what that asks for. Plain data; views hold as long as the collector's
// facts.

#pragma once

#include <optional>
#include <string_view>

#include "absl/types/span.h"
#include "scanner/policy/dmarc_record.h"

namespace mxscan {

struct DmarcFacts {
  int own_records = 0;  // DMARC records at _dmarc.<domain>.
  // The least TXT record at _dmarc.<domain>, where none there is of DMARC.
  std::string_view stray;
  // The least DMARC record at the domain itself, where nobody looks for one.
  std::string_view misplaced;

  // Which record applies, or that none does, is certain.
  bool known = false;
  // The record that applies; both empty where none does, or nobody knows.
  std::string_view text;
  std::string_view location;  // The name whose _dmarc has it.
  bool inherited = false;     // That is not the domain itself.
  // In force at the domain; nullopt without a record, and where the tag that
  // counts holds no policy.
  std::optional<DmarcPolicy> policy;

  // All that follows is of that record.
  std::optional<DmarcPolicy> record_policy;     // p
  std::optional<DmarcPolicy> record_subdomain;  // sp
  std::string_view unknown_word;                // As `p=block`; empty for none.
  std::string_view obsolete_tags;
  bool is_test = false;
  bool has_rua = false;
  // Hosts of other organizations that were not found to want its reports.
  absl::Span<const std::string_view> unauthorised;
};

}  // namespace mxscan
