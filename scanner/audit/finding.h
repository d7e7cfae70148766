// Finding is one thing that is wrong, or worth knowing, about a domain's mail:
// which (an id of data/findings.tsv), of whom, and what was seen. A small
// value; the sentence is made only where one is written.
//
// FindingId has one member for every row of that table and no other, in the
// table's order, which is also the order of equally severe findings in a row.
// Ids are stable: a name changes only with a major version.
//
// Plain data: any thread.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mxscan {

// The worst first. kOff is what a user's table says of a finding that is not
// wanted at all.
enum class Severity : uint8_t { kError, kWarning, kInfo, kOff };

// Empty for kOff.
std::string_view WordFor(Severity severity);

enum class FindingId : uint8_t {
  // The MX set.
  kNoMailRoute,
  kImplicitMx,
  kNullMx,
  kNullMxNonzeroPref,
  kNullMxMixed,
  kMxLocalhost,
  kMxIpLiteral,
  kMxInvalidHostname,
  kMxUnderscoreHost,
  kMxSingleLabel,
  kMxReservedTld,
  kMxVerificationLeftover,
  kMxMissingTrailingDot,
  kMxDuplicateHost,
  kMxMany,
  // What its hosts resolve to.
  kMxTargetNxdomain,
  kMxTargetNoAddress,
  kMxTargetLookupFailed,
  kMxTargetCname,
  kMxTargetCnameLoop,
  kMxPrimaryUnresolvable,
  kMxNoneUsable,
  // Addresses.
  kAddrLoopback,
  kAddrPrivate,
  kAddrReserved,
  kMxSharedAddress,
  kMxSameSubnet,
  // Redundancy, order, time to live, IPv6.
  kSingleMx,
  kEqualPreference,
  kPriorityInverted,
  kMxTtlLow,
  kMxTtlHigh,
  kIpv6Missing,
  kIpv6Only,
  // Aliases at the domain itself.
  kDomainIsCname,
  kCnameAtApex,
  // Providers.
  kProviderIncomplete,
  kProviderSplit,
  kProviderLeftover,
  kGatewayBypassMx,
  kProviderDeprecatedHost,
  kMxProviderTypo,
  kMxLookalikeLive,
  kMxTakeoverUnregistered,
  // SPF.
  kNullMxSender,
  kNullMxRecommended,
  kSpfMissing,
  kSpfMultiple,
  kSpfSyntax,
  kSpfLookupLimit,
  kSpfVoidLimit,
  kSpfIncludeBroken,
  kSpfPermissiveAll,
  kSpfNoAll,
  kSpfPtr,
  kSpfNearMiss,
  kSpfSenderIdLeftover,
  // DMARC.
  kDmarcMissing,
  kDmarcMultiple,
  kDmarcSyntax,
  kDmarcPolicyNone,
  kDmarcSubdomainWeaker,
  kDmarcReportUnauthorised,
  kDmarcMisplaced,
  kDmarcObsoleteTags,
  kDmarcTestMode,
  kDmarcNoRua,
  kDmarcInherited,
  // Domains that take no mail.
  kParkedUnprotected,
  kParkedLocked,
  // MTA-STS.
  kMtaStsHostBroken,
  kMtaStsMxMismatch,
  kMtaStsInvalid,
  kMtaStsPolicyUnusable,
  kMtaStsMissing,
  kMtaStsTesting,
  // TLS-RPT.
  kTlsrptMissing,
  kTlsrptInvalid,
  // DANE, DNSSEC.
  kDaneLookupFailed,
  kDaneInsecure,
  kDaneUnusable,
  kDanePartial,
  kDnssecBogus,
  // DKIM.
  kDkimAbsent,
  kDkimSelectorMissing,
  kDkimWeakKey,
  kDkimRevoked,
  kDkimWildcard,
  // Reverse names.
  kPtrMissing,
  kPtrMismatch,
  // What else is worth knowing.
  kMxIsWebHost,
  kSubdomainNoMx,
  kWildcardMx,
  kMxTakeoverDanglingNs,
  kBackupOtherOperator,
  // Of the audit itself.
  kLookupIncomplete,
};
inline constexpr int kFindingCount =
    static_cast<int>(FindingId::kLookupIncomplete) + 1;

// The id as rows have it: `mx_target_nxdomain`.
std::string_view NameOf(FindingId id);
std::optional<FindingId> FindingCalled(std::string_view name);

// Some findings are worse in one case than in another: data/findings.tsv then
// has two severities, and the check says which case it is.
enum class Case : uint8_t { kWorse, kMilder };

// Views point into the facts, the table of providers or the FindingList.
struct Finding {
  FindingId id;
  Severity severity;
  std::string_view subject;  // A host or a name; empty: the domain.
  std::string_view detail;   // What was seen; what it is depends on the id.
  int64_t number = 0;        // The same.

  friend bool operator==(const Finding&, const Finding&) = default;
};

}  // namespace mxscan
