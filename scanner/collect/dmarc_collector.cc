#include "scanner/collect/dmarc_collector.h"

#include <algorithm>
#include <utility>

#include "scanner/collect/for_print.h"
#include "scanner/collect/name_below.h"

namespace mxscan {
namespace {

constexpr std::string_view kVersion = "v=DMARC1";

// Of several texts the least, so that their order means nothing.
void KeepLeast(std::string_view text, std::string_view& least) {
  if (least.empty() || text < least) least = text;
}

int LabelsOf(std::string_view name) {
  const std::optional<Name> read = Name::FromText(name);
  return read ? read->view().LabelCount() : 0;
}

// Hosts without a registrable domain are their own.
std::string_view OrganizationOf(std::string_view host,
                                const PublicSuffixes& suffixes) {
  const std::string_view domain = suffixes.RegistrableDomain(host);
  return domain.empty() ? host : domain;
}

}  // namespace

bool DmarcCollector::WantsTxt(const CheckSubject& subject) const {
  return subject.facts.status != DomainStatus::kNxDomain;
}

void DmarcCollector::Begin(const CheckSubject& subject, CheckLookups& lookups) {
  facts_.reset();
  walk_.reset();
  found_.clear();
  report_hosts_.clear();
  unauthorised_.clear();
  kept_.clear();
  if (!WantsTxt(subject)) return;
  facts_.emplace();
  suffixes_ = &subject.suffixes;
  const std::string domain = ToText(subject.domain);
  registrable_labels_ = LabelsOf(suffixes_->RegistrableDomain(domain));
  walk_.emplace(Name(subject.domain));
  step_ = 0;
  AskNext(lookups);
}

// A record at the domain itself, where no receiver looks for one.
void DmarcCollector::OnTxt(const TxtSet& txt, CheckLookups& /*lookups*/) {
  if (!facts_) return;  // Another group wants these records.
  std::string_view misplaced;
  for (const std::string_view text : txt.records()) {
    if (text.starts_with(kVersion)) KeepLeast(text, misplaced);
  }
  if (!misplaced.empty()) facts_->misplaced = Keep(ForPrint(misplaced));
}

// The next name of the walk; one that would be too long has no record.
void DmarcCollector::AskNext(CheckLookups& lookups) {
  while (const std::optional<Name> name = walk_->Next()) {
    const std::optional<Name> asked = NameBelow("_dmarc", *name);
    if (asked && step_ == 0) return lookups.Ask(*asked, RrType::kTxt, 0);
    if (asked) return lookups.AskShared(*asked, RrType::kTxt, step_);
    walk_->Take(DmarcFound::kNothing);
    ++step_;
  }
  Conclude(lookups);
}

void DmarcCollector::OnAnswer(int part, const Answer& answer,
                              CheckLookups& lookups) {
  txt_.Read(answer);
  if (part < kFirstReport) {
    Take(txt_);
    return AskNext(lookups);
  }
  const bool wanted = std::ranges::any_of(
      txt_.records(),
      [](std::string_view text) { return DmarcRecord::Is(text); });
  if (!txt_.known() || wanted) return;
  const std::string_view host = report_hosts_[part - kFirstReport];
  unauthorised_.insert(std::ranges::lower_bound(unauthorised_, host), host);
}

// What a name of the walk holds.
void DmarcCollector::Take(const TxtSet& txt) {
  const Name name = *walk_->Next();
  if (step_++ == 0) NoteOwn(txt);
  if (!txt.known()) {
    const bool is_suffix = name.view().LabelCount() < registrable_labels_;
    const bool settled = is_suffix && !found_.empty();
    return walk_->Take(settled ? DmarcFound::kNothing : DmarcFound::kUnknown);
  }
  std::string_view found;
  int records = 0;
  for (const std::string_view text : txt.records()) {
    if (!DmarcRecord::Is(text)) continue;
    ++records;
    found = text;
  }
  if (records != 1) return walk_->Take(DmarcFound::kNothing);
  Found& kept = found_.emplace_back();
  kept.name = name;
  kept.text = found;
  kept.record = DmarcRecord::Read(kept.text);
  walk_->Take(DmarcFound::kRecord, &kept.record);
}

void DmarcCollector::NoteOwn(const TxtSet& txt) {
  std::string_view stray;
  for (const std::string_view text : txt.records()) {
    if (DmarcRecord::Is(text)) ++facts_->own_records;
    KeepLeast(text, stray);
  }
  if (facts_->own_records == 0 && !stray.empty()) {
    facts_->stray = Keep(ForPrint(stray));
  }
}

void DmarcCollector::Conclude(CheckLookups& lookups) {
  facts_->known = !walk_->unknown();
  const std::optional<Name> location = walk_->location();
  if (!location) return;
  const auto found = std::ranges::find_if(found_, [&](const Found& candidate) {
    return candidate.name == *location;
  });
  Describe(*found);
  AskForReports(*found, lookups);
}

void DmarcCollector::Describe(const Found& found) {
  const DmarcRecord& record = found.record;
  facts_->text = found.text;
  facts_->location = Keep(ToText(found.name));
  facts_->inherited = facts_->own_records != 1;
  const bool has_sp =
      record.subdomain.has_value() || record.unknown_subdomain.has_value();
  const bool by_subdomain = facts_->inherited && has_sp;
  const bool unknown = by_subdomain ? record.unknown_subdomain.has_value()
                                    : record.unknown_policy.has_value();
  if (!unknown) facts_->policy = walk_->effective();
  facts_->record_policy = record.policy;
  facts_->record_subdomain = record.subdomain;
  if (record.has_unknown_policy()) {
    const bool is_p = record.unknown_policy.has_value();
    facts_->unknown_word = Keep(
        (is_p ? "p=" : "sp=") +
        ForPrint(is_p ? *record.unknown_policy : *record.unknown_subdomain));
  }
  facts_->obsolete_tags = record.obsolete_tags;
  facts_->is_test = record.is_test;
  facts_->has_rua = record.has_rua;
}

void DmarcCollector::AskForReports(const Found& found, CheckLookups& lookups) {
  const std::string_view own = OrganizationOf(facts_->location, *suffixes_);
  for (const std::string_view host : found.record.report_hosts) {
    if (OrganizationOf(host, *suffixes_) == own) continue;
    const std::optional<Name> name = Name::FromText(host);
    const std::optional<Name> asked =
        name ? NameBelow(std::string(facts_->location) + "._report._dmarc",
                         *name)
             : std::nullopt;
    if (!asked) continue;
    const int part = kFirstReport + static_cast<int>(report_hosts_.size());
    report_hosts_.push_back(host);
    // Those of a domain above are wanted by others below it, too.
    if (facts_->inherited) {
      lookups.AskShared(*asked, RrType::kTxt, part);
    } else {
      lookups.Ask(*asked, RrType::kTxt, part);
    }
  }
}

std::string_view DmarcCollector::Keep(std::string text) {
  return kept_.emplace_back(std::move(text));
}

void DmarcCollector::Fill(CheckFacts& facts) const {
  facts.dmarc = facts_;
  if (facts.dmarc) facts.dmarc->unauthorised = unauthorised_;
}

}  // namespace mxscan
