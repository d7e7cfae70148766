#include "scanner/audit/finding.h"

#include <algorithm>

namespace mxscan {
namespace {

// In the order of FindingId.
constexpr std::array<std::string_view, kFindingCount> kNames = {
    "no_mail_route",
    "implicit_mx",
    "null_mx",
    "null_mx_nonzero_pref",
    "null_mx_mixed",
    "mx_localhost",
    "mx_ip_literal",
    "mx_invalid_hostname",
    "mx_underscore_host",
    "mx_single_label",
    "mx_reserved_tld",
    "mx_verification_leftover",
    "mx_missing_trailing_dot",
    "mx_duplicate_host",
    "mx_many",
    "mx_target_nxdomain",
    "mx_target_no_address",
    "mx_target_lookup_failed",
    "mx_target_cname",
    "mx_target_cname_loop",
    "mx_primary_unresolvable",
    "mx_none_usable",
    "addr_loopback",
    "addr_private",
    "addr_reserved",
    "mx_shared_address",
    "mx_same_subnet",
    "single_mx",
    "equal_preference",
    "priority_inverted",
    "mx_ttl_low",
    "mx_ttl_high",
    "ipv6_missing",
    "ipv6_only",
    "domain_is_cname",
    "cname_at_apex",
    "provider_incomplete",
    "provider_split",
    "provider_leftover",
    "gateway_bypass_mx",
    "provider_deprecated_host",
    "mx_provider_typo",
    "mx_lookalike_live",
    "mx_takeover_unregistered",
    "null_mx_sender",
    "null_mx_recommended",
    "spf_missing",
    "spf_multiple",
    "spf_syntax",
    "spf_lookup_limit",
    "spf_void_limit",
    "spf_include_broken",
    "spf_permissive_all",
    "spf_no_all",
    "spf_ptr",
    "spf_near_miss",
    "spf_sender_id_leftover",
    "dmarc_missing",
    "dmarc_multiple",
    "dmarc_syntax",
    "dmarc_policy_none",
    "dmarc_subdomain_weaker",
    "dmarc_report_unauthorised",
    "dmarc_misplaced",
    "dmarc_obsolete_tags",
    "dmarc_test_mode",
    "dmarc_no_rua",
    "dmarc_inherited",
    "parked_unprotected",
    "parked_locked",
    "mta_sts_host_broken",
    "mta_sts_mx_mismatch",
    "mta_sts_invalid",
    "mta_sts_policy_unusable",
    "mta_sts_missing",
    "mta_sts_testing",
    "tlsrpt_missing",
    "tlsrpt_invalid",
    "dane_lookup_failed",
    "dane_insecure",
    "dane_unusable",
    "dane_partial",
    "dnssec_bogus",
    "dkim_absent",
    "dkim_selector_missing",
    "dkim_weak_key",
    "dkim_revoked",
    "dkim_wildcard",
    "ptr_missing",
    "ptr_mismatch",
    "mx_is_web_host",
    "subdomain_no_mx",
    "wildcard_mx",
    "mx_takeover_dangling_ns",
    "backup_other_operator",
    "lookup_incomplete",
};
static_assert(!kNames.back().empty(), "a finding without a name");

}  // namespace

std::string_view WordFor(Severity severity) {
  switch (severity) {
    case Severity::kError: return "error";
    case Severity::kWarning: return "warning";
    case Severity::kInfo: return "info";
    case Severity::kOff: break;
  }
  return {};
}

std::string_view NameOf(FindingId id) { return kNames[static_cast<int>(id)]; }

std::optional<FindingId> FindingCalled(std::string_view name) {
  const auto* const found = std::ranges::find(kNames, name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<FindingId>(found - kNames.begin());
}

}  // namespace mxscan
