#include "scanner/task/mx_set.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "absl/container/inlined_vector.h"

namespace mxscan {
namespace {

constexpr size_t kPreferenceOctets = 2;

// Of so few hosts each is soon compared with each.
constexpr int kFewHosts = 8;

// Of hosts, of which there are seldom many.
using Numbers = absl::InlinedVector<int, 16>;

NameView ExchangeOf(const Answer::Record& record) {
  return NameView::Trusted(record.rdata.subspan(kPreferenceOctets));
}

uint16_t PreferenceOf(const Answer::Record& record) {
  return static_cast<uint16_t>(record.rdata[0] << 8 | record.rdata[1]);
}

}  // namespace

void MxSet::clear() {
  entries_.clear();
  hosts_.clear();
  text_.clear();
}

void MxSet::Read(const Answer& answer) {
  clear();
  Collect(answer);
  if (entries_.size() < 2) return;
  if (host_count() > kFewHosts || NamesAHostTwice()) MergeHosts();
  MergeEntries();
}

// One entry and one host a record, in the answer's order.
void MxSet::Collect(const Answer& answer) {
  char text[kMaxNameText];
  for (int i = 0; i < answer.record_count(); ++i) {
    const Answer::Record record = answer.record(i);
    if (record.type != RrType::kMx || !answer.Counts(record)) continue;
    const auto size =
        static_cast<uint32_t>(WriteText(ExchangeOf(record), text));
    entries_.push_back({PreferenceOf(record), record.ttl, host_count()});
    hosts_.push_back({static_cast<uint32_t>(text_.size()), size, i});
    text_.append(text, size);
  }
}

bool MxSet::NamesAHostTwice() const {
  for (int i = 1; i < host_count(); ++i) {
    for (int j = 0; j < i; ++j) {
      if (host(i) == host(j)) return true;
    }
  }
  return false;
}

// Makes equal hosts one, and lets the entries name that one.
void MxSet::MergeHosts() {
  Numbers order(hosts_.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, {}, [this](int i) { return host(i); });
  Numbers merged(hosts_.size());
  int last = -1;
  for (int i : order) {
    if (last < 0 || host(i) != host(last)) last = i;
    merged[i] = last;
  }
  for (Entry& entry : entries_) entry.host = merged[entry.host];
  // Close the gaps: hosts that were merged into others go.
  int kept = 0;
  for (int i = 0; i < host_count(); ++i) {
    if (merged[i] != i) continue;
    hosts_[kept] = hosts_[i];
    merged[i] = kept++;
  }
  hosts_.resize(kept);
  for (Entry& entry : entries_) entry.host = merged[entry.host];
}

void MxSet::MergeEntries() {
  const auto key = [this](const Entry& entry) {
    return std::make_tuple(entry.preference, host(entry.host), entry.ttl);
  };
  std::ranges::sort(entries_, {}, key);
  const auto equal = [](const Entry& a, const Entry& b) {
    return a.preference == b.preference && a.host == b.host;
  };
  const auto rest = std::ranges::unique(entries_, equal);
  entries_.erase(rest.begin(), rest.end());
}

std::string_view MxSet::host(int i) const { return TextOf(hosts_[i]); }

NameView MxSet::HostName(const Answer& answer, int i) const {
  return ExchangeOf(answer.record(hosts_[i].record));
}

bool MxSet::IsNull() const {
  return !entries_.empty() &&
         std::ranges::all_of(entries_, [this](const Entry& entry) {
           return host(entry.host) == ".";
         });
}

}  // namespace mxscan
