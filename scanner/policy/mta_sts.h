// MTA-STS (RFC 8461): the record that announces a policy (§3.1), and the
// policy itself, as the file at https://mta-sts.DOMAIN/.well-known/mta-sts.txt
// has it (§3.2).
//
// Limits: what stands behind kMaxPolicy octets of a policy is not read. Views
// into the text that was read. Pure; any thread.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace mxscan {

// Whether a TXT record, its strings joined, begins as an MTA-STS record does.
bool IsMtaStsRecord(std::string_view text);

// Its id: 1 to 32 letters and digits; nullopt when it has none.
// REQUIRES: IsMtaStsRecord(text).
std::optional<std::string_view> MtaStsIdOf(std::string_view text);

enum class MtaStsMode : uint8_t { kNone, kTesting, kEnforce };

// As a policy has it.
std::string_view WordFor(MtaStsMode mode);

class MtaStsPolicy {
 public:
  static constexpr size_t kMaxPolicy = 64 << 10;

  // nullopt when it is no policy: another version, no mode, no max_age, no mx
  // with a mode that wants one. Unknown fields are passed over; of those that
  // stand twice the first counts, but for mx.
  static std::optional<MtaStsPolicy> Read(std::string_view text);

  MtaStsMode mode() const { return mode_; }
  int64_t max_age() const { return max_age_; }  // Seconds.
  const std::vector<std::string_view>& patterns() const { return patterns_; }

  // Whether a pattern fits `host` (text as in name.h), in any case of letters;
  // `*.` stands for exactly one label (§4.1).
  bool Fits(std::string_view host) const;

 private:
  MtaStsMode mode_ = MtaStsMode::kNone;
  int64_t max_age_ = 0;
  std::vector<std::string_view> patterns_;
};

// Whether `pattern` fits `host`, as above.
bool MtaStsPatternFits(std::string_view pattern, std::string_view host);

}  // namespace mxscan
