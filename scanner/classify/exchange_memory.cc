#include "scanner/classify/exchange_memory.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cassert>
#include <cstring>

namespace mxscan {

bool ExchangeMemory::IsOf(const Entry& entry, std::string_view host) {
  return entry.size_ == host.size() &&
         std::memcmp(entry.name_, host.data(), host.size()) == 0;
}

ExchangeMemory::Entry& ExchangeMemory::Find(std::string_view host) {
  assert(!host.empty());
  Entry& entry =
      entries_[XXH3_64bits(host.data(), host.size()) % entries_.size()];
  if (IsOf(entry, host)) {
    if (entry.uses_ < kMostUses) ++entry.uses_;
    return entry;
  }
  const bool stays = entry.uses_ > 0;
  if (stays) --entry.uses_;
  Entry& mine = stays || host.size() > Entry::kRoom ? passing_ : entry;
  Fill(host, mine);
  return mine;
}

void ExchangeMemory::Fill(std::string_view host, Entry& entry) const {
  const ProviderMatch match = table_.Find(host);
  entry.provider_ = match.provider;
  entry.by_pattern_ = match.by_pattern;
  entry.registrable_at_ = Entry::kNotAsked;
  entry.uses_ = 0;
  entry.size_ = 0;
  if (host.size() > Entry::kRoom) return;
  entry.size_ = static_cast<uint8_t>(host.size());
  std::memcpy(entry.name_, host.data(), host.size());
}

std::string_view ExchangeMemory::RegistrableDomain(std::string_view host,
                                                   Entry& entry) const {
  if (entry.registrable_at_ != Entry::kNotAsked) {
    return host.substr(entry.registrable_at_);
  }
  const std::string_view found = suffixes_.RegistrableDomain(host);
  const size_t at = host.size() - found.size();
  if (host.size() <= Entry::kRoom) {
    entry.registrable_at_ = static_cast<uint8_t>(at);
  }
  return found;
}

}  // namespace mxscan
