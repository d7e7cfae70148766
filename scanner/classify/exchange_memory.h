// ExchangeMemory remembers what the names of the exchanges seen last tell: a
// provider by the table, and the registrable domain. Most domains of a list
// have their mail with a few hundred hosts, of each of which the table and the
// Public Suffix List are asked once; most hosts serve one domain, and are not
// to push those out.
//
// Direct-mapped by the hash of the name, 64 octets a host. A newcomer takes the
// place of whoever stands there, unless that one was asked for since: for each
// time, and three at most, one newcomer passes by. A name that does not fit is
// looked up anew each time.
//
// The table and the list must outlive the memory. One thread.

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "scanner/classify/provider_table.h"
#include "scanner/classify/public_suffixes.h"

namespace mxscan {

class ExchangeMemory {
 public:
  // What is known of one host.
  class Entry {
   public:
    ProviderMatch match() const { return {provider_, by_pattern_}; }

   private:
    friend class ExchangeMemory;
    static constexpr size_t kRoom = 52;
    static constexpr uint8_t kNotAsked = 0xff;

    const Provider* provider_ = nullptr;
    uint8_t size_ = 0;  // 0 for none.
    uint8_t uses_ = 0;
    uint8_t registrable_at_ = kNotAsked;
    bool by_pattern_ = false;
    char name_[kRoom];
  };

  ExchangeMemory(const ProviderTable& table, const PublicSuffixes& suffixes)
      : table_(table), suffixes_(suffixes) {}

  // Of `host`, text as in name.h and not empty. Holds until the next call.
  Entry& Find(std::string_view host);

  // As PublicSuffixes::RegistrableDomain. REQUIRES: the entry is the host's.
  std::string_view RegistrableDomain(std::string_view host, Entry& entry) const;

 private:
  static constexpr size_t kEntries = 1024;
  static constexpr uint8_t kMostUses = 3;

  static bool IsOf(const Entry& entry, std::string_view host);
  void Fill(std::string_view host, Entry& entry) const;

  const ProviderTable& table_;
  const PublicSuffixes& suffixes_;
  std::vector<Entry> entries_ = std::vector<Entry>(kEntries);
  Entry passing_;  // Of a host that takes nobody's place.
};

}  // namespace mxscan
