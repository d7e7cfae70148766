#include "scanner/collect/spf_tree.h"

#include <algorithm>

#include "absl/types/span.h"
#include "scanner/collect/for_print.h"

namespace mxscan {
namespace {

// A domain of a record has no escapes: its backslashes are octets.
std::optional<Name> NameOf(std::string_view domain) {
  if (domain.find('\\') == domain.npos) return Name::FromText(domain);
  std::string escaped;
  for (const char c : domain) {
    if (c == '\\') escaped += '\\';
    escaped += c;
  }
  return Name::FromText(escaped);
}

bool IsVoid(Outcome outcome) {
  return outcome == Outcome::kNoData || outcome == Outcome::kNxDomain;
}

// Whether the answer names more than kMaxSpfExchanges hosts.
bool IsCrowded(const Answer& answer) {
  constexpr size_t kPreference = 2;  // Octets.
  std::vector<absl::Span<const uint8_t>> hosts;
  for (int i = 0; i < answer.record_count(); ++i) {
    const Answer::Record record = answer.record(i);
    if (!answer.Counts(record) || record.rdata.size() < kPreference) continue;
    const auto host = record.rdata.subspan(kPreference);
    if (std::ranges::find(hosts, host) != hosts.end()) continue;
    if (hosts.size() == kMaxSpfExchanges) return true;
    hosts.push_back(host);
  }
  return false;
}

}  // namespace

struct SpfTree::Visit {
  absl::FunctionRef<void(const Step&)> visit;
  std::vector<int> path = {};  // Records that led here.
  int count = 0;
};

void SpfTree::Begin(NameView domain, const OwnMx& mx) {
  count_ = 0;
  own_mx_ = mx;
  Add(Kind::kRecord, Name(domain));
}

int SpfTree::Add(Kind kind, const Name& name) {
  if (static_cast<size_t>(count_) == places_.size()) places_.emplace_back();
  Place& place = At(count_);
  place.kind = kind;
  place.state = State::kUnasked;
  place.empty = place.crowded = false;
  place.content = Content::kNone;
  place.name = name;
  place.detail.clear();
  place.steps.clear();
  place.more_steps = 0;
  place.leads_on = false;
  place.all.reset();
  place.redirect.reset();
  place.has_ptr = place.may_pass = place.only_fails = false;
  return count_++;
}

int SpfTree::FindOrAdd(Kind kind, const Name& name) {
  for (int i = 0; i < count_; ++i) {
    if (place(i).kind == kind && place(i).name == name &&
        place(i).content != Content::kNoName) {
      return i;
    }
  }
  const int added = Add(kind, name);
  if (kind == Kind::kMx && name == place(0).name) {
    At(added).state = own_mx_.known ? State::kKnown : State::kFailed;
    At(added).empty = own_mx_.exchanges == 0;
    At(added).crowded = own_mx_.exchanges > kMaxSpfExchanges;
  }
  return added;
}

// What is no name of at least two labels has no record, for certain (§4.3).
int SpfTree::AddNoName(std::string_view text) {
  const int added = Add(Kind::kRecord, Name());
  At(added).state = State::kKnown;
  At(added).content = Content::kNoName;
  At(added).detail = ForPrint(text);
  return added;
}

int SpfTree::PlaceOf(Kind kind, std::string_view domain, const Name& own) {
  if (domain.empty()) return FindOrAdd(kind, own);
  const std::optional<Name> name = NameOf(domain);
  const int labels = name ? name->view().LabelCount() : 0;
  if (kind == Kind::kRecord && labels < 2) return AddNoName(domain);
  // Anything else that is no name just does not match (§4.8).
  return labels > 0 ? FindOrAdd(kind, *name) : kNowhere;
}

void SpfTree::AddStep(Place& place, const SpfTerm& term) {
  if (place.steps.size() >= kMaxSpfLookups) {
    ++place.more_steps;
    const bool is_record = term.mechanism == SpfMechanism::kInclude;
    place.leads_on = place.leads_on || (is_record && !term.has_macro);
    return;
  }
  if (term.has_macro || term.mechanism == SpfMechanism::kPtr) {
    place.steps.push_back(kNowhere);
    return;
  }
  Kind kind = Kind::kHost;  // Of `a` and `exists`.
  if (term.mechanism == SpfMechanism::kInclude) kind = Kind::kRecord;
  if (term.mechanism == SpfMechanism::kMx) kind = Kind::kMx;
  place.steps.push_back(PlaceOf(kind, term.domain, place.name));
}

void SpfTree::AddRedirect(Place& place, const SpfRecord& record) {
  place.redirect = kNowhere;
  if (place.steps.size() >= kMaxSpfLookups) {
    ++place.more_steps;
    place.leads_on = place.leads_on || !record.redirect_has_macro();
    return;
  }
  if (!record.redirect_has_macro()) {
    place.redirect = PlaceOf(Kind::kRecord, record.redirect(), place.name);
  }
  place.steps.push_back(*place.redirect);
}

void SpfTree::Read(Place& place, std::string_view text) {
  const SpfRecord record = SpfRecord::Read(text);
  if (!record.valid()) {
    place.content = Content::kBroken;
    place.detail = ForPrint(record.bad_term());
    place.detail.append(" (").append(record.fault()).append(")");
    return;
  }
  place.content = Content::kSound;
  place.all = record.all();
  for (const SpfTerm& term : record.terms()) {
    if (term.qualifier == SpfQualifier::kPass) place.may_pass = true;
    if (term.mechanism == SpfMechanism::kPtr) place.has_ptr = true;
    if (term.AsksDns()) AddStep(place, term);
  }
  if (record.redirects()) AddRedirect(place, record);
  place.only_fails =
      place.all == SpfQualifier::kFail && record.terms().size() == 1;
}

void SpfTree::TakeRecord(int i, const TxtSet& txt) {
  Place& place = At(i);
  place.state = txt.known() ? State::kKnown : State::kFailed;
  if (!txt.known()) return;
  place.empty = txt.records().empty();
  std::string_view found;
  int records = 0;
  for (const std::string_view text : txt.records()) {
    if (!SpfRecord::Is(text)) continue;
    ++records;
    found = text;
  }
  if (records == 1) return Read(place, found);
  place.content = records == 0 ? Content::kNone : Content::kSeveral;
}

void SpfTree::TakeHost(int i, const Host& host) {
  const bool has_address =
      !host.a.addresses.empty() || !host.aaaa.addresses.empty();
  const bool is_void = IsVoid(host.a.outcome) && IsVoid(host.aaaa.outcome);
  At(i).state = has_address || is_void ? State::kKnown : State::kFailed;
  At(i).empty = is_void && !has_address;
}

void SpfTree::TakeMx(int i, const Answer& answer) {
  const Outcome outcome = answer.outcome();
  At(i).empty = IsVoid(outcome);
  At(i).state = At(i).empty || outcome == Outcome::kAnswer ? State::kKnown
                                                           : State::kFailed;
  At(i).crowded = outcome == Outcome::kAnswer && IsCrowded(answer);
}

int SpfTree::Walk(absl::FunctionRef<void(const Step&)> visit) const {
  Visit walk = {visit};
  VisitFrom(0, walk);
  return walk.count;
}

void SpfTree::VisitFrom(int record, Visit& walk) const {
  if (place(record).content != Content::kSound) return;
  walk.path.push_back(record);
  for (const int step : place(record).steps) {
    if (walk.count == kMostCounted) break;
    const bool loops = std::ranges::count(walk.path, step) > 0;
    walk.visit({walk.count++, step, loops});
    if (step != kNowhere && !loops) VisitFrom(step, walk);
  }
  walk.path.pop_back();
  walk.count = std::min(walk.count + place(record).more_steps, kMostCounted);
}

SpfTree::Ending SpfTree::FindEnding() const {
  Ending ending;
  int at = 0;
  for (int hops = 0; hops <= kMaxSpfLookups; ++hops) {
    const Place& record = place(at);
    if (record.content != Content::kSound) return ending;
    ending.may_pass = ending.may_pass || record.may_pass;
    if (!record.redirect) {
      ending.known = true;
      ending.all = record.all;
      return ending;
    }
    if (*record.redirect == kNowhere) return ending;
    at = *record.redirect;
  }
  return ending;
}

}  // namespace mxscan
