// MxView is the MX set of one domain as the checks see it: its distinct hosts,
// and of each what can be said for certain.
//
// The rule that unknown is not absent is kept here. A host is kNone only if
// working servers have settled that no usable address is there; where a lookup
// failed, or was not made, and nothing usable is known, it is kUnknown. A check
// that speaks of absence asks `use`, `a_known` and `aaaa_known`, and never
// looks for what is missing in a list.
//
// It keeps its memory from one domain to the next. One thread.

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "scanner/audit/provider_hosts.h"
#include "scanner/classify/classifier.h"
#include "scanner/facts.h"

namespace mxscan {

// Whether mail can be brought to a host.
enum class Use : uint8_t {
  kUsable,   // It has an address of global unicast.
  kNone,     // It has none, for certain.
  kUnknown,  // Nobody could say.
};

// One distinct exchange that is not the root.
struct MxHost {
  const ExchangeFacts* facts;  // Of its record with the best preference.
  // Whom its name tells. Null for nobody, and for servers that anybody rents:
  // what stands on those is not their landlord's.
  const Provider* provider;
  Use use = Use::kUnknown;
  bool a_known = false;  // All its A records, or that there are none.
  bool aaaa_known = false;
  int usable_a = 0;  // Addresses of global unicast.
  int usable_aaaa = 0;
  int32_t last_preference = 0;  // Of its record with the worst preference.
  // Its place in a set of its provider; in none for most.
  ProviderHosts::Documented documented;

  std::string_view name() const { return facts->exchange; }
  int32_t preference() const { return facts->preference; }
};

class MxView {
 public:
  // Views of both are kept until the next call.
  void Read(const DomainFacts& facts, const Verdict& verdict,
            const ProviderHosts& providers);

  // By best preference, then name.
  absl::Span<const MxHost> hosts() const { return hosts_; }

  int records() const { return records_; }  // Distinct ones, root included.
  int roots() const { return roots_; }
  // The preference of a root record, of several the worst.
  int32_t root_preference() const { return root_preference_; }

  // Of all hosts together.
  bool all_a_known() const { return all_a_known_; }
  bool all_aaaa_known() const { return all_aaaa_known_; }
  bool any_usable() const { return usable_ > 0; }
  int usable() const { return usable_; }
  bool any_provider() const { return any_provider_; }

 private:
  void Add(const ExchangeFacts& facts, const Provider* provider,
           const ProviderHosts& providers);

  std::vector<MxHost> hosts_;
  std::vector<int> by_host_;  // Index into hosts_ by ExchangeFacts::host; -1.
  int records_ = 0;
  int roots_ = 0;
  int32_t root_preference_ = 0;
  bool all_a_known_ = true;
  bool all_aaaa_known_ = true;
  int usable_ = 0;
  bool any_provider_ = false;
};

}  // namespace mxscan
