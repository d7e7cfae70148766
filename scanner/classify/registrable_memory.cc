#include "scanner/classify/registrable_memory.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>

namespace mxscan {

RegistrableMemory::RegistrableMemory(const PublicSuffixes& suffixes)
    : suffixes_(suffixes) {}

std::string_view RegistrableMemory::Find(std::string_view host) {
  if (host.empty() || host.size() > kMaxHost) {
    return suffixes_.RegistrableDomain(host);
  }
  Slot& slot = slots_[XXH3_64bits(host.data(), host.size()) % kSlots];
  if (std::string_view(slot.host.data(), slot.host_size) != host) {
    const std::string_view tail = suffixes_.RegistrableDomain(host);
    std::copy(host.begin(), host.end(), slot.host.begin());
    slot.host_size = static_cast<uint8_t>(host.size());
    slot.tail_size = static_cast<uint8_t>(tail.size());
  }
  return host.substr(host.size() - slot.tail_size);
}

}  // namespace mxscan
