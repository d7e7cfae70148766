#include "scanner/collect/spf_collector.h"

#include <algorithm>
#include <utility>

#include "scanner/collect/for_print.h"

namespace mxscan {
namespace {

using Content = SpfTree::Content;
using Kind = SpfTree::Kind;
using State = SpfTree::State;

constexpr std::string_view kSenderId = "spf2.0/";  // RFC 4406.

SpfTree::OwnMx OwnMxOf(const DomainFacts& facts) {
  SpfTree::OwnMx mx;
  mx.known = facts.mx_known;
  for (const ExchangeFacts& exchange : facts.exchanges) {
    mx.exchanges = std::max(mx.exchanges, exchange.host + 1);
  }
  return mx;
}

bool IsSenderId(std::string_view text) {
  return text.size() >= kSenderId.size() &&
         std::equal(kSenderId.begin(), kSenderId.end(), text.begin(),
                    [](char a, char b) { return a == (b | ' '); });
}

// Of several texts the least, so that their order means nothing.
void KeepLeast(std::string_view text, std::string_view& least) {
  if (least.empty() || text < least) least = text;
}

}  // namespace

// A name that does not exist has no records.
bool SpfCollector::WantsTxt(const CheckSubject& subject) const {
  return subject.facts.status != DomainStatus::kNxDomain;
}

void SpfCollector::Begin(const CheckSubject& subject,
                         CheckLookups& /*lookups*/) {
  tree_.Begin(subject.domain, OwnMxOf(subject.facts));
  queries_ = pending_ = records_pending_ = 0;
  failed_ = false;
  facts_.reset();
  broken_.clear();
  kept_.clear();
  if (WantsTxt(subject)) facts_.emplace();
}

void SpfCollector::OnTxt(const TxtSet& txt, CheckLookups& lookups) {
  if (!facts_) return;  // Another group wants these records.
  facts_->known = txt.known();
  if (!txt.known()) return;
  ReadOwn(txt);
  if (facts_->records != 1) return;
  tree_.TakeRecord(0, txt);
  AskNextLevel(lookups);
  if (pending_ == 0) Settle();
}

void SpfCollector::ReadOwn(const TxtSet& txt) {
  std::string_view record, near_miss, sender_id;
  for (const std::string_view text : txt.records()) {
    if (SpfRecord::Is(text)) {
      ++facts_->records;
      KeepLeast(text, record);
    } else if (SpfRecord::IsNearly(text)) {
      KeepLeast(text, near_miss);
    }
    if (IsSenderId(text)) KeepLeast(text, sender_id);
  }
  facts_->text = Keep(std::string(record));
  if (!near_miss.empty() && record.empty()) {
    facts_->near_miss = Keep(ForPrint(near_miss));
  }
  if (!sender_id.empty()) facts_->sender_id = Keep(ForPrint(sender_id));
}

// REQUIRES: every record that was asked for is in.
void SpfCollector::AskNextLevel(CheckLookups& lookups) {
  if (failed_) return;
  tree_.Walk([&](const SpfTree::Step& step) {
    const bool is_reached = step.position < kMaxSpfLookups;
    if (is_reached && step.place != SpfTree::kNowhere) {
      AskFor(step.place, lookups);
    }
  });
}

void SpfCollector::AskFor(int place, CheckLookups& lookups) {
  const SpfTree::Place& asked = tree_.place(place);
  if (asked.state != State::kUnasked) return;
  const int cost = asked.kind == Kind::kHost ? 2 : 1;
  if (queries_ + cost > kMaxQueries) return;
  queries_ += cost;
  ++pending_;
  tree_.Await(place);
  switch (asked.kind) {
    case Kind::kHost: return lookups.AskHost(asked.name, place);
    case Kind::kMx: return lookups.AskShared(asked.name, RrType::kMx, place);
    case Kind::kRecord: break;
  }
  ++records_pending_;
  lookups.AskShared(asked.name, RrType::kTxt, place);
}

void SpfCollector::OnAnswer(int part, const Answer& answer,
                            CheckLookups& lookups) {
  --pending_;
  if (tree_.place(part).kind == Kind::kMx) {
    tree_.TakeMx(part, answer);
  } else {
    txt_.Read(answer);
    tree_.TakeRecord(part, txt_);
    failed_ = failed_ || !txt_.known();
    if (--records_pending_ == 0) AskNextLevel(lookups);
  }
  if (pending_ == 0) Settle();
}

void SpfCollector::OnHost(int part, const Host& host,
                          CheckLookups& /*lookups*/) {
  --pending_;
  tree_.TakeHost(part, host);
  if (pending_ == 0) Settle();
}

// One family of a host's addresses is enough to know that it has some.
bool SpfCollector::Matters(int part) const {
  return tree_.place(part).state == State::kFailed;
}

// Everything is in.
void SpfCollector::Settle() {
  const SpfTree::Place& own = tree_.place(0);
  facts_->valid = own.content == Content::kSound;
  if (!facts_->valid) return AddBroken(SpfBreak::kSyntax, own);
  facts_->has_ptr = own.has_ptr;
  facts_->only_fails = own.only_fails;
  const SpfTree::Ending ending = tree_.FindEnding();
  facts_->may_pass = ending.may_pass;
  facts_->all_known = ending.known;
  facts_->all = ending.all;
  facts_->lookups_known = !own.leads_on;
  facts_->voids_known = true;
  facts_->lookups =
      tree_.Walk([this](const SpfTree::Step& step) { Weigh(step); });
  if (facts_->lookups == SpfTree::kMostCounted) facts_->lookups_known = false;
}

void SpfCollector::Weigh(const SpfTree::Step& step) {
  if (step.place == SpfTree::kNowhere) return;
  const SpfTree::Place& place = tree_.place(step.place);
  if (step.loops) return AddBroken(SpfBreak::kLoop, place);
  if (place.state != State::kKnown) {
    if (place.kind == Kind::kRecord) facts_->lookups_known = false;
    if (step.position < kMaxSpfLookups) facts_->voids_known = false;
    return;
  }
  if (place.empty) {
    ++facts_->voids;
    std::string name = ToText(place.name);
    if (facts_->void_name.empty() || name < facts_->void_name) {
      facts_->void_name = Keep(std::move(name));
    }
  }
  if (place.crowded) {
    std::string name = ToText(place.name);
    if (facts_->crowded_mx.empty() || name < facts_->crowded_mx) {
      facts_->crowded_mx = Keep(std::move(name));
    }
  }
  if (place.kind != Kind::kRecord) return;
  switch (place.content) {
    case Content::kNone: return AddBroken(SpfBreak::kNoRecord, place);
    case Content::kSeveral: return AddBroken(SpfBreak::kSeveral, place);
    case Content::kNoName: return AddBroken(SpfBreak::kNoName, place);
    case Content::kBroken:
      facts_->lookups_known = false;
      return AddBroken(SpfBreak::kSyntax, place);
    case Content::kSound: break;
  }
  if (place.leads_on) facts_->lookups_known = false;
}

void SpfCollector::AddBroken(SpfBreak how, const SpfTree::Place& place) {
  const std::string name =
      how == SpfBreak::kNoName ? place.detail : ToText(place.name);
  for (const SpfBroken& other : broken_) {
    if (other.how == how && other.name == name) return;
  }
  const std::string detail = how == SpfBreak::kSyntax ? place.detail : "";
  broken_.push_back({how, Keep(name), Keep(detail)});
}

std::string_view SpfCollector::Keep(std::string text) {
  return kept_.emplace_back(std::move(text));
}

void SpfCollector::Fill(CheckFacts& facts) const {
  facts.spf = facts_;
  if (facts.spf) facts.spf->broken = broken_;
}

}  // namespace mxscan
