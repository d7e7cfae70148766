#include "scanner/collect/ptr_collector.h"

#include <algorithm>
#include <array>

#include "scanner/audit/special_addresses.h"

namespace mxscan {
namespace {

// The names of the i-th address are parts from here on.
int FirstPartOfNames(int i) {
  return PtrCollector::kMaxAddresses + i * PtrCollector::kMaxNames;
}

// The targets of the PTR records, without any that stands there twice; of many
// the least by their octets, whatever their order in the answer.
std::vector<Name> NamesIn(const Answer& answer) {
  std::vector<std::pair<std::string, Name>> names;
  for (int i = 0; i < answer.record_count(); ++i) {
    const Answer::Record record = answer.record(i);
    if (!answer.Counts(record)) continue;
    const NameView name = NameView::Trusted(record.rdata);
    names.emplace_back(ToText(name), name);
  }
  std::ranges::sort(names, {}, &std::pair<std::string, Name>::first);
  const auto same =
      std::ranges::unique(names, {}, &std::pair<std::string, Name>::first);
  names.erase(same.begin(), same.end());
  std::vector<Name> distinct;
  for (const auto& [text, name] : names) distinct.push_back(name);
  return distinct;
}

}  // namespace

std::string ReverseName(const IpAddress& address) {
  std::string name;
  if (address.family == IpAddress::Family::kV4) {
    for (int i = 3; i >= 0; --i) {
      name += std::to_string(address.octets[static_cast<size_t>(i)]) + '.';
    }
    return name + "in-addr.arpa";
  }
  constexpr std::string_view kHex = "0123456789abcdef";
  for (int i = 15; i >= 0; --i) {
    const uint8_t octet = address.octets[static_cast<size_t>(i)];
    name += {kHex[octet & 15], '.', kHex[octet >> 4], '.'};
  }
  return name + "ip6.arpa";
}

void PtrCollector::TakeAddresses(const ExchangeFacts& exchange) {
  for (const IpAddress& address : exchange.addresses) {
    if (reverses_.size() == kMaxAddresses) return;
    if (KindOf(address) != AddressKind::kGlobal) continue;
    if (std::ranges::find(reverses_, address, &Reverse::address) !=
        reverses_.end()) {
      continue;
    }
    Reverse& reverse = reverses_.emplace_back();
    reverse.address = address;
    reverse.exchange = exchange.exchange;
  }
}

void PtrCollector::Begin(const CheckSubject& subject, CheckLookups& lookups) {
  reverses_.clear();
  for (const ExchangeFacts& exchange : subject.facts.exchanges) {
    TakeAddresses(exchange);
  }
  for (size_t i = 0; i < reverses_.size(); ++i) {
    const auto name = Name::FromText(ReverseName(reverses_[i].address));
    lookups.AskShared(*name, RrType::kPtr, static_cast<int>(i));
  }
}

void PtrCollector::OnAnswer(int part, const Answer& answer,
                            CheckLookups& lookups) {
  Reverse& reverse = reverses_[static_cast<size_t>(part)];
  const bool is_loop = answer.outcome() == Outcome::kLoop;
  reverse.known = IsDefinitive(answer.outcome()) && !is_loop;
  const std::vector<Name> names = NamesIn(answer);
  reverse.names = static_cast<int>(names.size());
  if (names.empty()) return;
  reverse.name = ToText(names.front());
  for (int i = 0; i < std::min(reverse.names, kMaxNames); ++i) {
    lookups.AskHost(names[static_cast<size_t>(i)], FirstPartOfNames(part) + i);
  }
}

void PtrCollector::OnHost(int part, const Host& host,
                          CheckLookups& /*lookups*/) {
  Reverse& reverse =
      reverses_[static_cast<size_t>(part - kMaxAddresses) / kMaxNames];
  const bool is_v4 = reverse.address.family == IpAddress::Family::kV4;
  const HostFamily& family = is_v4 ? host.a : host.aaaa;
  if (!IsDefinitive(family.outcome)) reverse.has_failed = true;
  if (std::ranges::find(family.addresses, reverse.address) !=
      family.addresses.end()) {
    reverse.is_confirmed = true;
  }
}

void PtrCollector::Fill(CheckFacts& facts) const {
  filled_.clear();
  for (const Reverse& reverse : reverses_) {
    filled_.push_back(
        {.address = reverse.address,
         .exchange = reverse.exchange,
         .known = reverse.known,
         .names = reverse.names,
         .is_confirmed = reverse.is_confirmed,
         .confirmation_known =
             reverse.is_confirmed || (reverse.known && !reverse.has_failed &&
                                      reverse.names <= kMaxNames),
         .name = reverse.name});
  }
  facts.ptr.emplace().addresses = filled_;
}

}  // namespace mxscan
