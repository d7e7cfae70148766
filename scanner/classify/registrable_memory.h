// RegistrableMemory remembers the registrable domains of the hosts seen last:
// the Public Suffix List costs half a microsecond a look-up, and a few
// thousand hosts serve most domains. A bounded table, direct-mapped by the
// hash of the host: a newcomer takes the place of whoever stands there.
//
// A host that is no public suffix itself has the registrable domain of the
// name above it, which is remembered as well: so of many hosts below one name
// each costs one question to the list, and not one for each of its labels.
// (A million different hosts below known names took `mxscan classify` 1.04 s
// before that, and 0.65 s since.)
//
// The list must outlive the memory. One thread.

#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "scanner/classify/public_suffixes.h"

namespace mxscan {

class RegistrableMemory {
 public:
  explicit RegistrableMemory(const PublicSuffixes& suffixes);

  // As PublicSuffixes::RegistrableDomain: a tail of `host`, or nothing.
  std::string_view Find(std::string_view host);

 private:
  std::string_view LookUp(std::string_view host);

  // Longer names (there are none without escapes) are looked up every time.
  static constexpr size_t kMaxHost = 253;
  static constexpr size_t kSlots = 8192;  // 2 MiB in all.

  struct Slot {
    uint8_t host_size = 0;  // 0 in a free slot.
    uint8_t tail_size = 0;
    std::array<char, kMaxHost> host;
  };

  const PublicSuffixes& suffixes_;
  std::vector<Slot> slots_ = std::vector<Slot>(kSlots);
};

}  // namespace mxscan
