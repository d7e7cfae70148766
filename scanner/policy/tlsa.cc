#include "scanner/policy/tlsa.h"

#include <cstddef>

namespace mxscan {
namespace {

constexpr uint8_t kTrustAnchor = 2;
constexpr uint8_t kEndEntity = 3;
constexpr uint8_t kPublicKey = 1;  // The larger of the two selectors.
constexpr size_t kSha256 = 32;
constexpr size_t kSha512 = 64;

}  // namespace

bool IsUsableTlsa(absl::Span<const uint8_t> rdata) {
  constexpr size_t kFields = 3;
  if (rdata.size() <= kFields) return false;
  if (rdata[0] != kTrustAnchor && rdata[0] != kEndEntity) return false;
  if (rdata[1] > kPublicKey) return false;
  const size_t size = rdata.size() - kFields;
  switch (rdata[2]) {
    case 0: return true;  // All of a certificate, or of a key.
    case 1: return size == kSha256;
    case 2: return size == kSha512;
    default: return false;
  }
}

}  // namespace mxscan
