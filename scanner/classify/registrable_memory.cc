#include "scanner/classify/registrable_memory.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>

namespace mxscan {
namespace {

// Empty for a single label. A dot after a backslash belongs to its label.
std::string_view WithoutFirstLabel(std::string_view host) {
  size_t dot = host.find('.');
  while (dot != host.npos && dot > 0 && host[dot - 1] == '\\') {
    dot = host.find('.', dot + 1);
  }
  return dot == host.npos ? std::string_view() : host.substr(dot + 1);
}

}  // namespace

RegistrableMemory::RegistrableMemory(const PublicSuffixes& suffixes)
    : suffixes_(suffixes) {}

// The list's own rule, one label at a time: the registrable domain is the
// longest tail of the host that stands one label above a public suffix.
std::string_view RegistrableMemory::LookUp(std::string_view host) {
  if (suffixes_.IsPublicSuffix(host)) return {};
  const std::string_view above = WithoutFirstLabel(host);
  const std::string_view tail = Find(above);
  return tail.empty() ? host : tail;
}

std::string_view RegistrableMemory::Find(std::string_view host) {
  if (host.empty() || host.size() > kMaxHost) {
    return suffixes_.RegistrableDomain(host);
  }
  const uint64_t hash = XXH3_64bits(host.data(), host.size());
  Slot& slot = slots_[hash % kSlots];
  if (std::string_view(slot.host.data(), slot.host_size) != host) {
    const std::string_view tail = LookUp(host);  // May use the slot itself.
    std::copy(host.begin(), host.end(), slot.host.begin());
    slot.host_size = static_cast<uint8_t>(host.size());
    slot.tail_size = static_cast<uint8_t>(tail.size());
  }
  return host.substr(host.size() - slot.tail_size);
}

}  // namespace mxscan
