#include "scanner/policy/dmarc_record.h"

#include <algorithm>

#include "scanner/policy/tag_list.h"

namespace mxscan {
namespace {

constexpr std::string_view kVersion = "DMARC1";
// A longer name is cut to so many labels at the second step (§4.10).
constexpr int kLabelsAfterFirst = 7;

std::string Lowered(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lowered;
}

std::optional<DmarcPolicy> PolicyOf(std::string_view value) {
  const std::string word = Lowered(value);
  for (DmarcPolicy policy :
       {DmarcPolicy::kNone, DmarcPolicy::kQuarantine, DmarcPolicy::kReject}) {
    if (word == WordFor(policy)) return policy;
  }
  return std::nullopt;
}

// `mailto:reports@host!10m`: the host.
std::string HostOf(std::string_view uri) {
  constexpr std::string_view kScheme = "mailto:";
  uri = Trimmed(uri);
  if (Lowered(uri.substr(0, kScheme.size())) != kScheme) return {};
  uri = uri.substr(0, uri.find_first_of("!?"));
  const size_t at = uri.rfind('@');
  if (at == uri.npos) return {};
  std::string host = Lowered(uri.substr(at + 1));
  if (host.ends_with('.')) host.pop_back();
  return host;
}

void AddReportHosts(std::string_view value, std::vector<std::string>& hosts) {
  while (!value.empty() && hosts.size() < DmarcRecord::kMaxReportHosts) {
    const std::string_view uri = value.substr(0, value.find(','));
    value.remove_prefix(std::min(value.size(), uri.size() + 1));
    std::string host = HostOf(uri);
    if (host.empty() || std::ranges::count(hosts, host) > 0) continue;
    hosts.push_back(std::move(host));
  }
}

}  // namespace

std::string_view WordFor(DmarcPolicy policy) {
  switch (policy) {
    case DmarcPolicy::kNone: return "none";
    case DmarcPolicy::kQuarantine: return "quarantine";
    case DmarcPolicy::kReject: break;
  }
  return "reject";
}

bool DmarcRecord::Is(std::string_view text) {
  const std::string_view first = text.substr(0, text.find(';'));
  const size_t equals = first.find('=');
  return equals != first.npos && first.front() == 'v' &&
         Trimmed(first.substr(0, equals)) == "v" &&
         Trimmed(first.substr(equals + 1)) == kVersion;
}

DmarcRecord DmarcRecord::Read(std::string_view text) {
  const TagList tags = TagList::Read(text);
  DmarcRecord record;
  const auto read_policy = [&](std::string_view name,
                               std::optional<DmarcPolicy>& policy,
                               std::optional<std::string_view>& unknown) {
    const auto value = tags.Find(name);
    if (!value) return;
    policy = PolicyOf(*value);
    if (!policy) unknown = value;
  };
  read_policy("p", record.policy, record.unknown_policy);
  read_policy("sp", record.subdomain, record.unknown_subdomain);
  const std::string suffix = Lowered(tags.Find("psd").value_or("u"));
  if (suffix == "y") record.suffix = DmarcSuffix::kYes;
  if (suffix == "n") record.suffix = DmarcSuffix::kNo;
  record.is_test = Lowered(tags.Find("t").value_or("n")) == "y";
  record.has_rua = !tags.Find("rua").value_or("").empty();
  AddReportHosts(tags.Find("rua").value_or(""), record.report_hosts);
  AddReportHosts(tags.Find("ruf").value_or(""), record.report_hosts);
  for (const std::string_view name : {"pct", "rf", "ri"}) {
    if (!tags.Find(name)) continue;
    if (!record.obsolete_tags.empty()) record.obsolete_tags += ", ";
    record.obsolete_tags += name;
  }
  return record;
}

DmarcWalk::DmarcWalk(const Name& domain) : names_(NamesFrom(domain)) {}

std::vector<Name> DmarcWalk::NamesFrom(const Name& domain) {
  std::vector<Name> names = {domain};
  NameView name = domain;
  int labels = name.LabelCount();
  const int next = std::min(labels - 1, kLabelsAfterFirst);
  while (labels > next && labels > 1) {
    name = name.Parent();
    --labels;
  }
  for (; labels >= 1 && names.size() < kMaxSteps; --labels) {
    if (!(name == names.back())) names.emplace_back(name);
    name = name.Parent();
  }
  return names;
}

std::optional<Name> DmarcWalk::Next() const {
  if (over()) return std::nullopt;
  return names_[next_];
}

void DmarcWalk::Take(DmarcFound found, const DmarcRecord* record) {
  const Name& name = names_[next_++];
  if (found == DmarcFound::kUnknown) {
    unknown_ = true;
    next_ = names_.size();
    return;
  }
  if (found == DmarcFound::kNothing) return;
  found_ = true;
  records_.push_back({name.view().LabelCount(), record->OwnPolicy(),
                      record->SubdomainPolicy(), record->suffix});
  // One of its own applies, whatever stands above it.
  const bool is_own = next_ == 1;
  if (is_own || record->suffix != DmarcSuffix::kUnsaid) next_ = names_.size();
}

// The name that says psd=n; or one label below that which says psd=y, if that
// has a record; else the one with the fewest labels (§4.10.2).
const DmarcWalk::Step* DmarcWalk::Organizational() const {
  if (records_.empty()) return nullptr;
  const Step& last = records_.back();
  if (last.suffix != DmarcSuffix::kYes) return &last;
  const auto below =
      std::ranges::find(records_, last.labels + 1, &Step::labels);
  return below == records_.end() ? &last : &*below;
}

std::optional<Name> DmarcWalk::location() const {
  if (unknown_ || records_.empty()) return std::nullopt;
  const int own = names_.front().view().LabelCount();
  const Step& step =
      records_.front().labels == own ? records_.front() : *Organizational();
  NameView name = names_.front();
  while (name.LabelCount() > step.labels) name = name.Parent();
  return Name(name);
}

std::optional<DmarcPolicy> DmarcWalk::effective() const {
  if (unknown_ || records_.empty()) return std::nullopt;
  const int own = names_.front().view().LabelCount();
  if (records_.front().labels == own) return records_.front().own;
  return Organizational()->below;
}

}  // namespace mxscan
