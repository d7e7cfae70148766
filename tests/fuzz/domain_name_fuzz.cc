// Any octets are a domain or are not, with a reason; a domain is valid in wire
// form, and its text is that domain again.

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "scanner/input/domain_name.h"

namespace mxscan {
namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

bool IsKnown(std::string_view reason) {
  constexpr std::array<std::string_view, 12> kReasons = {
      "empty",         "empty_label",   "label_too_long",
      "name_too_long", "white_space",   "ip_address",
      "url",           "email_address", "bad_character",
      "bad_idn",       "bad_utf8",      "nul_byte"};
  for (const std::string_view known : kReasons) {
    if (reason == known) return true;
  }
  return false;
}

void CheckDomain(std::string_view text) {
  const NormalizedDomain domain = NormalizeDomain(text);
  if (!domain.invalid.empty()) {
    Require(IsKnown(domain.invalid) && domain.name.view().IsRoot());
    return;
  }
  const std::string canonical = ToText(domain.name);
  Require(!canonical.empty() && canonical.size() <= 253);
  Require(Name::FromText(canonical)->view() == domain.name.view());
  const NormalizedDomain again = NormalizeDomain(canonical);
  Require(again.invalid.empty());
  Require(again.name.view() == domain.name.view());
}

}  // namespace
}  // namespace mxscan

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  mxscan::CheckDomain({reinterpret_cast<const char*>(data), size});
  return 0;
}
