#include <string_view>

#include "absl/strings/str_cat.h"
#include "scanner/audit/checks.h"

namespace mxscan {
namespace {

using enum FindingId;

// Why senders have no policy, where the domain's own host says so.
// REQUIRES: IsDefinitive(*facts.fetched).
std::string_view WhyUnusable(const MtaStsFacts& facts, FindingList& out) {
  switch (*facts.fetched) {
    case FetchOutcome::kFile: return "the file is no valid policy";
    case FetchOutcome::kStatus:
      return out.Keep(absl::StrCat("the HTTP status is ", facts.http_status));
    case FetchOutcome::kRedirect:
      return out.Keep(absl::StrCat("the HTTP status is ", facts.http_status,
                                   ", and redirects are not followed"));
    case FetchOutcome::kTooLarge: return "the file is larger than 64 KiB";
    case FetchOutcome::kNotHttp: return "what comes is not HTTP";
    case FetchOutcome::kCertificateExpired:
      return "the certificate has expired, or is not valid yet";
    case FetchOutcome::kCertificateName:
      return "the certificate is for other names";
    case FetchOutcome::kCertificateIssuer:
      return "the certificate is from no authority that is trusted";
    case FetchOutcome::kNoTls: return "the TLS handshake fails";
    case FetchOutcome::kNoPublicAddress:
      return "the host has no public address";
    case FetchOutcome::kTryLater:
    case FetchOutcome::kUnreachable: break;
  }
  return {};
}

void CheckExchange(const CheckContext& context, const MtaStsPolicy& policy,
                   std::string_view exchange) {
  if (policy.Fits(exchange)) return;
  const bool enforced = policy.mode() == MtaStsMode::kEnforce;
  context.out.AddCase(kMtaStsMxMismatch,
                      enforced ? Case::kWorse : Case::kMilder, exchange,
                      WordFor(policy.mode()));
}

void CheckPolicy(const CheckContext& context, const MtaStsPolicy& policy) {
  if (policy.mode() == MtaStsMode::kNone) return;
  if (policy.mode() == MtaStsMode::kTesting) context.out.Add(kMtaStsTesting);
  for (const MxHost& host : context.mx.hosts()) {
    // What is no host's name has its own finding.
    if (host.facts->shape != ExchangeShape::kHost) continue;
    CheckExchange(context, policy, host.name());
  }
  // The domain is its own exchange (RFC 5321 §5.1).
  if (context.facts.status == DomainStatus::kImplicitMx) {
    CheckExchange(context, policy, context.out.Keep(context.facts.domain));
  }
}

}  // namespace

void CheckMtaSts(const CheckContext& context) {
  const MtaStsFacts& facts = *context.facts.checks.mta_sts;
  if (!facts.known) return;
  if (facts.records == 0) return context.out.Add(kMtaStsMissing);
  if (!facts.valid) {
    return context.out.Add(
        kMtaStsInvalid, {},
        facts.records > 1 ? "there is more than one" : "it has no id");
  }
  if (facts.host == PolicyHost::kNone) {
    context.out.Add(kMtaStsHostBroken, facts.host_name);
  }
  if (facts.policy != nullptr) return CheckPolicy(context, *facts.policy);
  if (!facts.fetched || !IsDefinitive(*facts.fetched)) return;
  context.out.Add(kMtaStsPolicyUnusable, facts.host_name,
                  WhyUnusable(facts, context.out));
}

}  // namespace mxscan
