#include "scanner/collect/mta_sts_collector.h"

#include <algorithm>
#include <string_view>

#include "scanner/collect/name_below.h"
#include "scanner/policy/mta_sts.h"

namespace mxscan {
namespace {

constexpr std::string_view kPolicyPath = "/.well-known/mta-sts.txt";

// What a certificate can be for, and a URL can be made of.
bool IsPlain(std::string_view host) {
  return std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

// NXDOMAIN and a circle of aliases speak of the name, so of both families.
bool IsGone(const HostFamily& family) {
  return family.outcome == Outcome::kNxDomain ||
         family.outcome == Outcome::kLoop;
}

PolicyHost StateOf(const Host& host) {
  if (!host.a.addresses.empty() || !host.aaaa.addresses.empty()) {
    return PolicyHost::kThere;
  }
  if (IsGone(host.a) || IsGone(host.aaaa)) return PolicyHost::kNone;
  const bool settled =
      IsDefinitive(host.a.outcome) && IsDefinitive(host.aaaa.outcome);
  return settled ? PolicyHost::kNone : PolicyHost::kUnknown;
}

}  // namespace

void MtaStsCollector::Begin(const CheckSubject& subject,
                            CheckLookups& lookups) {
  facts_.reset();
  policy_.reset();
  fetches_ = subject.fetches;
  if (!subject.TakesMail()) return;
  facts_.emplace();
  domain_ = Name(subject.domain);
  const std::optional<Name> name = NameBelow("_mta-sts", domain_);
  if (name) return lookups.Ask(*name, RrType::kTxt, 0);
  facts_->known = true;
}

void MtaStsCollector::OnAnswer(int /*part*/, const Answer& answer,
                               CheckLookups& lookups) {
  txt_.Read(answer);
  facts_->known = txt_.known();
  for (const std::string_view text : txt_.records()) {
    if (!IsMtaStsRecord(text)) continue;
    if (facts_->records++ == 0 || text < facts_->text) facts_->text = text;
  }
  facts_->valid = facts_->records == 1 && MtaStsIdOf(facts_->text).has_value();
  if (!facts_->valid) return;
  // One octet shorter than the name of the record.
  const Name host = *NameBelow("mta-sts", domain_);
  host_name_ = ToText(host);
  facts_->host_name = host_name_;
  lookups.AskHost(host, 0);
}

void MtaStsCollector::OnHost(int /*part*/, const Host& host,
                             CheckLookups& lookups) {
  facts_->host = StateOf(host);
  if (fetches_ && facts_->host == PolicyHost::kThere && IsPlain(host_name_)) {
    Fetch(host, lookups);
  }
}

void MtaStsCollector::Fetch(const Host& host, CheckLookups& lookups) {
  all_addresses_ =
      IsDefinitive(host.a.outcome) && IsDefinitive(host.aaaa.outcome);
  addresses_.clear();
  for (const HostFamily& family : {host.a, host.aaaa}) {
    addresses_.insert(addresses_.end(), family.addresses.begin(),
                      family.addresses.end());
  }
  lookups.FetchFile(host_name_, kPolicyPath, addresses_, 0);
}

void MtaStsCollector::OnFile(int /*part*/, const FetchAnswer& answer,
                             CheckLookups& /*lookups*/) {
  // An address that is not known may be a public one.
  const bool no_public = answer.outcome == FetchOutcome::kNoPublicAddress;
  if (no_public && !all_addresses_) return;
  facts_->fetched = answer.outcome;
  facts_->http_status = answer.status;
  if (answer.outcome != FetchOutcome::kFile) return;
  body_ = answer.body;
  policy_ = MtaStsPolicy::Read(body_);
  if (policy_) facts_->policy = &*policy_;
}

void MtaStsCollector::Fill(CheckFacts& facts) const { facts.mta_sts = facts_; }

}  // namespace mxscan
