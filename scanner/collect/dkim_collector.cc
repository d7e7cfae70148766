#include "scanner/collect/dkim_collector.h"

#include <algorithm>

#include "scanner/collect/name_below.h"
#include "scanner/collect/random_label.h"

namespace mxscan {
namespace {

constexpr int kParentPart = 0;
constexpr int kWildcardPart = 1;
constexpr int kFirstSelector = 2;

// A signer asks for whatever stands at the name; of several records, which RFC
// 6376 §3.6.2.2 leaves undefined, the least by its octets that holds a key.
std::optional<DkimKey> KeyIn(const TxtSet& txt) {
  std::optional<DkimKey> key;
  std::string_view read;
  for (const std::string_view text : txt.records()) {
    if (key && read <= text) continue;
    if (const std::optional<DkimKey> one = DkimKey::Read(text)) {
      key = one;
      read = text;
    }
  }
  return key;
}

}  // namespace

void DkimCollector::Begin(const CheckSubject& subject, CheckLookups& lookups) {
  asked_ = subject.TakesMail();
  parent_text_.clear();
  below_ = DkimFacts::Below::kUnknown;
  wildcard_known_ = has_wildcard_ = false;
  selectors_.clear();
  if (!asked_) return;
  const std::optional<Name> parent = NameBelow("_domainkey", subject.domain);
  if (!parent) return;  // Too long for any key.
  parent_ = *parent;
  parent_text_ = ToText(parent_);
  lookups.Ask(parent_, RrType::kTxt, kParentPart);
  std::vector<std::string_view> ids = subject.verdict.providers;
  ids.insert(ids.end(), subject.verdict.backend.ids.begin(),
             subject.verdict.backend.ids.end());
  for (auto id = ids.begin(); id != ids.end(); ++id) {
    const Provider* provider = subject.providers.ById(*id);
    const bool before = std::find(ids.begin(), id, *id) != id;
    if (provider != nullptr && !before) AskSelectors(*provider, lookups);
  }
}

void DkimCollector::AskSelectors(const Provider& provider,
                                 CheckLookups& lookups) {
  for (const std::string& label : provider.dkim_selectors) {
    if (selectors_.size() == kMaxSelectors) return;
    const std::optional<Name> name = NameBelow(label, parent_);
    if (!name) continue;
    const auto part = kFirstSelector + static_cast<int>(selectors_.size());
    Selector& selector = selectors_.emplace_back();
    selector.name = ToText(*name);
    selector.provider = provider.name;
    lookups.Ask(*name, RrType::kTxt, part);
  }
}

void DkimCollector::OnAnswer(int part, const Answer& answer,
                             CheckLookups& lookups) {
  if (part == kParentPart) return OnParent(answer, lookups);
  if (part != kWildcardPart) {
    return OnSelector(answer,
                      selectors_[static_cast<size_t>(part - kFirstSelector)]);
  }
  txt_.Read(answer);
  wildcard_known_ = txt_.known();
  has_wildcard_ = !txt_.records().empty();
}

// An alias at the name says nothing of the names below it.
void DkimCollector::OnParent(const Answer& answer, CheckLookups& lookups) {
  if (!IsDefinitive(answer.outcome())) return;
  if (answer.outcome() == Outcome::kNxDomain && answer.step_count() == 0) {
    below_ = DkimFacts::Below::kNothing;
    return;
  }
  below_ = DkimFacts::Below::kSomething;
  const std::optional<Name> nobodys =
      NameBelow(RandomLabel(parent_, seed_), parent_);
  if (nobodys) lookups.Ask(*nobodys, RrType::kTxt, kWildcardPart);
}

void DkimCollector::OnSelector(const Answer& answer, Selector& selector) {
  txt_.Read(answer);
  selector.known = txt_.known();
  selector.key = KeyIn(txt_);
}

void DkimCollector::Fill(CheckFacts& facts) const {
  if (!asked_) return;
  filled_.clear();
  for (const Selector& selector : selectors_) {
    DkimSelector& filled = filled_.emplace_back();
    filled.name = selector.name;
    filled.provider = selector.provider;
    filled.known = selector.known;
    filled.has_key = selector.key.has_value();
    if (!selector.key) continue;
    filled.is_revoked = selector.key->is_revoked;
    filled.rsa_bits = selector.key->rsa_bits;
  }
  facts.dkim = DkimFacts{.parent = parent_text_,
                         .below = below_,
                         .wildcard_known = wildcard_known_,
                         .has_wildcard = has_wildcard_,
                         .selectors = filled_};
}

}  // namespace mxscan
