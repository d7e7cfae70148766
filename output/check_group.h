// The groups of checks of a run, which decide what is asked beyond MX records
// and which columns rows have. Plain values; any thread.

#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace mxscan {

enum class CheckGroup : uint8_t {
  kMx,  // Always on.
  kSpf,
  kDmarc,
  kMtaSts,
  kDane,
  kDnssec,
  kDkim,
  kTlsRpt,
  kPtr,
  kExtra,
};

// As users write them, in the order of CheckGroup.
inline constexpr std::array<std::string_view, 10> kCheckGroupNames = {
    "mx",     "spf",  "dmarc",   "mta-sts", "dane",
    "dnssec", "dkim", "tls-rpt", "ptr",     "extra"};

class CheckSet {
 public:
  static constexpr CheckSet All() {
    CheckSet all;
    all.bits_ = (1U << kCheckGroupNames.size()) - 1;
    return all;
  }

  constexpr CheckSet& Add(CheckGroup group) {
    bits_ |= Bit(group);
    return *this;
  }
  constexpr bool Has(CheckGroup group) const {
    return (bits_ & Bit(group)) != 0;
  }
  // Nothing is asked but what MX records lead to.
  constexpr bool OnlyMx() const { return bits_ == Bit(CheckGroup::kMx); }

  friend bool operator==(const CheckSet&, const CheckSet&) = default;

 private:
  static constexpr uint32_t Bit(CheckGroup group) {
    return 1U << static_cast<int>(group);
  }

  uint32_t bits_ = Bit(CheckGroup::kMx);
};

// As `mx,spf`.
inline std::string ToText(CheckSet groups) {
  std::string text;
  for (size_t i = 0; i < kCheckGroupNames.size(); ++i) {
    if (!groups.Has(static_cast<CheckGroup>(i))) continue;
    if (!text.empty()) text += ',';
    text += kCheckGroupNames[i];
  }
  return text;
}

}  // namespace mxscan
