#include <string>
#include <string_view>

#include "scanner/audit/checks.h"

namespace mxscan {
namespace {

using enum FindingId;

std::string_view Said(SpfBreak how) {
  switch (how) {
    case SpfBreak::kSyntax: break;
    case SpfBreak::kNoRecord: return "has no SPF record";
    case SpfBreak::kSeveral: return "has several SPF records";
    case SpfBreak::kLoop: return "leads back to itself";
    case SpfBreak::kNoName: return "is no domain name";
  }
  return {};
}

void CheckBroken(const CheckContext& context, const SpfFacts& spf) {
  for (const SpfBroken& broken : spf.broken) {
    if (broken.how == SpfBreak::kSyntax) {
      context.out.Add(kSpfSyntax, broken.name, broken.detail);
    } else {
      context.out.Add(kSpfIncludeBroken, broken.name, Said(broken.how));
    }
  }
}

void CheckLimits(const CheckContext& context, const SpfFacts& spf) {
  if (spf.lookups > kMaxSpfLookups) {
    std::string seen = spf.lookups_known ? "" : "at least ";
    seen += std::to_string(spf.lookups) + ", where ten are allowed";
    context.out.Add(kSpfLookupLimit, {}, context.out.Keep(std::move(seen)),
                    spf.lookups);
  }
  if (!spf.crowded_mx.empty()) {
    std::string seen(spf.crowded_mx);
    seen += ", to which an mx term leads, has more than ten exchanges";
    context.out.Add(kSpfLookupLimit, {}, context.out.Keep(std::move(seen)));
  }
  if (spf.voids > kMaxSpfVoids) {
    context.out.Add(kSpfVoidLimit, {}, spf.void_name, spf.voids);
  }
}

void CheckAll(const CheckContext& context, const SpfFacts& spf) {
  if (!spf.all_known) return;
  if (!spf.all) return context.out.Add(kSpfNoAll, {}, "it has no all");
  if (spf.all == SpfQualifier::kNeutral) {
    context.out.Add(kSpfNoAll, {}, "it ends in ?all");
  }
  if (spf.all == SpfQualifier::kPass) context.out.Add(kSpfPermissiveAll);
}

// A record whose grammar holds.
void CheckRecord(const CheckContext& context, const SpfFacts& spf) {
  CheckLimits(context, spf);
  CheckAll(context, spf);
  if (spf.has_ptr) context.out.Add(kSpfPtr);
  const DomainStatus status = context.facts.status;
  if (status == DomainStatus::kNullMx && spf.may_pass) {
    context.out.Add(kNullMxSender);
  }
  if (status == DomainStatus::kImplicitMx && spf.only_fails) {
    context.out.Add(kNullMxRecommended);
  }
}

}  // namespace

void CheckSpf(const CheckContext& context) {
  const SpfFacts& spf = *context.facts.checks.spf;
  if (!spf.known) return;
  if (!spf.sender_id.empty()) {
    context.out.Add(kSpfSenderIdLeftover, {}, spf.sender_id);
  }
  if (spf.records == 0) {
    if (context.TakesMail()) context.out.Add(kSpfMissing);
    if (!spf.near_miss.empty()) {
      context.out.Add(kSpfNearMiss, {}, spf.near_miss);
    }
    return;
  }
  if (spf.records > 1) {
    return context.out.Add(kSpfMultiple, {}, {}, spf.records);
  }
  CheckBroken(context, spf);
  if (spf.valid) CheckRecord(context, spf);
}

}  // namespace mxscan
