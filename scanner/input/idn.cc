#include "scanner/input/idn.h"

#include <idn2.h>

#include <cstdint>
#include <memory>

namespace mxscan {
namespace {

// A code point takes at most four octets of UTF-8 and at least one of ASCII,
// so what is longer than this is no name, and libidn2, whose time grows with
// the square of the length, need not look at it.
constexpr size_t kMaxUnicodeName = 4 * 255;

struct IdnFree {
  void operator()(char* text) const { idn2_free(text); }
};

std::string_view ReasonFor(int error) {
  switch (error) {
    case IDN2_PUNYCODE_BIG_OUTPUT:
    case IDN2_TOO_BIG_LABEL: return "label_too_long";
    case IDN2_TOO_BIG_DOMAIN: return "name_too_long";
    case IDN2_ENCODING_ERROR: return "bad_utf8";
    default: return "bad_idn";
  }
}

// The octets of a sequence that `lead` begins; 0 when it can begin none.
int SequenceLength(uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  return 0;
}

// The second octet has narrower bounds after four of the leads
// (Unicode 15, table 3-7).
bool SecondFits(uint8_t lead, uint8_t second) {
  switch (lead) {
    case 0xe0: return second >= 0xa0 && second <= 0xbf;
    case 0xed: return second >= 0x80 && second <= 0x9f;
    case 0xf0: return second >= 0x90 && second <= 0xbf;
    case 0xf4: return second >= 0x80 && second <= 0x8f;
    default: return second >= 0x80 && second <= 0xbf;
  }
}

}  // namespace

AsciiName ToALabels(std::string_view name) {
  if (name.size() > kMaxUnicodeName) return {{}, "name_too_long"};
  const std::string input(name);
  char* output = nullptr;
  const int error =
      idn2_lookup_u8(reinterpret_cast<const uint8_t*>(input.c_str()),
                     reinterpret_cast<uint8_t**>(&output),
                     IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  const std::unique_ptr<char, IdnFree> owner(output);
  if (error != IDN2_OK) return {{}, ReasonFor(error)};
  return {output, {}};
}

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const auto lead = static_cast<uint8_t>(text[0]);
    const int length = SequenceLength(lead);
    if (length == 0 || text.size() < static_cast<size_t>(length)) return false;
    if (length > 1 && !SecondFits(lead, static_cast<uint8_t>(text[1]))) {
      return false;
    }
    for (int i = 2; i < length; ++i) {
      if ((static_cast<uint8_t>(text[i]) & 0xc0) != 0x80) return false;
    }
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace mxscan
